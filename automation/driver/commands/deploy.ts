import { selectPhaseNames, selectPhases } from "../../phases/phaseRange.ts";
import type { PhaseRange } from "../../phases/phaseRange.ts";
import { checkData } from "./checkData.ts";
import type { Command } from "./command.ts";

/** All phases, or those from one to another. Preflight alone looks only, and works without credentials. */
export const deployCommand: Command = {
    name: "deploy",
    summary: "everything: preflight, up, train, enable-endpoints, verify; the default",
    example: "node automation/deploy.ts --stack dev --from train",
    options: ["from", "until", "data", "no-refresh", "report", "skip", "because"],
    effect: "changes",
    effectOf: (options) => (looksOnly(options) ? "reads" : "changes"),
    question: ({ stack }) => `Deploy stack ${stack}`,
    async check(session) {
        if (selectPhaseNames(session.options).includes("train")) await checkData(session);
    },
    async run(session) {
        const [{ phases }, { runPhases }] = await Promise.all([import("../../phases/phases.ts"), import("../../phases/runPhases.ts")]);
        await runPhases(selectPhases(phases, session.options), await session.phaseContext({ isOffline: looksOnly(session.options) }));
    },
};

function looksOnly(range: PhaseRange): boolean {
    return selectPhaseNames(range).every((name) => name === "preflight");
}
