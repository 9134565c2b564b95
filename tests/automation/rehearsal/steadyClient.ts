/** A client that sends ten requests a second until it is stopped. */
import { setTimeout as delay } from "node:timers/promises";

const INTERVAL_MS = 100;
/** Requests under way at most. A machine that is too busy to answer ten a second gets fewer of them, and no storm. */
const UNDER_WAY = 4;

export interface SteadyClient<T> {
    /** Waits for what is under way. The answers in the order of the requests. @throws what the first request threw that failed */
    stop(): Promise<readonly T[]>;
}

/** Sends by the clock: a request that takes long delays none that follow, unless all that may be under way take long. */
export function sendSteadily<T>(send: (index: number) => Promise<T>): SteadyClient<T> {
    const controller = new AbortController();
    const sent: Promise<T>[] = [];
    const underWay = new Set<Promise<T>>();
    const sending = (async () => {
        for (let next = Date.now(); !controller.signal.aborted; next += INTERVAL_MS) {
            if (underWay.size >= UNDER_WAY) {
                await Promise.race(underWay).catch(() => undefined);
                next = Date.now();
            }
            const request = send(sent.length);
            sent.push(request);
            underWay.add(request);
            // Its failure is thrown by stop; until then it is nobody's unhandled rejection.
            const end = (): void => void underWay.delete(request);
            request.then(end, end);
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
