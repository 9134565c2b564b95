/** Runs phases, and tells how each went. */
import { setTimeout as delay } from "node:timers/promises";
import { classifyError } from "../cloudErrors/classify.ts";
import { explainError } from "../cloudErrors/explain.ts";
import { CloudRefusal, OperatorError } from "../errors.ts";
import { paceOf } from "./pace.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { PhaseError } from "./phaseError.ts";

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
        await runPatiently(phase, context);
    } catch (error) {
        // What an engine says when it is stopped is not why it was stopped.
        const cause: unknown = context.signal.aborted ? context.signal.reason : explainError(error);
        report("failed", { durationMs: Date.now() - startedAt, message: cause instanceof Error ? cause.message : String(cause) });
        throw new PhaseError(phase.name, cause);
    }
    report("done", { durationMs: Date.now() - startedAt });
}

/** Again after what is known to pass by itself: a phase does only what is still missing. Everything else stops at once. */
async function runPatiently(phase: Phase, context: PhaseContext): Promise<void> {
    const { reporter, signal } = context;
    for (const [index, waitMs] of paceOf(context.aws).retryWaitsMs.entries()) {
        try {
            signal.throwIfAborted();
            return await phase.run(context);
        } catch (error) {
            const found = isOwnAnswer(error) ? undefined : classifyError(error);
            if (signal.aborted || found?.kind !== "retry") throw error;
            reporter.report({ kind: "retry", phase: phase.name, attempt: index + 2, waitMs, message: found.what });
            await delay(waitMs, undefined, { signal });
        }
    }
    signal.throwIfAborted();
    await phase.run(context);
}

/** A run of the pipeline that failed, for example: it has tried again by itself, and another one costs what the first one did. */
function isOwnAnswer(error: unknown): boolean {
    return error instanceof CloudRefusal || error instanceof OperatorError;
}
