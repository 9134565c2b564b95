/** `command:local:Command`: a child process at create, update and delete. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, LocalDefinition } from "./definition.ts";
import { flag, reported, text, textMap, texts } from "./inputs.ts";
import { applied, appliedFree, recorded, registryPage, appliedFreeReplaces } from "./rules.ts";

/** Upstream's default on Linux and macOS. */
const DEFAULT_INTERPRETER = ["/bin/sh", "-c"];
/** Longer than the guard's own bound of 30 minutes, so that its message is the one people see. */
const TIMEOUT_MS = 35 * 60_000;

export interface CommandOutput { readonly stdout: string; readonly stderr: string }

interface Previous { readonly stdout?: string | undefined; readonly stderr?: string | undefined }

function childEnvironment(inputs: PropertyMap, context: HandlerContext, previous: Previous): NodeJS.ProcessEnv {
    const withPrevious = flag(inputs, "addPreviousOutputInEnv") ?? true;
    return {
        ...context.environment,
        ...textMap(inputs, "environment"),
        ...(withPrevious && previous.stdout !== undefined ? { PULUMI_COMMAND_STDOUT: previous.stdout } : {}),
        ...(withPrevious && previous.stderr !== undefined ? { PULUMI_COMMAND_STDERR: previous.stderr } : {}),
    };
}

/** Runs `script` as the last argument of the interpreter. Throws with both streams when it does not end with 0. */
async function run(script: string, inputs: PropertyMap, context: HandlerContext, previous: Previous = {}): Promise<CommandOutput> {
    const [program = "", ...args] = texts(inputs, "interpreter") ?? DEFAULT_INTERPRETER;
    const child = spawn(program, [...args, script], {
        cwd: path.resolve(context.projectFolder, text(inputs, "dir") ?? "."),
        env: childEnvironment(inputs, context, previous),
        stdio: ["pipe", "pipe", "pipe"],
    });
    // Ends with this process, however that ends in an orderly way; after a kill the child sees its closed streams.
    const end = (): void => { child.kill("SIGKILL"); };
    process.once("exit", end);
    // Not the option of `spawn`: its timer stays when the program does not exist, and keeps this process alive.
    const limit = setTimeout(end, TIMEOUT_MS);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
    child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr += text; });
    // A command that does not read its input closes the pipe early.
    child.stdin.on("error", () => undefined);
    child.stdin.end(text(inputs, "stdin") ?? "");
    try {
        const result = await new Promise<string | number>((resolve, reject) => {
            child.once("error", reject);
            child.once("close", (code, signal) => resolve(code ?? signal ?? "no exit code"));
        });
        const output = { stdout: stdout.trimEnd(), stderr: stderr.trimEnd() };
        if (result !== 0) throw new Error(`exit status ${result}: running "${[program, ...args, script].join(" ")}":\n${output.stderr}\n${output.stdout}`.trimEnd());
        return output;
    } finally {
        clearTimeout(limit);
        process.off("exit", end);
    }
}

function outputsOf(output: CommandOutput): PropertyMap {
    return { stdout: output.stdout, stderr: output.stderr };
}

export const localCommand: LocalDefinition = {
    table: {
        type: "command:local:Command",
        source: registryPage("local/command", "command"),
        inputs: {
            create: applied,
            update: applied,
            delete: applied,
            interpreter: applied,
            dir: applied,
            environment: appliedFree,
            stdin: applied,
            triggers: appliedFreeReplaces,
            addPreviousOutputInEnv: applied,
            logging: recorded,
        },
        outputs: [
            "addPreviousOutputInEnv", "archive", "archivePaths", "assetPaths", "assets", "create", "delete", "dir", "environment",
            "interpreter", "logging", "stderr", "stdin", "stdout", "triggers", "update",
        ],
    },
    predict: () => ({ id: UNKNOWN, outputs: {} }),
    async create({ name, inputs }, context) {
        const script = text(inputs, "create");
        const output = script === undefined ? { stdout: "", stderr: "" } : await run(script, inputs, context);
        return { id: `${name}${randomBytes(4).toString("hex")}`, outputs: outputsOf(output) };
    },
    /** Without an `update` script upstream runs `create` again. */
    async update({ id, inputs, oldOutputs }, context) {
        const script = text(inputs, "update") ?? text(inputs, "create");
        const previous = { stdout: text(oldOutputs, "stdout"), stderr: text(oldOutputs, "stderr") };
        const output = script === undefined ? previous : await run(script, inputs, context, previous);
        return { id, outputs: reported({ stdout: output.stdout, stderr: output.stderr }) };
    },
    async delete({ inputs, outputs }, context) {
        const script = text(inputs, "delete");
        if (script === undefined) return;
        await run(script, inputs, context, { stdout: text(outputs, "stdout"), stderr: text(outputs, "stderr") });
    },
};
