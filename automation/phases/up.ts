/** Brings the stack to what the program declares. */
import type { EngineEvent } from "../engine/engine.ts";
import type { PhaseName } from "../progress/reporter.ts";
import { proveEffect } from "./effect.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { prepareState } from "./prepareState.ts";

export const upPhase: Phase = {
    name: "up",
    async run(context) {
        await runUp(context, "up");
        await proveEffect(context, { onDeviation: "note" });
    },
};

/** Also used by the phases that change what is declared. */
export async function runUp(context: PhaseContext, phase: PhaseName): Promise<void> {
    const { engine, reporter, signal } = context;
    await prepareState(context);
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    const { counts } = await engine.up({ onEvent, signal });
    reporter.report({ kind: "counts", phase, counts });
}
