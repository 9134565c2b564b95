/**
 * The driver: reads a command line, answers what can be answered at once, and has everything else loaded and done by `commandRun.ts`.
 * What a command does not need is not loaded: an answer to `--help` or to a mistyped option takes a fraction of a second.
 */
import type { AwsClients, AwsTarget } from "../aws.ts";
import { COMMANDS } from "./commands/commands.ts";
import { exitCodeOfCommand } from "./commands/exitCode.ts";
import { findExplanation } from "./commands/explainRule.ts";
import { findHelp } from "./commands/help.ts";
import type { Engine } from "../engine/engine.ts";
import { describeError, EXIT } from "../errors.ts";
import { parseDriverOptions } from "./options.ts";
import { maskOutput, SecretMasker } from "./secretMasker.ts";
import type { StackSettings } from "../stackSettings.ts";

/** A stream that text is written to. */
export interface DriverOutput {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
}

/** What an engine is made for. */
export interface EnginePlace {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly settings: StackSettings;
    /** `dev`, or `dev--pr123`. */
    readonly pulumiStack: string;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly target: AwsTarget;
}

/** What the driver finds outside of itself: the seam through which tests and proofs give it another engine and another cloud. */
export interface DriverHost {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly stdout: DriverOutput;
    readonly stderr: DriverOutput;
    readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
    /** @default the Pulumi CLI */
    createEngine?(place: EnginePlace): Promise<Engine>;
    /** @default the clients of the AWS SDK */
    createAws?(target: AwsTarget): AwsClients;
}

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
