import type { Command } from "./command.ts";

/** Takes no lock: it removes one. */
export const unlockCommand: Command = {
    name: "unlock",
    summary: "remove the locks of a run that is dead, after saying whose they are",
    example: "node automation/deploy.ts unlock --stack dev",
    effect: "account",
    needsNoAccount: true,
    question: ({ stack }) => `Nobody is at work on stack ${stack}, so remove its locks`,
    async check(session) {
        const { sayHolders } = await import("./accountWork/runUnlock.ts");
        await sayHolders(session);
    },
    async run(session) {
        const { runUnlock } = await import("./accountWork/runUnlock.ts");
        await runUnlock(session);
    },
};
