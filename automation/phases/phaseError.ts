import type { PhaseName } from "../progress/reporter.ts";

/** A phase failed; the cause is its error. */
export class PhaseError extends Error {
    override readonly name = "PhaseError";
    readonly phase: PhaseName;

    constructor(phase: PhaseName, cause: unknown) {
        super(`the phase ${phase} failed`, { cause });
        this.phase = phase;
    }
}
