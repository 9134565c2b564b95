/** Waiting for what the cloud does by and by, and telling "not there" from other errors. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
    /** What is waited for, for the message of the timeout. */
    readonly what: string;
    /** @default 60 seconds */
    readonly timeoutMs?: number;
    /** @default 200 ms: the rehearsal cloud answers in a few milliseconds */
    readonly intervalMs?: number;
}

/** Polls until the probe gives a value. Throws when the time is over; errors of the probe pass through. */
export async function waitFor<Value>(probe: () => Promise<Value | undefined>, options: WaitOptions): Promise<Value> {
    const timeoutMs = options.timeoutMs ?? 60_000;
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        const value = await probe();
        if (value !== undefined) return value;
        if (Date.now() >= deadline) throw new Error(`${options.what} did not happen within ${Math.round(timeoutMs / 1000)} s`);
        await sleep(options.intervalMs ?? 200);
    }
}

/** Polls until the lookup finds nothing. */
export async function waitUntilGone(find: () => Promise<unknown>, what: string): Promise<void> {
    await waitFor(async () => ((await find()) === undefined ? true : undefined), { what: `the end of ${what}`, timeoutMs: 10 * 60_000 });
}

export function errorName(error: unknown): string {
    return error instanceof Error ? error.name : "";
}

/** Undefined instead of one of the named errors. */
export async function unless<Value>(names: readonly string[], call: () => Promise<Value>): Promise<Value | undefined> {
    try {
        return await call();
    } catch (error) {
        if (names.includes(errorName(error))) return undefined;
        throw error;
    }
}

/** Tries again while the error is one that time heals, e.g. a role that Lambda cannot assume yet. */
export async function retryWhile<Value>(
    heals: (error: unknown) => boolean,
    call: () => Promise<Value>,
    options: { timeoutMs: number; intervalMs: number },
): Promise<Value> {
    const deadline = Date.now() + options.timeoutMs;
    for (;;) {
        try {
            return await call();
        } catch (error) {
            if (!heals(error) || Date.now() >= deadline) throw error;
            await sleep(options.intervalMs);
        }
    }
}
