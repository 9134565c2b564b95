import type { Command } from "./command.ts";

/** Looks at everything that is known to fail, before anything is touched. */
export const preflightCommand: Command = {
    name: "preflight",
    summary: "what would fail, before anything is touched: exit code 1 when something would",
    example: "node automation/deploy.ts preflight --stack dev --offline --sarif preflight.sarif",
    options: ["offline", "only", "skip", "because", "strict", "sarif", "forecast", "load", "forecast-file", "deploy-role", "preflight-role", "explain"],
    effect: "reads",
    patience: "short",
    failureCode: 2,
    async run(session) {
        if (session.options.printedRoles.length > 0) {
            const { printRoles } = await import("./preflighting/printRoles.ts");
            return printRoles(session);
        }
        const { runPreflightCommand } = await import("./preflighting/runPreflightCommand.ts");
        await runPreflightCommand(session);
    },
    async onRefused(error, run) {
        const { lookAtRefusedSettings } = await import("./preflighting/refusedSettings.ts");
        return lookAtRefusedSettings(error, run);
    },
};
