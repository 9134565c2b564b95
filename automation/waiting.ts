/** Waiting that ends: with an answer, at a limit, or when somebody presses Ctrl-C. */
import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
    readonly intervalMs: number;
    readonly limitMs: number;
    readonly signal: AbortSignal;
}

/** Asks until there is an answer. Undefined when there was none within the limit. @throws AbortError when the signal fires. */
export async function waitFor<T>(ask: () => Promise<T | undefined>, { intervalMs, limitMs, signal }: WaitOptions): Promise<T | undefined> {
    const until = Date.now() + limitMs;
    for (;;) {
        signal.throwIfAborted();
        const answer = await ask();
        if (answer !== undefined || Date.now() + intervalMs > until) return answer;
        await delay(intervalMs, undefined, { signal });
    }
}
