/** Brings the stack to what the program declares. */
import type { EngineEvent } from "../engine/engine.ts";
import type { PhaseName } from "../reporter.ts";
import type { Phase, PhaseContext } from "./phase.ts";

export const upPhase: Phase = {
    name: "up",
    run: (context) => runUp(context, "up"),
};

/** Also used by the phases that change what is declared. */
export async function runUp({ engine, reporter, signal }: PhaseContext, phase: PhaseName): Promise<void> {
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    const { counts } = await engine.up({ onEvent, signal });
    reporter.report({ kind: "counts", phase, counts });
}
