/** The phases of a deployment, as data, and the one function that runs them. */
import { enableEndpointsPhase } from "./enableEndpoints.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { PhaseError } from "./phaseError.ts";
import { preflightPhase } from "./preflight.ts";
import { trainPhase } from "./train.ts";
import { upPhase } from "./up.ts";
import { verifyPhase } from "./verify.ts";

/** In order. Each reads what really exists, so each can run alone, and twice. */
export const phases: readonly Phase[] = [preflightPhase, upPhase, trainPhase, enableEndpointsPhase, verifyPhase];

/** Runs the phases in turn and stops at the first that fails. @throws PhaseError */
export async function runPhases(selected: readonly Phase[], context: PhaseContext): Promise<void> {
    for (const phase of selected) await runPhase(phase, context);
}

async function runPhase(phase: Phase, context: PhaseContext): Promise<void> {
    const startedAt = Date.now();
    const report = (status: "started" | "done" | "failed", details: { durationMs?: number; message?: string } = {}): void => {
        context.reporter.report({ kind: "phase", phase: phase.name, status, ...details });
    };
    report("started");
    try {
        context.signal.throwIfAborted();
        await phase.run(context);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        report("failed", { durationMs: Date.now() - startedAt, message });
        // What an engine says when it is stopped is not why it was stopped.
        throw new PhaseError(phase.name, context.signal.aborted ? context.signal.reason : error);
    }
    report("done", { durationMs: Date.now() - startedAt });
}
