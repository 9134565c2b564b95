/** Brings the stack to what the program declares. */
import type { PlatformOutputs } from "../../components/outputs.ts";
import type { EngineEvent } from "../engine/engine.ts";
import { expectOutputs } from "../outputs.ts";
import type { PhaseName } from "../progress/reporter.ts";
import { proveEffect } from "./effect.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { prepareState } from "./prepareState.ts";

export const upPhase: Phase = {
    name: "up",
    async run(context) {
        const outputs = await runUp(context, "up");
        await proveEffect(context, outputs, { onDeviation: "note" });
    },
};

/** Also used by the phases that change what is declared. @returns what the stack says of itself now, without asking for it once more */
export async function runUp(context: PhaseContext, phase: PhaseName): Promise<PlatformOutputs> {
    const { engine, reporter, signal } = context;
    await prepareState(context);
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    const { counts, outputs } = await engine.up({ onEvent, signal });
    reporter.report({ kind: "counts", phase, counts });
    return expectOutputs(outputs);
}
