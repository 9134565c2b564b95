import { checkData } from "./checkData.ts";
import type { Command } from "./command.ts";

/** One phase alone. */
export const trainCommand: Command = {
    name: "train",
    summary: "upload the data and follow the training run; attaches to one that goes on",
    example: "node automation/deploy.ts train --stack dev --data sales.csv",
    options: ["data"],
    effect: "changes",
    question: ({ stack }) => `Train on stack ${stack}`,
    check: checkData,
    async run(session) {
        const [{ runPhases }, { trainPhase }] = await Promise.all([import("../../phases/runPhases.ts"), import("../../phases/train.ts")]);
        await runPhases([trainPhase], await session.phaseContext());
    },
};
