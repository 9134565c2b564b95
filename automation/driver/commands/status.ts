import type { Command } from "./command.ts";

/** Works on a stack that was never deployed, and without credentials: it says what it could not ask. */
export const statusCommand: Command = {
    name: "status",
    summary: "where the stack is: phase, endpoints, runs, locks, what a killed run left",
    example: "node automation/deploy.ts status --stack dev",
    effect: "reads",
    toleratesStandIns: true,
    async run(session) {
        const { reportStatus } = await import("./status/reportStatus.ts");
        await reportStatus(session);
    },
};
