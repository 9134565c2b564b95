import type { Command } from "./command.ts";

/** One phase alone, after preflight. */
export const upCommand: Command = {
    name: "up",
    summary: "bring the stack to what the program declares, after preflight",
    example: "node automation/deploy.ts up --stack dev --yes",
    options: ["no-refresh", "skip", "because"],
    effect: "changes",
    question: ({ stack }) => `Bring up stack ${stack}`,
    async run(session) {
        const [{ runPhases }, { preflightPhase }, { upPhase }] = await Promise.all([
            import("../../phases/runPhases.ts"), import("../../phases/preflight.ts"), import("../../phases/up.ts"),
        ]);
        await runPhases([preflightPhase, upPhase], await session.phaseContext());
    },
};
