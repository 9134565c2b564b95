import { placeOf } from "../../locks/backendUrl.ts";
import type { Command } from "./command.ts";

/** Says what it would delete, unless it is told to. */
export const sweepCommand: Command = {
    name: "sweep",
    summary: "find what carries the stack's tags and no state knows; delete it with --apply",
    example: "node automation/deploy.ts sweep --stack dev --suffix pr123 --apply",
    options: ["apply", "delete-data", "state-lost"],
    effect: "changes",
    effectOf: ({ applies }) => (applies ? "changes" : "reads"),
    question: async ({ stack }, session) => `Delete what no state in ${placeOf(await session.backend())} knows of stack ${stack}`,
    async run(session) {
        const { runSweep } = await import("./accountWork/runSweep.ts");
        await runSweep(session);
    },
};
