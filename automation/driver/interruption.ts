/** Ctrl-C and a limit in time: the first asks everything to end, a second Ctrl-C does not wait. */
import { EXIT } from "../errorReport.ts";
import { InterruptedError } from "../errors.ts";

export interface InterruptionOptions {
    readonly onInterrupted: (message: string) => void;
    /** After this time the process ends even if something still runs. Without it the end is waited for: a cloud must not be left half way. */
    readonly limitMs?: number;
    /** After this time everything is asked to end, as by Ctrl-C. @default never */
    readonly timeoutMs?: number;
}

export interface Interruption {
    /** Fires on the first SIGINT or SIGTERM, or when the time is over. */
    readonly signal: AbortSignal;
    /** Listens no more. */
    close(): void;
}

/** Listens until it is closed. */
export function listenForInterruption({ onInterrupted, limitMs, timeoutMs }: InterruptionOptions): Interruption {
    const controller = new AbortController();
    const end = (why: string): void => {
        if (controller.signal.aborted) return;
        onInterrupted(`${why}: ending what runs. Ctrl+C ends at once.`);
        if (limitMs !== undefined) setTimeout(() => process.exit(EXIT.interrupted), limitMs).unref();
        controller.abort(new InterruptedError(`${why}.`));
    };
    const interrupt = (): void => {
        if (controller.signal.aborted) process.exit(EXIT.interrupted);
        end("Interrupted");
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => end(`The time of --timeout is over (${timeoutMs / 1000} s)`), timeoutMs).unref();
    // CI services send SIGTERM some seconds after SIGINT, and nobody has asked twice then.
    const terminate = (): void => end("Interrupted");
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", terminate);
    return {
        signal: controller.signal,
        close() {
            clearTimeout(timer);
            process.off("SIGINT", interrupt);
            process.off("SIGTERM", terminate);
        },
    };
}
