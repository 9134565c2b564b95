import type { Command } from "./command.ts";

/** Once per account and region. */
export const bootstrapCommand: Command = {
    name: "bootstrap",
    summary: "make the S3 bucket for states and the KMS key for their secrets",
    example: "node automation/deploy.ts bootstrap --stack dev",
    effect: "account",
    question: ({ stack }) => `Make the state bucket and its key for stack ${stack}`,
    async run(session) {
        const { runBootstrap } = await import("./accountWork/runBootstrap.ts");
        await runBootstrap(session);
    },
};
