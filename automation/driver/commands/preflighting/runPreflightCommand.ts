/** The phase preflight of a deployment, alone: what was found stands on the screen already, so that the run ends with one line. */
import { describeStop, lookAtRules, stoppersOf } from "../../../phases/preflight.ts";
import { PreflightError } from "../../../phases/preflightError.ts";
import { runPhases } from "../../../phases/runPhases.ts";
import type { PhaseContext } from "../../../phases/phase.ts";
import type { Session } from "../../session.ts";
import { lookAtRefusedProgram } from "./refusedProgram.ts";
import { tellForecast } from "./tellForecast.ts";

/** @throws PhaseError of a PreflightError when something would fail */
export async function runPreflightCommand(session: Session): Promise<void> {
    const run = (context: PhaseContext): Promise<void> => look(context, session);
    await runPhases([{ name: "preflight", run }], await session.phaseContext({ isOffline: true }));
}

async function look(context: PhaseContext, { options, print, projectFolder }: Session): Promise<void> {
    const result = await lookAtRules(context)
        .catch(async (error: unknown) => { throw await lookAtRefusedProgram(error, { options, projectFolder, reporter: context.reporter }); });
    const stoppers = stoppersOf(result, context);
    if (options.forecast !== undefined) await tellForecast(options.forecast, context, print);
    if (stoppers.blockers.length + stoppers.notChecked.length > 0) throw new PreflightError(describeStop(stoppers), stoppers.blockers);
}
