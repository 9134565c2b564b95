/** The phases of a deployment, as data, and the one function that runs them. */
import { OperatorError } from "../errors.ts";
import { enableEndpointsPhase } from "./enableEndpoints.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { PhaseError } from "./phaseError.ts";
import { preflightPhase } from "./preflight.ts";
import { trainPhase } from "./train.ts";
import { upPhase } from "./up.ts";
import { verifyPhase } from "./verify.ts";

/** In order. Each reads what really exists, so each can run alone, and twice. */
export const phases: readonly Phase[] = [preflightPhase, upPhase, trainPhase, enableEndpointsPhase, verifyPhase];

export interface PhaseRange {
    /** @default the first */
    readonly from?: string | undefined;
    /** Inclusive. @default the last */
    readonly until?: string | undefined;
}

/** @throws OperatorError when a name is unknown, or `until` comes before `from`. */
export function selectPhases(all: readonly Phase[], { from, until }: PhaseRange): readonly Phase[] {
    const first = from === undefined ? 0 : indexOf(all, from, "--from");
    const last = until === undefined ? all.length - 1 : indexOf(all, until, "--until");
    if (first > last) throw new OperatorError(`--until ${until} comes before --from ${from}`, `the order is ${all.map(({ name }) => name).join(", ")}`);
    return all.slice(first, last + 1);
}

function indexOf(all: readonly Phase[], name: string, option: string): number {
    const index = all.findIndex((phase) => phase.name === name);
    if (index >= 0) return index;
    throw new OperatorError(`${option}: there is no phase ${JSON.stringify(name)}`, `choose one of ${all.map((phase) => phase.name).join(", ")}`);
}

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
