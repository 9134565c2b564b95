import type { Command } from "./command.ts";

/** Takes no lock: it removes one. */
export const unlockCommand: Command = {
    name: "unlock",
    summary: "remove the locks of a run that is dead, after saying whose they are",
    example: "node automation/deploy.ts unlock --stack dev",
    effect: "account",
    question: ({ stack }) => `Remove the locks of stack ${stack}: is nobody at work on it, and is that to be done`,
    async run(session) {
        const { runUnlock } = await import("./accountWork/runUnlock.ts");
        await runUnlock(session);
    },
};
