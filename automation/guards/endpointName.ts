/** Waits for the name of an inference endpoint. No AWS client and no clock in here: the caller brings both. */

/** An endpoint as far as the guard looks at it. */
export interface EndpointSighting {
    /** `EndpointStatus` of DescribeEndpoint. */
    readonly status: string;
    readonly failureReason?: string;
    readonly tags: Readonly<Record<string, string>>;
}

export interface EndpointWatch {
    readonly endpointName: string;
    /** Tags that make an endpoint ours; all must be there with these values. */
    readonly ownTags: Readonly<Record<string, string>>;
    /** Undefined when there is no endpoint of that name. */
    describe(): Promise<EndpointSighting | undefined>;
    /** Begins the deletion; an endpoint that is already gone is no error. */
    remove(): Promise<void>;
    sleep(milliseconds: number): Promise<void>;
    /** Milliseconds since any fixed point. */
    now(): number;
    print(line: string): void;
}

/** The operator must act: printed as it is, without a stack. */
export class EndpointNameError extends Error {}

/** Deletions take minutes; the SDK's own waiter gives up after the same half hour. Source: botocore waiters, EndpointDeleted. */
export const TIMEOUT_MS = 30 * 60_000;
/** How often progress is printed. */
const REPORT_MS = 30_000;
/** How long a deletion that was just asked for may stay invisible. */
const DELETION_VISIBLE_MS = 60_000;

function isOurs(endpoint: EndpointSighting, ownTags: Readonly<Record<string, string>>): boolean {
    const expected = Object.entries(ownTags);
    return expected.length > 0 && expected.every(([key, value]) => endpoint.tags[key] === value);
}

/** Quick at first, for names that are freed in a moment; then every 10 seconds, to stay below the API's rate. */
function pause(waitedMs: number): number {
    return Math.min(10_000, Math.max(200, Math.round(waitedMs / 10)));
}

/** Polls until `decide` answers true. */
async function poll(watch: EndpointWatch, decide: (endpoint: EndpointSighting | undefined, waitedMs: number) => Promise<boolean> | boolean): Promise<void> {
    const start = watch.now();
    let reported = -REPORT_MS;
    for (;;) {
        const endpoint = await watch.describe();
        const waited = watch.now() - start;
        if (await decide(endpoint, waited)) return;
        if (waited >= TIMEOUT_MS) {
            throw new EndpointNameError(`F02 endpoint ${watch.endpointName}: still ${endpoint?.status ?? "there"} after ${TIMEOUT_MS / 60_000} minutes\n`
                + "  fix: look at the endpoint in the SageMaker console, delete it there, then run the same command again");
        }
        if (waited - reported >= REPORT_MS) {
            reported = waited;
            watch.print(`endpoint ${watch.endpointName}: ${endpoint?.status ?? "absent"}, waited ${Math.round(waited / 1000)} s`);
        }
        await watch.sleep(pause(waited));
    }
}

function refuseForeign(watch: EndpointWatch, endpoint: EndpointSighting): never {
    const wanted = Object.entries(watch.ownTags).map(([key, value]) => `${key}=${value}`).join(", ") || "none given";
    throw new EndpointNameError(`F02 endpoint ${watch.endpointName}: exists with status ${endpoint.status} and is not ours (our tags: ${wanted})\n`
        + "  fix: delete that endpoint, or choose another project, environment or generation in the stack's config");
}

/**
 * Returns when an endpoint of the name can be created, or when one that is ours is at work already (then it is in the state, and
 * nothing will be created). One of ours that has failed is deleted: nothing else can be done with it. Throws `EndpointNameError` when
 * the name belongs to somebody else or does not get free in time.
 */
export async function waitUntilNameIsFree(watch: EndpointWatch): Promise<void> {
    let removed = false;
    await poll(watch, async (endpoint) => {
        if (endpoint === undefined) return true;
        if (endpoint.status === "Deleting") return false;
        if (!isOurs(endpoint, watch.ownTags)) return refuseForeign(watch, endpoint);
        if (endpoint.status !== "Failed") {
            watch.print(`endpoint ${watch.endpointName}: ours, ${endpoint.status}`);
            return true;
        }
        if (!removed) {
            watch.print(`endpoint ${watch.endpointName}: ours and Failed (${endpoint.failureReason ?? "no reason given"}), deleting it`);
            await watch.remove();
            removed = true;
        }
        return false;
    });
}

/** Returns when no endpoint of the name is left. Throws `EndpointNameError` when nobody deletes it, or when it takes too long. */
export async function waitUntilEndpointIsGone(watch: EndpointWatch): Promise<void> {
    await poll(watch, (endpoint, waitedMs) => {
        if (endpoint === undefined) return true;
        if (endpoint.status !== "Deleting" && waitedMs >= DELETION_VISIBLE_MS) {
            throw new EndpointNameError(`F02 endpoint ${watch.endpointName}: is ${endpoint.status}, and nobody is deleting it\n`
                + "  fix: delete the endpoint, then run the same command again; it costs money as long as it is there");
        }
        return false;
    });
}
