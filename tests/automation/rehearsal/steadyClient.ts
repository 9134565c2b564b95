/** A client that sends ten requests a second, whatever becomes of them, until it is stopped. */
import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 100;

export interface SteadyClient<T> {
    /** Waits for what is under way. The answers in the order of the requests. @throws what the first request threw that failed */
    stop(): Promise<readonly T[]>;
}

/** Sends by the clock: a request that takes long delays none that follow. */
export function sendSteadily<T>(send: (index: number) => Promise<T>): SteadyClient<T> {
    const controller = new AbortController();
    const sent: Promise<T>[] = [];
    const sending = (async () => {
        for (let next = Date.now(); !controller.signal.aborted; next += INTERVAL_MS) {
            const request = send(sent.length);
            // Its failure is thrown by stop; until then it is nobody's unhandled rejection.
            request.catch(() => undefined);
            sent.push(request);
            await delay(Math.max(0, next + INTERVAL_MS - Date.now()), undefined, { signal: controller.signal }).catch(() => undefined);
        }
    })();
    return {
        async stop() {
            controller.abort();
            await sending;
            return Promise.all(sent);
        },
    };
}
