/** Which variants may answer a key, in the order in which they are asked. */
import { AB_TEST_ID, VARIANTS } from "../documents.ts";
import type { Variant } from "../documents.ts";
import { ProblemError } from "../problem.ts";
import { findDrained, type AbTest } from "./abTest.ts";
import { assignVariant } from "./assign.ts";
import { nothingServed } from "./endpointErrors.ts";
import type { ServedModel } from "./served.ts";

export type ServedModels = Readonly<Partial<Record<Variant, ServedModel>>>;

/** What routes are made of; one for a request, or for a whole batch. */
export interface RoutingState {
    readonly abTest: AbTest;
    /** The models that may be asked. */
    readonly served: ServedModels;
    /** Being deployed to. Also in `served` when it is the only one there is: an answer from either model is better than none. */
    readonly drained?: Variant;
}

export interface Route {
    readonly assigned: Variant;
    /** One or two; the second one is asked when the first one fails. */
    readonly candidates: readonly [ServedModel, ...ServedModel[]];
}

/** Seconds after which a caller may try again whose router could read no model. */
const UNREADABLE_RETRY_SECONDS = 2;

export interface RouterDependencies {
    readAbTest(): Promise<AbTest>;
    /** Undefined when the variant has no endpoint. */
    readServed(variant: Variant): Promise<ServedModel | undefined>;
    /** Has the variant's model read anew next time. */
    expireServed(variant: Variant): void;
    /** Told that a variant's model could not be read although the other one's could. */
    onUnreadable(variant: Variant, error: unknown): void;
    /** Milliseconds since 1970. */
    now(): number;
}

/**
 * Reads what routes are made of. A variant that is drained is not read, and what was known of it is forgotten: its model is about to
 * change.
 *
 * @throws ProblemError (503) when none can be read, with what reading it threw as its cause.
 */
export async function readRoutingState(dependencies: RouterDependencies): Promise<RoutingState> {
    const abTest = await dependencies.readAbTest();
    const drained = findDrained(abTest, dependencies.now());
    if (drained === undefined) return { abTest, served: await readModels(VARIANTS, dependencies) };
    dependencies.expireServed(drained);
    const others = await readModels(VARIANTS.filter((variant) => variant !== drained), dependencies);
    const served = Object.keys(others).length > 0 ? others : await readModels([drained], dependencies);
    return { abTest, served, drained };
}

async function readModels(variants: readonly Variant[], dependencies: RouterDependencies): Promise<ServedModels> {
    const reads = await Promise.allSettled(variants.map((variant) => dependencies.readServed(variant)));
    const models = reads.flatMap(
        (read) => (read.status === "fulfilled" && read.value !== undefined ? [[read.value.variant, read.value] as const] : []),
    );
    reads.forEach((read, index) => {
        if (read.status === "fulfilled") return;
        if (models.length === 0) throw modelUnreadable(read.reason);
        dependencies.onUnreadable(variants[index]!, read.reason);
    });
    return Object.fromEntries(models);
}

/** The route of a key: its variant first, then the other. @throws ProblemError (503) when nothing is served. */
export function chooseRoute(key: string, { abTest, served }: Pick<RoutingState, "abTest" | "served">): Route {
    const assigned = assignVariant(AB_TEST_ID, key, abTest.weights);
    const [first, ...others] = [assigned, ...VARIANTS.filter((variant) => variant !== assigned)].flatMap(
        (variant) => served[variant] ?? [],
    );
    if (first === undefined) throw nothingServed("no model is served in this environment");
    return { assigned, candidates: [first, ...others] };
}

/** The seconds after which a tester may ask a drained variant again: about as long as a deployment's last steps take. */
const DRAINED_RETRY_SECONDS = 30;

/**
 * The route of a tester, who wants this variant and no other. @throws ProblemError (503) when it is not served, or drained: its schema is
 * about to change.
 */
export function chooseForcedRoute(variant: Variant, { served, drained }: RoutingState): Route {
    if (variant === drained) {
        throw new ProblemError({
            status: 503,
            title: "Being deployed",
            detail: `the ${variant} is being deployed to and not asked meanwhile`,
            retryAfterSeconds: DRAINED_RETRY_SECONDS,
        });
    }
    const model = served[variant];
    if (model === undefined) throw nothingServed(`no ${variant} is served in this environment`);
    return { assigned: variant, candidates: [model] };
}

/** The parameters or the schema do not answer; the endpoints may well be there. */
function modelUnreadable(cause: unknown): ProblemError {
    const detail = "which model is served cannot be read at the moment";
    return new ProblemError({ status: 503, title: "Model unreadable", detail, retryAfterSeconds: UNREADABLE_RETRY_SECONDS }, { cause });
}
