import type { Command } from "./command.ts";

/** The stack, and what its pipeline made. */
export const destroyCommand: Command = {
    name: "destroy",
    summary: "take the stack away, and what its pipeline made",
    example: "node automation/deploy.ts destroy --stack dev",
    options: ["delete-data"],
    effect: "changes",
    question: ({ stack, deletesData }) => `Destroy stack ${stack}${deletesData ? " with all its data" : ""}`,
    async run(session) {
        const [{ runPhases }, { teardownPhase }, { forgetStackFile }] = await Promise.all([
            import("../../phases/runPhases.ts"), import("../../phases/teardown.ts"), import("./accountWork/forgetStackFile.ts"),
        ]);
        await runPhases([teardownPhase], await session.phaseContext());
        forgetStackFile(session);
    },
};
