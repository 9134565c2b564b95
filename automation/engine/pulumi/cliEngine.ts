/** The engine's operations on one stack, each one run of the CLI and no more: every further run costs a no-op `up` a tenth of its time. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Stack, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import type { EngineEvent as AutomationEvent, LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import type {
    AdoptedResource, BackendView, Drift, Engine, EngineLock, EngineRequest, OperationCounts, PendingOperation, PreviewResult, Settlement, StackOutputs,
    StackResource, UpResult,
} from "../engine.ts";
import { createBackendView } from "./backendView.ts";
import { buildImport, checkImport } from "./adoption.ts";
import type { Import } from "./adoption.ts";
import { writeAsAsked } from "./adoptedInputs.ts";
import type { StackPlace } from "./backendFiles.ts";
import { findSecretTexts, readOutputs, readPendingOperations, readResources, withoutIgnored } from "./checkpoint.ts";
import type { StackExport } from "./checkpoint.ts";
import { readCheckpointFile } from "./checkpointFile.ts";
import type { Cli } from "./cli.ts";
import type { CommandRunner } from "./command.ts";
import { readEngineLocks, removeEngineLocks } from "./engineLocks.ts";
import type { EventTranslator } from "./events.ts";
import { describeFailure } from "./failure.ts";
import type { FailedRun } from "./failure.ts";
import { OperationObserver } from "./observer.ts";
import { settleState } from "./settlement.ts";

export interface CliEngineParts {
    readonly projectFolder: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly secretsProvider: string | undefined;
    readonly cli: Cli;
    readonly runner: CommandRunner;
    readonly workspace: LocalWorkspace;
    readonly place: StackPlace;
}

interface CommonOptions { readonly color: "never"; readonly onEvent: (event: AutomationEvent) => void; readonly signal?: AbortSignal }

/** Without it the CLI does not know `--event-log`. */
const WITH_EVENT_LOG = { PULUMI_DEBUG_COMMANDS: "true" } as const;

/** A state that somebody writes at the moment is empty for an instant, and the CLI cannot load it ("EOF"; 1 of 81 reads beside an update, 3.259.0). */
const READ_ATTEMPTS = 4;
const READ_PAUSE_MS = 250;

type Operating = (stack: Stack, common: CommonOptions) => Promise<unknown>;

const NO_STATE: StackExport = { version: 3, deployment: null };

export class CliEngine implements Engine {
    readonly kind = "pulumi";
    readonly backendView: BackendView;
    readonly #parts: CliEngineParts;
    readonly #stack: Promise<Stack>;
    #looking: Promise<StackExport> | undefined;

    constructor(parts: CliEngineParts) {
        this.#parts = parts;
        this.#stack = openStack(parts.workspace, parts.place.stack);
        this.backendView = createBackendView(parts.place.stack, (args) => this.#read(args));
    }

    describe(): Cli {
        return this.#parts.cli;
    }

    async preview(request: EngineRequest = {}): Promise<PreviewResult> {
        const { counts, changes } = await this.#creating(() => this.#operate("preview", request, (stack, common) => stack.preview(common)));
        return { counts, changes };
    }

    async up(request: EngineRequest = {}): Promise<UpResult> {
        const { counts, outputs } = await this.#creating(() => this.#operate("up", request, (stack, common) => stack.up(common)));
        return { counts, outputs: outputs ?? await this.outputs() };
    }

    async destroy(request: EngineRequest = {}): Promise<OperationCounts> {
        const seen = await ifThere(() => this.#operate("destroy", request, (stack, common) => stack.destroy(common)));
        return seen?.counts ?? {};
    }

    async refresh(request: EngineRequest = {}): Promise<readonly Drift[]> {
        const seen = await ifThere(() => this.#operate("refresh", request, (stack, common) => stack.refresh(common)));
        const drift = seen?.drift ?? [];
        return drift.length === 0 ? drift : withoutIgnored(drift, await this.#look());
    }

    async outputs(): Promise<StackOutputs> {
        return readOutputs(await this.#look());
    }

    async resources(): Promise<readonly StackResource[]> {
        return readResources(await this.#look());
    }

    async pendingOperations(): Promise<readonly PendingOperation[]> {
        return readPendingOperations(await this.#look());
    }

    /** @throws EngineError when a pending create is not among the settlements */
    async settle(settlements: readonly Settlement[], request: EngineRequest = {}): Promise<void> {
        const settled = settleState(await this.#export(), settlements);
        if (settled === undefined) return;
        await this.importState(settled.state);
        if (settled.adopted.length === 0) return;
        // Of everything else the caller's own refresh tells the drift.
        await this.#operate("settle", request, (stack, common) => stack.refresh({ ...common, target: [...settled.adopted] }));
    }

    async adopt(resources: readonly AdoptedResource[], request: EngineRequest = {}): Promise<void> {
        const { projectFolder, place: { project, stack } } = this.#parts;
        const missing = buildImport(resources, await this.#export(), { projectFolder, project, stack });
        if (missing.resources.length === 0) return;
        await this.#creating(() => this.#import(missing, request));
        const imported = await this.#export();
        checkImport(resources, readResources(imported));
        const coming = new Set(missing.resources.map(({ name }) => name));
        await this.importState(writeAsAsked(imported, resources.filter(({ urn }) => coming.has(urn))));
    }

    async exportState(): Promise<unknown> {
        return this.#export();
    }

    /** The CLI leaves out pending operations. */
    async importState(state: unknown): Promise<void> {
        const folder = mkdtempSync(path.join(tmpdir(), "firstlight-state-"));
        const file = path.join(folder, "state.json");
        try {
            writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
            await this.#creating(() => this.#operateAlone(["stack", "import", "--file", file]));
        } catch (error) {
            throw await describeFailure(error, this.#failed("stack import"));
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }

    async locks(): Promise<readonly EngineLock[]> {
        return readEngineLocks(this.#parts.place);
    }

    async clearLocks(): Promise<void> {
        const stack = await this.#stack;
        const cancelled = await ifThere(() => stack.cancel().then(() => true));
        if (cancelled === undefined) await removeEngineLocks(this.#parts.place);
    }

    /** Not by the Automation API, whose `import` reports no events and takes no signal. */
    async #import(wanted: Import, request: EngineRequest): Promise<void> {
        const folder = mkdtempSync(path.join(tmpdir(), "firstlight-import-"));
        const [file, log] = [path.join(folder, "import.json"), path.join(folder, "events.jsonl")];
        const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false", "--color", "never"];
        try {
            writeFileSync(file, JSON.stringify(wanted));
            await this.#operate("adopt", request, async (_stack, { onEvent, signal }) => {
                try {
                    await this.#operateAlone(["import", "--file", file, ...options, "--event-log", log], signal);
                } finally {
                    for (const event of readEvents(log)) onEvent(event);
                }
            });
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }

    /** To look at, not to write back. One read serves all who ask while it runs. */
    #look(): Promise<StackExport> {
        this.#looking ??= this.#readState().finally(() => this.#looking = undefined);
        return this.#looking;
    }

    /** Whatever cannot be read where it lies, the CLI reads, or says why not. */
    async #readState(): Promise<StackExport> {
        return await readCheckpointFile(this.#parts.place).catch(() => undefined) ?? this.#export();
    }

    /** Secrets stay encrypted. An empty state when there is no such stack. */
    async #export(): Promise<StackExport> {
        const text = await ifThere(() => this.#read(["stack", "export", ...this.#named()]));
        return text === undefined ? NO_STATE : JSON.parse(text) as StackExport;
    }

    async #readSecrets(): Promise<readonly string[]> {
        const text = await ifThere(() => this.#read(["stack", "export", "--show-secrets", ...this.#named()]));
        return text === undefined ? [] : findSecretTexts(JSON.parse(text));
    }

    #named(): readonly string[] {
        return ["--stack", this.#parts.place.stack];
    }

    async #read(args: readonly string[]): Promise<string> {
        const { projectFolder: folder, environment, runner } = this.#parts;
        for (let attempt = 1; ; attempt++) {
            try {
                return await runner.read(args, { folder, environment });
            } catch (error) {
                if (error instanceof StackNotFoundError || attempt === READ_ATTEMPTS) throw await describeFailure(error, this.#failed(args.join(" ")));
                await delay(READ_PAUSE_MS);
            }
        }
    }

    async #operateAlone(args: readonly string[], signal?: AbortSignal): Promise<void> {
        const { projectFolder: folder, environment, place, runner } = this.#parts;
        await runner.operate([...args, "--stack", place.stack], { folder, environment: { ...environment, ...WITH_EVENT_LOG }, signal });
    }

    /** Runs the operation again after making the stack when there was none: asking first would cost a run of the CLI every time. */
    async #creating<Result>(operation: () => Promise<Result>): Promise<Result> {
        try {
            return await operation();
        } catch (error) {
            if (!(error instanceof StackNotFoundError)) throw error;
            await this.#make();
            return operation();
        }
    }

    async #make(): Promise<void> {
        const { projectFolder: folder, environment, place, secretsProvider, runner } = this.#parts;
        const provider = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
        try {
            await runner.operate(["stack", "init", place.stack, "--no-select", ...provider], { folder, environment });
        } catch (error) {
            throw await describeFailure(error, this.#failed("stack init"));
        }
    }

    async #operate(name: string, request: EngineRequest, operation: Operating): Promise<EventTranslator> {
        const observer = new OperationObserver({ onEvent: request.onEvent, readSecrets: () => this.#readSecrets() });
        const { signal } = request;
        const onEvent = (event: AutomationEvent): void => observer.observe(event);
        try {
            signal?.throwIfAborted();
            await operation(await this.#stack, { color: "never", onEvent, ...(signal === undefined ? {} : { signal }) });
        } catch (error) {
            const { problems } = observer.seen;
            throw await describeFailure(error, { ...this.#failed(name), signal, problems, clean: (text) => observer.clean(text) });
        } finally {
            await observer.end();
        }
        return observer.seen;
    }

    #failed(name: string): FailedRun {
        return { name, stack: this.#parts.place.stack, problems: [], locks: () => this.locks(), clean: async (text) => text };
    }
}

/**
 * The Automation API follows `up`, `refresh` and `destroy` by two runs for the outputs and one for the history, and begins by selecting the
 * stack, which changes what a person has selected. The events say all of that, and every run names its stack.
 */
async function openStack(workspace: LocalWorkspace, name: string): Promise<Stack> {
    Object.assign(workspace, { selectStack: async () => {} });
    const stack = await Stack.select(name, workspace);
    return Object.assign(stack, { outputs: async () => ({}), info: async () => undefined });
}

/** Undefined when there is no such stack. */
async function ifThere<Result>(operation: () => Promise<Result>): Promise<Result | undefined> {
    try {
        return await operation();
    } catch (error) {
        if (error instanceof StackNotFoundError) return undefined;
        throw error;
    }
}

function readEvents(file: string): readonly AutomationEvent[] {
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as AutomationEvent);
}
