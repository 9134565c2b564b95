/**
 * A Pulumi engine without the CLI: runs the unmodified program in its own process, answers its registrations over gRPC, and hands
 * each resource to a handler. What it decides, it decides as the real engine does; what it does not support, it refuses by name.
 */
import path from "node:path";
import { EngineError } from "../engine.ts";
import type {
    AdoptedResource, Drift, Engine, EngineLock, EngineRequest, OperationCounts, PendingOperation, Plan, PlanRecorder, PreviewResult, Settlement,
    StackOutputs, StackResource, UpResult,
} from "../engine.ts";
import type { Provider } from "../provider.ts";
import { onAbort } from "./abort.ts";
import { adoptAll } from "./adoption.ts";
import { deleteAll } from "./deletion.ts";
import { Deployment } from "./deployment.ts";
import type { InputTransformation } from "./inputTransformation.ts";
import { Masker } from "./mask.ts";
import { runProgram } from "./programRun.ts";
import { refreshAll } from "./refresh.ts";
import { settleAll } from "./settlement.ts";
import { stackOutputs, toPendingOperation, toStackResource } from "./stackView.ts";
import { Snapshot } from "./snapshot.ts";
import { StateFile } from "./state.ts";
import type { StackState } from "./state.ts";
import { lockState, readLock, removeLock } from "./stateLock.ts";
import { StepRunner } from "./stepRunner.ts";
import { nameOf } from "./urn.ts";
import { secretTexts } from "./values.ts";

const DEFAULT_PARALLEL = 16;

export interface EmbeddedEngineOptions {
    /** Folder of the program; relative paths of assets begin here. */
    readonly projectFolder: string;
    /** Path of `index.ts`, absolute or from the project folder. */
    readonly program: string;
    readonly project: string;
    readonly stack: string;
    /** @default "organization" */
    readonly organization?: string;
    /** By full key: `aws:region`, `firstlight:data`. Objects are JSON text. */
    readonly config: Readonly<Record<string, string>>;
    /** Keys whose values are secret. @default none */
    readonly secretConfigKeys?: readonly string[];
    readonly provider: Provider;
    readonly stateFile: string;
    /** Encrypts the secrets of the state file. */
    readonly passphrase: string;
    /** The whole environment of the program's process. */
    readonly environment: NodeJS.ProcessEnv;
    /** For Node, before the program: `--import` of a preload, for example. @default none */
    readonly nodeArguments?: readonly string[];
    /** Changes inputs before the engine sees them, to break things on purpose. */
    readonly transformInputs?: InputTransformation;
    /** Most steps at a time. @default 16 */
    readonly parallel?: number;
}

/** @see EmbeddedEngine */
export function createEmbeddedEngine(options: EmbeddedEngineOptions): EmbeddedEngine {
    return new EmbeddedEngine(options);
}

/** One stack of one program. Runs that change the state exclude each other by a lock; `plan` and `preview` only read it. */
export class EmbeddedEngine implements Engine, PlanRecorder {
    readonly kind = "embedded";
    readonly #options: EmbeddedEngineOptions;
    readonly #stateFile: StateFile;
    readonly #masker = new Masker();

    constructor(options: EmbeddedEngineOptions) {
        this.#options = options;
        const { project, stack, passphrase } = options;
        this.#stateFile = new StateFile({ file: options.stateFile, project, stack, passphrase });
        this.#masker.add([passphrase, ...(options.secretConfigKeys ?? []).map((key) => options.config[key] ?? "")]);
    }

    /**
     * What `up` would do, resource by resource, with predicted outputs; no cloud is called but by the program's own invokes.
     * Inputs are revealed, secrets too: they are for rules, not for printing.
     */
    async plan(request: EngineRequest = {}): Promise<Plan> {
        const { planned, counts } = await this.#plan(new Snapshot(this.#load(request), () => {}), request);
        return { resources: planned, counts };
    }

    async preview(request: EngineRequest = {}): Promise<PreviewResult> {
        const { counts, changes } = await this.#plan(new Snapshot(this.#load(request), () => {}), request);
        return { counts, changes };
    }

    async up(request: EngineRequest = {}): Promise<UpResult> {
        return this.#locked(async () => {
            const snapshot = this.#open(request);
            const deployment = this.#deployment(snapshot, { request, dryRun: false });
            await this.#run(deployment, request);
            return { outputs: stackOutputs(snapshot.resources), counts: deployment.counts };
        });
    }

    async destroy(request: EngineRequest = {}): Promise<OperationCounts> {
        return this.#locked(async () => {
            const snapshot = this.#open(request);
            const runner = this.#runner(snapshot, request);
            await stoppable(runner, request, { what: "destroy", next: "run it again to delete the rest" }, async () => {
                try {
                    await deleteAll(snapshot.previous, runner);
                } finally {
                    snapshot.save();
                }
            });
            return runner.counts;
        });
    }

    async refresh(request: EngineRequest = {}): Promise<readonly Drift[]> {
        return this.#locked(async () => {
            const state = this.#load(request);
            const runner = this.#runner(new Snapshot(state, () => {}), request);
            const { resources, drift } = await stoppable(runner, request, { what: "refresh", next: "the state is as it was" },
                () => refreshAll(state.resources, this.#options.provider, runner));
            this.#stateFile.save({ resources, pendingOperations: state.pendingOperations.filter(({ operation }) => operation === "creating") });
            return drift;
        });
    }

    async outputs(): Promise<StackOutputs> {
        return stackOutputs(this.#stateFile.load().resources);
    }

    async resources(): Promise<readonly StackResource[]> {
        return this.#stateFile.load().resources.map(toStackResource);
    }

    async pendingOperations(): Promise<readonly PendingOperation[]> {
        return this.#stateFile.load().pendingOperations.map(toPendingOperation);
    }

    async settle(settlements: readonly Settlement[], request: EngineRequest = {}): Promise<void> {
        await this.#locked(async () => {
            const state = this.#read();
            const runner = this.#runner(new Snapshot(state, () => {}), request);
            this.#stateFile.save(await settleAll(state, settlements, { provider: this.#options.provider, runner }));
        });
    }

    async adopt(resources: readonly AdoptedResource[], request: EngineRequest = {}): Promise<void> {
        await this.#locked(async () => {
            const state = this.#read();
            const plan = new Snapshot(state, () => {});
            await this.#plan(plan, request.signal === undefined ? {} : { signal: request.signal });
            const runner = this.#runner(new Snapshot(state, () => {}), request);
            const records = await adoptAll(resources, { known: state.resources, planned: plan.fresh, provider: this.#options.provider, runner });
            this.#stateFile.save({ ...state, resources: records });
        });
    }

    async exportState(): Promise<unknown> {
        return this.#stateFile.export();
    }

    async importState(state: unknown): Promise<void> {
        await this.#locked(async () => this.#stateFile.import(state));
    }

    async locks(): Promise<readonly EngineLock[]> {
        return readLock(this.#options.stateFile);
    }

    async clearLocks(): Promise<void> {
        await removeLock(this.#options.stateFile);
    }

    async #plan(snapshot: Snapshot, request: EngineRequest): Promise<Deployment> {
        const deployment = this.#deployment(snapshot, { request, dryRun: true });
        await this.#run(deployment, request);
        return deployment;
    }

    async #run(deployment: Deployment, request: EngineRequest): Promise<void> {
        const { projectFolder } = this.#options;
        await runProgram(deployment, {
            ...this.#options,
            program: path.resolve(projectFolder, this.#options.program),
            organization: this.#options.organization ?? "organization",
            secretConfigKeys: this.#options.secretConfigKeys ?? [],
            nodeArguments: this.#options.nodeArguments ?? [],
            parallel: this.#options.parallel ?? DEFAULT_PARALLEL,
            masker: this.#masker, request,
        });
    }

    #deployment(snapshot: Snapshot, run: { request: EngineRequest; dryRun: boolean }): Deployment {
        const { project, stack, config, transformInputs } = this.#options;
        return new Deployment({ ...this.#shared(run.request), snapshot, dryRun: run.dryRun, project, stack, config, transformInputs });
    }

    #shared(request: EngineRequest) {
        return {
            provider: this.#options.provider, masker: this.#masker, parallel: this.#options.parallel ?? DEFAULT_PARALLEL,
            onEvent: request.onEvent ?? (() => {}),
        };
    }

    #runner(snapshot: Snapshot, request: EngineRequest): StepRunner {
        return new StepRunner({ ...this.#shared(request), snapshot, dryRun: false });
    }

    /** The state, to be changed. */
    #open(request: EngineRequest): Snapshot {
        return new Snapshot(this.#load(request), (state) => this.#stateFile.save(state));
    }

    /** The state, with a warning for each step of it that a killed run had begun. */
    #load(request: EngineRequest): StackState {
        const state = this.#read();
        for (const { operation, resource: { urn } } of state.pendingOperations) {
            request.onEvent?.({
                kind: "diagnostic", severity: "warning", urn,
                message: `${nameOf(urn)}: a run was killed while ${operation} it; whether it was done is not known`,
            });
        }
        return state;
    }

    #read(): StackState {
        const state = this.#stateFile.load();
        for (const { inputs, outputs } of [...state.resources, ...state.pendingOperations.map(({ resource }) => resource)]) {
            this.#masker.add([...secretTexts(inputs), ...secretTexts(outputs)]);
        }
        return state;
    }

    async #locked<Result>(work: () => Promise<Result>): Promise<Result> {
        const unlock = await lockState(this.#options.stateFile);
        try {
            return await work();
        } finally {
            await unlock();
        }
    }
}

/** Begins no further step when the signal fires; what runs goes on to its end. */
async function stoppable<Result>(runner: StepRunner, { signal }: EngineRequest, said: { what: string; next: string }, work: () => Promise<Result>): Promise<Result> {
    const release = onAbort(signal, () => runner.stop(new EngineError(`${said.what} was stopped; ${said.next}`)));
    try {
        return await work();
    } finally {
        release();
    }
}
