import type { Command } from "./command.ts";

/** For a stack whose state was lost. */
export const adoptCommand: Command = {
    name: "adopt",
    summary: "take resources that exist into a state that does not know them",
    example: "node automation/deploy.ts adopt --stack dev",
    effect: "changes",
    question: ({ stack }) => `Take what exists of stack ${stack} into its state`,
    async run(session) {
        const { runAdopt } = await import("./accountWork/runAdopt.ts");
        await runAdopt(session);
    },
};
