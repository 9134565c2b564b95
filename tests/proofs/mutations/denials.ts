/** Calls that the rehearsal's cloud has denied: in a stack in which nothing is missing there is none. */
import { setTimeout as delay } from "node:timers/promises";
import type { Cloud, UsageRecord } from "../../../automation/rehearsal/cloud/cloud.ts";

const INTERVAL_MS = 400;
/** What was denied mostly ends what is going on, with better words than the denial's own. */
const GRACE_MS = 5_000;

export class Denials {
    readonly #cloud: Cloud;
    #known: ReadonlyMap<string, number | undefined>;

    private constructor(cloud: Cloud, usage: readonly UsageRecord[]) {
        this.#cloud = cloud;
        this.#known = countDenied(usage);
    }

    /** Looks at what is denied from now on. */
    static async watch(cloud: Cloud): Promise<Denials> {
        return new Denials(cloud, await cloud.usage());
    }

    /** The first one, in words. */
    async describe(): Promise<string | undefined> {
        const denied = (await this.#cloud.usage()).find((record) => !record.allowed && record.count !== this.#known.get(keyOf(record)));
        return denied === undefined ? undefined : `${denied.principal} was denied ${denied.action} on ${denied.resource}`;
    }

    /** Ends with the signal, or some seconds after the first denial: then nothing more needs to be waited for, and `stop` is called. */
    async stopAfterFirst(stop: () => void, signal: AbortSignal): Promise<void> {
        while (!signal.aborted && await this.describe() === undefined) await delay(INTERVAL_MS);
        for (const until = Date.now() + GRACE_MS; !signal.aborted && Date.now() < until;) await delay(INTERVAL_MS);
        if (!signal.aborted) stop();
    }
}

function countDenied(usage: readonly UsageRecord[]): ReadonlyMap<string, number | undefined> {
    return new Map(usage.filter(({ allowed }) => !allowed).map((record) => [keyOf(record), record.count]));
}

function keyOf({ action, resource, principal }: UsageRecord): string {
    return JSON.stringify([action, resource, principal]);
}
