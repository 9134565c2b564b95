/** Brings the stack to what the program declares. */
import type { EngineEvent } from "../engine/engine.ts";
import type { PhaseName } from "../reporter.ts";
import { explainRefusal } from "./explainRefusal.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { prepareState } from "./prepareState.ts";

export const upPhase: Phase = {
    name: "up",
    run: (context) => runUp(context, "up"),
};

/** Also used by the phases that change what is declared. @throws CloudRefusal with what AWS's refusal means, where it is known. */
export async function runUp(context: PhaseContext, phase: PhaseName): Promise<void> {
    const { engine, reporter, signal } = context;
    await prepareState(context);
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    const { counts } = await engine.up({ onEvent, signal }).catch((error: unknown) => { throw explainRefusal(error); });
    reporter.report({ kind: "counts", phase, counts });
}
