/** Ctrl-C: the first asks everything to end, the second does not wait. */
import { EXIT } from "./errors.ts";

export interface InterruptionOptions {
    readonly onInterrupted: (message: string) => void;
    /** After this time the process ends even if something still runs. Without it the end is waited for: a cloud must not be left half way. */
    readonly limitMs?: number;
}

/** A signal that fires on the first SIGINT or SIGTERM. */
export function listenForInterruption({ onInterrupted, limitMs }: InterruptionOptions): AbortSignal {
    const controller = new AbortController();
    const interrupt = (): void => {
        if (controller.signal.aborted) process.exit(EXIT.interrupted);
        onInterrupted("Interrupted: ending what runs. Once more ends at once.");
        if (limitMs !== undefined) setTimeout(() => process.exit(EXIT.interrupted), limitMs).unref();
        controller.abort();
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);
    return controller.signal;
}
