/**
 * How the Pulumi CLI is run: in a process group of its own, and without a pipe to its output.
 *
 * The Automation API starts the CLI in the caller's process group. Ctrl-C in a terminal then reaches it twice, from the terminal and from
 * the caller's abort signal, and the CLI takes the second one as "end at once", which leaves pending operations behind
 * (source: `pkg/backend/cancellation_scope.go` of Pulumi). And a CLI whose driver was killed would die at its next line of output, in
 * the middle of a create. So the one method by which the Automation API runs the CLI is ours; everything else of it stays.
 */
import { spawn } from "node:child_process";
import type { StdioOptions } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CommandError, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import * as errors from "@pulumi/pulumi/automation/errors.js";
import type { Cli } from "./cli.ts";

/** Without colours, prompts, questions and the look for a newer CLI. */
const QUIET = { PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_AUTOMATION_API: "true" } as const;
/** The CLI's AWS SDK logs that an object in S3 has no checksum, or one in parts: beside the reason of a failure that misleads. */
const SDK_LOG = /^SDK \d{4}\/\d\d\/\d\d .*(?:\n|$)/gm;
/** What is said when a process did not end by itself. */
const NO_EXIT_CODE = -1;

export interface CommandRun {
    readonly folder: string;
    /** Added to what the CLI inherits. */
    readonly environment: Readonly<Record<string, string>>;
    /** Sends the CLI a SIGINT when it fires; its end is waited for. */
    readonly signal?: AbortSignal | undefined;
}

interface CommandOutput { readonly stdout: string; readonly stderr: string; readonly code: number }

/** The SDK's own, which it keeps out of its types: it tells a stack that is locked or missing from other failures. */
const { createCommandError } = errors as unknown as { createCommandError(output: CommandOutput): CommandError };

export class CommandRunner {
    readonly #cli: Cli;
    readonly #inherited: NodeJS.ProcessEnv;

    /** @param inherited what every run gets before its own environment. */
    constructor(cli: Cli, inherited: NodeJS.ProcessEnv) {
        this.#cli = cli;
        this.#inherited = inherited;
    }

    /** What the Automation API takes for a CLI: all that it uses of one. */
    get command(): PulumiCommand {
        type Environment = Readonly<Record<string, string>>;
        const run = (args: readonly string[], folder: string, environment: Environment, ...rest: unknown[]): Promise<CommandOutput> =>
            this.operate(args, { folder, environment, signal: rest.find((argument) => argument instanceof AbortSignal) });
        const { path: command, version } = this.#cli;
        return { command, version: { toString: () => version }, run } as unknown as PulumiCommand;
    }

    /** Runs an operation that may outlive this process; its output is thrown away. @throws CommandError */
    async operate(args: readonly string[], run: CommandRun): Promise<CommandOutput> {
        const folder = mkdtempSync(path.join(tmpdir(), "firstlight-cli-"));
        const file = path.join(folder, "stderr");
        const descriptor = openSync(file, "w");
        try {
            const code = await this.#spawn(args, run, { stdio: ["ignore", "ignore", descriptor] });
            return checkOutput({ stdout: "", stderr: readFileSync(file, "utf8"), code });
        } finally {
            closeSync(descriptor);
            rmSync(folder, { recursive: true, force: true });
        }
    }

    /** What a command prints that only reads. @throws CommandError */
    async read(args: readonly string[], run: CommandRun): Promise<string> {
        const texts = { stdout: "", stderr: "" };
        const onText = (stream: keyof typeof texts, text: string): void => { texts[stream] += text; };
        const code = await this.#spawn(args, run, { stdio: ["ignore", "pipe", "pipe"], onText });
        return checkOutput({ ...texts, code }).stdout;
    }

    #spawn(args: readonly string[], run: CommandRun, streams: Streams): Promise<number> {
        run.signal?.throwIfAborted();
        const { path: command } = this.#cli;
        const env = withFolderOf(command, { ...this.#inherited, ...QUIET, ...run.environment });
        const child = spawn(command, [...args, "--non-interactive"], { cwd: run.folder, stdio: streams.stdio, detached: true, env });
        const interrupt = (): void => void child.kill("SIGINT");
        run.signal?.addEventListener("abort", interrupt, { once: true });
        child.stdout?.setEncoding("utf8").on("data", (text: string) => streams.onText?.("stdout", text));
        child.stderr?.setEncoding("utf8").on("data", (text: string) => streams.onText?.("stderr", text));
        return new Promise<number>((resolve, reject) => {
            child.on("error", reject);
            child.on("close", (code) => resolve(code ?? NO_EXIT_CODE));
        }).finally(() => run.signal?.removeEventListener("abort", interrupt));
    }
}

interface Streams {
    readonly stdio: StdioOptions;
    readonly onText?: (stream: "stdout" | "stderr", text: string) => void;
}

function checkOutput(output: CommandOutput): CommandOutput {
    if (output.code === 0) return output;
    const stderr = output.stderr.replaceAll(SDK_LOG, "").trim();
    throw createCommandError({ ...output, stderr, toString: () => `pulumi ended with ${output.code}${stderr === "" ? "" : `: ${stderr}`}` } as CommandOutput);
}

/** The language host lies beside the CLI and is looked for on PATH. */
function withFolderOf(command: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return { ...environment, PATH: [path.dirname(command), environment["PATH"] ?? ""].join(path.delimiter) };
}
