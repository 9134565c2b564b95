/** The command itself, offline, on a copy of the project in which one thing is wrong. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { EXIT } from "../../../automation/errorReport.ts";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import { buildEnvironment, REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import type { InputChange } from "./inputChanges.ts";
import { judge } from "./judgement.ts";
import type { Verdict } from "./judgement.ts";
import { stackOf } from "./mutation.ts";
import type { CommandChange, PreflightMutation } from "./mutation.ts";

/** What the program and the command are made of. */
const PARTS = [
    "automation", "components", "lambdas", "index.ts", "package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml",
];
/** Found again by their content. */
const BUNDLES = path.join(".firstlight", "bundles");
/** Stands for the account when there are no credentials. */
const NOBODY = "0".repeat(12);

/** How a mutation is done to the command. */
export type CommandMutation =
    | { readonly kind: "inputs"; readonly changes: readonly InputChange[] }
    | { readonly kind: "around"; readonly change: CommandChange };

interface Answer { readonly exitCode: number | null; readonly result: PreflightResult | undefined; readonly text: string }

/** One copy of the project, which every run finds as it was. */
export class CommandLayer {
    readonly #folder = mkdtempSync(path.join(tmpdir(), "firstlight-preflight-"));
    readonly #project = path.join(this.#folder, "project");

    constructor() {
        mkdirSync(this.#project);
        for (const part of PARTS) cpSync(path.join(PROJECT_FOLDER, part), path.join(this.#project, part), { recursive: true });
        const bundles = path.join(PROJECT_FOLDER, BUNDLES);
        if (existsSync(bundles)) cpSync(bundles, path.join(this.#project, BUNDLES), { recursive: true });
        symlinkSync(path.join(PROJECT_FOLDER, "node_modules"), path.join(this.#project, "node_modules"));
        // The program stays what it is; what takes its place changes what it declares on the way to the engine.
        renameSync(path.join(this.#project, "index.ts"), path.join(this.#project, "program.ts"));
        cpSync(path.join(import.meta.dirname, "mutatedProgram.ts"), path.join(this.#project, "index.ts"));
    }

    async judge(mutation: PreflightMutation, how: CommandMutation): Promise<Verdict> {
        const { exitCode, result, text: said } = await this.#run(stackOf(mutation), how);
        if (result === undefined) return { passed: false, detail: `the command ended with ${exitCode} and no result: ${said.slice(-600)}` };
        const verdict = judge(mutation, result.findings);
        const expected = result.findings.some(({ severity }) => severity === "blocker") ? EXIT.operator : EXIT.done;
        if (exitCode === expected) return verdict;
        return { passed: false, detail: `the command ended with ${exitCode}, not with ${expected}! ${verdict.detail}` };
    }

    /** Of the program as it is: nothing may be found. */
    async judgeUndisturbed(stack: string): Promise<Verdict> {
        const { exitCode, result, text: said } = await this.#run(stack, { kind: "inputs", changes: [] });
        const passed = exitCode === EXIT.done && result?.findings.length === 0;
        return { passed, detail: passed ? `${result.passed.length} rules passed, nothing was found` : `the command ended with ${exitCode}: ${said.slice(-600)}` };
    }

    close(): void {
        rmSync(this.#folder, { recursive: true, force: true });
    }

    async #run(stack: string, how: CommandMutation): Promise<Answer> {
        const changes = how.kind === "inputs" ? how.changes : [];
        writeFileSync(path.join(this.#project, "mutation.json"), JSON.stringify(changes).replaceAll(REHEARSAL_ACCOUNT, NOBODY));
        const { file, environment = {} } = how.kind === "around" ? how.change : {};
        const undo = file === undefined ? () => undefined : rewrite(path.join(this.#project, file.path), file);
        try {
            return await this.#call(stack, environment);
        } finally {
            undo();
        }
    }

    async #call(stack: string, variables: Readonly<Record<string, string>>): Promise<Answer> {
        const environment = { ...buildEnvironment({ region: "us-east-1", folder: path.join(this.#folder, "home") }), ...variables };
        const words = ["automation/deploy.ts", "preflight", "--stack", stack, "--offline", "--json", "-"];
        const child = spawn(process.execPath, words, { cwd: this.#project, env: environment, stdio: ["ignore", "pipe", "pipe"] });
        const ended = new Promise<number | null>((resolve, reject) => { child.on("error", reject).on("close", resolve); });
        const [out, said, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
        return { exitCode, result: readLastResult(out), text: said };
    }
}

function rewrite(file: string, { path: name, from, to }: NonNullable<CommandChange["file"]>): () => void {
    const before = readFileSync(file, "utf8");
    if (!before.includes(from)) throw new Error(`${name} holds no ${JSON.stringify(from)}`);
    writeFileSync(file, before.replace(from, to));
    return () => { writeFileSync(file, before); };
}

/** Of the events, one JSON document per line. */
function readLastResult(lines: string): PreflightResult | undefined {
    const events = lines.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as { kind: string; result?: PreflightResult });
    return events.findLast(({ kind }) => kind === "preflight")?.result;
}
