/** The one place that turns any error into a text and an exit code. */
import { EngineError } from "./engine/engine.ts";
import { CloudRefusal, InterruptedError, isAbort, isSdkError, LockedError, OperatorError } from "./errors.ts";
import { PhaseError } from "./phases/phaseError.ts";
import { PreflightError } from "./phases/preflightError.ts";

/** Exit codes of all our commands. */
export const EXIT = { done: 0, operator: 1, cloud: 2, locked: 3, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
    if (isAbort(error)) return EXIT.interrupted;
    if (error instanceof PhaseError) return exitCodeOf(error.cause);
    if (error instanceof LockedError) return EXIT.locked;
    // The program itself has failed.
    if (error instanceof EngineError && error.urn?.includes("::pulumi:pulumi:Stack::") === true) return EXIT.operator;
    return error instanceof EngineError || error instanceof CloudRefusal || isSdkError(error) ? EXIT.cloud : EXIT.operator;
}

/** What a person reads: known errors as text with their fix, unknown ones with their stack, since those are bugs of ours. */
export function describeError(error: unknown): string {
    if (isAbort(error)) return describeAbort(error);
    if (error instanceof PhaseError) return describeError(error.cause);
    if (error instanceof OperatorError || error instanceof LockedError) return withFix(error.message, error.fix);
    if (error instanceof CloudRefusal) return withFix(error.message, error.fix);
    if (isConfigError(error) || error instanceof EngineError || error instanceof PreflightError) return error.message;
    if (isSdkError(error)) return `${error.name}: ${error.message}`;
    return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** By name, because its class comes with the whole configuration, half of what an answer to `--help` would load. */
function isConfigError(error: unknown): error is Error {
    return error instanceof Error && error.name === "ConfigError";
}

/** Why, where we know it. */
function describeAbort(error: unknown): string {
    if (error instanceof InterruptedError) return error.message;
    return error instanceof Error && error.cause !== undefined ? describeAbort(error.cause) : "Interrupted.";
}

function withFix(message: string, fix: string | undefined): string {
    return fix === undefined ? message : `${message}\n  fix: ${fix}`;
}
