/** The folder of the compared program, and one step of it on each engine. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import { StateFile } from "../../../automation/engine/embedded/state.ts";
import type { EngineEvent } from "../../../automation/engine/engine.ts";
import { serveProvider } from "../../../automation/engine/providerPlugin.ts";
import type { ServedProvider } from "../../../automation/engine/providerPlugin.ts";
import { createMemoryProvider } from "../../support/embeddedMemoryProvider.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import type { ProgramDescription } from "./description.ts";
import { observeEmbeddedState } from "./embeddedState.ts";
import { describeOperation } from "./observation.ts";
import type { Observation } from "./observation.ts";
import { observeEvents, observeRealState } from "./realState.ts";
import { ComparisonCloud } from "./world.ts";
import type { PlannedFailure } from "./world.ts";

const PROJECT = "comparison";
const STACK = "test";
const PASSPHRASE = "compared";
const CLI_TIMEOUT_MS = 120_000;

/** What one run of an engine is given. */
export interface Run {
    /** Undefined destroys the stack. */
    readonly program: ProgramDescription | undefined;
    readonly failure?: PlannedFailure | undefined;
}

export class Sandbox {
    readonly #folder: string;
    readonly #emptyState: string;
    #realCloud = new ComparisonCloud();
    #embeddedCloud = new ComparisonCloud();
    #served: ServedProvider | undefined;

    private constructor(folder: string, emptyState: string) {
        this.#folder = folder;
        this.#emptyState = emptyState;
    }

    /** Makes the folder and an empty stack of the real engine. */
    static async create(): Promise<Sandbox> {
        const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-comparison-"));
        for (const name of ["node_modules", "backend", "home", "bin"]) mkdirSync(path.join(folder, name));
        symlinkSync(path.join(PROJECT_FOLDER, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
        cpSync(path.join(import.meta.dirname, "program", "index.ts"), path.join(folder, "index.ts"));
        writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: PROJECT, type: "module" }));
        writeFileSync(path.join(folder, "Pulumi.yaml"), `name: ${PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n`);
        // The CLI asks npm for its version, for its own statistics alone, which takes longer than the program.
        writeFileSync(path.join(folder, "bin", "npm"), "#!/bin/sh\necho 11.0.0\n", { mode: 0o755 });
        const { code, output } = await runCli(["stack", "init", STACK], folder, {});
        if (code !== 0) throw new Error(`pulumi stack init failed: ${output}`);
        return new Sandbox(folder, readFileSync(stateFileOf(folder), "utf8"));
    }

    /** Two empty clouds, two empty stacks. */
    async reset(): Promise<void> {
        this.#served?.close();
        this.#realCloud = new ComparisonCloud();
        this.#embeddedCloud = new ComparisonCloud();
        this.#served = await serveProvider(createMemoryProvider(this.#realCloud), this.#folder);
        rmSync(path.join(this.#folder, "backend", ".pulumi", "history"), { recursive: true, force: true });
        rmSync(path.join(this.#folder, "embedded.json"), { force: true });
        writeFileSync(stateFileOf(this.#folder), this.#emptyState);
    }

    async runReal(run: Run): Promise<Observation> {
        this.#realCloud.refuse(run.failure);
        this.#writeProgram(run.program);
        const events = path.join(this.#folder, "events.jsonl");
        rmSync(events, { force: true });
        const command = run.program === undefined ? ["destroy"] : ["up"];
        const { code, output } = await runCli(
            [...command, "--stack", STACK, "--skip-preview", "--yes", "--non-interactive", "--parallel", "1", "--event-log", events],
            this.#folder, { PULUMI_DEBUG_PROVIDERS: `memory:${this.#served?.port ?? 0}` });
        return {
            failed: code !== 0, message: code === 0 ? "" : output, calls: this.#realCloud.takeLog(),
            ...observeEvents(readFileSync(events, "utf8")),
            state: observeRealState(readFileSync(stateFileOf(this.#folder), "utf8"), PASSPHRASE),
        };
    }

    async runEmbedded(run: Run): Promise<Observation> {
        this.#embeddedCloud.refuse(run.failure);
        this.#writeProgram(run.program);
        const stateFile = path.join(this.#folder, "embedded.json");
        const engine = this.#createEmbedded(stateFile);
        const seen = await observeRun(engine, run.program === undefined);
        const state = new StateFile({ file: stateFile, project: PROJECT, stack: STACK, passphrase: PASSPHRASE }).load();
        return { ...seen, calls: this.#embeddedCloud.takeLog(), state: observeEmbeddedState(state) };
    }

    remove(): void {
        this.#served?.close();
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #writeProgram(program: ProgramDescription | undefined): void {
        if (program !== undefined) writeFileSync(path.join(this.#folder, "program.json"), JSON.stringify(program));
    }

    #createEmbedded(stateFile: string): EmbeddedEngine {
        return createEmbeddedEngine({
            projectFolder: this.#folder, program: "index.ts", project: PROJECT, stack: STACK, config: {}, parallel: 1,
            provider: createMemoryProvider(this.#embeddedCloud), stateFile, passphrase: PASSPHRASE, environment: programEnvironment(this.#folder),
        });
    }
}

async function observeRun(engine: EmbeddedEngine, isDestroy: boolean): Promise<Omit<Observation, "calls" | "state">> {
    const operations: string[] = [];
    const failedOperations: string[] = [];
    const onEvent = (event: EngineEvent): void => {
        if (event.kind !== "resource" || event.status === "started") return;
        (event.status === "done" ? operations : failedOperations).push(describeOperation(event.operation, event.urn));
    };
    let same: number | undefined;
    let message = "";
    try {
        const counts = isDestroy ? await engine.destroy({ onEvent }) : (await engine.up({ onEvent })).counts;
        same = counts.same ?? 0;
    } catch (error) {
        message = (error as Error).message;
    }
    return { failed: same === undefined, message, operations: operations.sort(), failedOperations: failedOperations.sort(), same };
}

function stateFileOf(folder: string): string {
    return path.join(folder, "backend", ".pulumi", "stacks", PROJECT, `${STACK}.json`);
}

function programEnvironment(folder: string): NodeJS.ProcessEnv {
    return { PATH: process.env["PATH"], HOME: folder, NODE_COMPILE_CACHE: path.join(PROJECT_FOLDER, ".firstlight", "compile-cache") };
}

/** Runs the Pulumi CLI away from the user's own settings. */
function runCli(args: readonly string[], folder: string, environment: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
    const child = spawn("pulumi", args, {
        cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: CLI_TIMEOUT_MS,
        env: {
            ...programEnvironment(folder), ...environment, PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
            PULUMI_HOME: path.join(folder, "home"), PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
            PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            // Shows the flag --event-log.
            PULUMI_DEBUG_COMMANDS: "true",
        },
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => { output += text; });
    child.stderr.setEncoding("utf8").on("data", (text: string) => { output += text; });
    return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => resolve({ code: code ?? 1, output }));
    });
}
