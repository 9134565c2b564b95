import type { Command } from "./command.ts";

/** In production it reads only; elsewhere it also sends, and takes away what it sent. */
export const verifyCommand: Command = {
    name: "verify",
    summary: "ask the deployed platform as a client does, and check its answers",
    example: "node automation/deploy.ts verify --stack dev",
    effect: "changes",
    effectOf: (_options, { preset }) => (preset === "prod" ? "reads" : "changes"),
    question: ({ stack }) => `Send test records to stack ${stack}, and take them away again,`,
    async run(session) {
        const [{ runPhases }, { verifyPhase }] = await Promise.all([import("../../phases/runPhases.ts"), import("../../phases/verify.ts")]);
        await runPhases([verifyPhase], await session.phaseContext());
    },
};
