/**
 * The driver: reads a command line, answers what can be answered at once, and has everything else loaded and done by `commandRun.ts`.
 * What a command does not need is not loaded: an answer to `--help` or to a mistyped option takes a fraction of a second.
 */
import { COMMANDS } from "./commands/commands.ts";
import { exitCodeOfCommand } from "./commands/exitCode.ts";
import { findExplanation } from "./commands/explainRule.ts";
import { findHelp } from "./commands/help.ts";
import type { DriverHost } from "./driverHost.ts";
import { describeError, EXIT } from "../errorReport.ts";
import { parseDriverOptions } from "./options.ts";
import { maskOutput, SecretMasker } from "./secretMasker.ts";

/** Does what the command line says. The process's exit code; never throws. */
export async function runDriver(args: readonly string[], host: DriverHost): Promise<number> {
    const masker = new SecretMasker(host.environment);
    const stderr = maskOutput(host.stderr, masker);
    try {
        const answer = findHelp(args) ?? await findExplanation(args, host.environment);
        if (answer !== undefined) {
            host.stdout.write(answer);
            return EXIT.done;
        }
        const options = parseDriverOptions(args, host);
        const { runCommand } = await import("./commandRun.ts");
        return await runCommand(options, { ...host, stdout: maskOutput(host.stdout, masker), stderr, masker });
    } catch (error) {
        stderr.write(`${describeError(error)}\n`);
        return exitCodeOfCommand(COMMANDS.find(({ name }) => args.includes(name)), error);
    }
}
