/** Ctrl-C: the first asks everything to end, the second does not wait. */
import { EXIT } from "./errors.ts";

/** A signal that fires on the first SIGINT or SIGTERM. */
export function listenForInterruption(onInterrupted: (message: string) => void): AbortSignal {
    const controller = new AbortController();
    const interrupt = (): void => {
        if (controller.signal.aborted) process.exit(EXIT.interrupted);
        onInterrupted("Interrupted: ending what runs. Once more ends at once.");
        controller.abort();
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    return controller.signal;
}
