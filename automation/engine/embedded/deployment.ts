/** One run of the program against the state: takes its registrations, in any order that it likes, and answers each when it is done. */
import { EngineError } from "../engine.ts";
import type { Operation, PlannedChange, PlannedResource } from "../engine.ts";
import { UNKNOWN } from "../provider.ts";
import { deleteAll } from "./deletion.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { Goal } from "./goal.ts";
import { transformInputs } from "./inputTransformation.ts";
import type { InputTransformation } from "./inputTransformation.ts";
import type { ResourceRecord } from "./state.ts";
import { StepPlanner } from "./stepPlanner.ts";
import type { PlannerOptions, Step } from "./stepPlanner.ts";
import { StepRunner, isDefaultProvider } from "./stepRunner.ts";
import type { StepResult, StepRunnerOptions } from "./stepRunner.ts";
import { PROVIDER_PREFIX, STACK_TYPE, isProviderType, nameOf, packageOf, typeOf } from "./urn.ts";
import { reveal, secretTexts } from "./values.ts";
import type { ValueMap } from "./values.ts";

export interface DeploymentOptions extends StepRunnerOptions, Omit<PlannerOptions, "provider" | "snapshot"> {
    /** Configuration by full key; what begins with a package's name goes to its default provider. */
    readonly config: Readonly<Record<string, string>>;
    readonly transformInputs?: InputTransformation | undefined;
}

export class Deployment {
    readonly #options: DeploymentOptions;
    readonly #planner: StepPlanner;
    readonly #runner: StepRunner;
    readonly #goals = new Map<string, Goal>();
    readonly #defaultProviders = new Map<string, Promise<string>>();
    readonly #planned: PlannedResource[] = [];
    readonly #changes: PlannedChange[] = [];
    readonly #stopped = Promise.withResolvers<void>();
    #stackOutputs: { readonly urn: string; readonly outputs: ValueMap } | undefined;
    #running = 0;
    #onIdle: (() => void)[] = [];

    constructor(options: DeploymentOptions) {
        this.#options = options;
        this.#planner = new StepPlanner(options);
        this.#runner = new StepRunner(options);
    }

    get counts(): Readonly<Partial<Record<Operation, number>>> {
        return this.#runner.counts;
    }

    /** Everything that was registered, and at the end what is to be deleted, in that order. */
    get planned(): readonly PlannedResource[] {
        return this.#planned;
    }

    /** What of it does not stay as it is. */
    get changes(): readonly PlannedChange[] {
        return this.#changes;
    }

    get isDryRun(): boolean {
        return this.#options.dryRun;
    }

    /** Settles when the deployment has failed or was stopped. */
    get stopped(): Promise<void> {
        return this.#stopped.promise;
    }

    get failure(): EngineError | undefined {
        return this.#runner.failure;
    }

    /** Nothing new begins. */
    stop(reason: EngineError): void {
        this.#runner.stop(reason);
        this.#stopped.resolve();
    }

    /** Waits until no step runs any more. */
    async idle(): Promise<void> {
        if (this.#running > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }

    /** Makes a resource as the program wants it. @throws EngineError naming the resource. */
    async register(goal: Goal): Promise<StepResult> {
        return this.#track(async () => {
            const provider = goal.custom && !isProviderType(goal.type) && goal.provider === "" ? await this.#defaultProvider(goal) : goal.provider;
            if (this.failure !== undefined) throw this.failure;
            const inherited = this.#inherit({ ...goal, provider });
            const urn = this.#planner.claim(inherited);
            const wanted = { ...inherited, inputs: this.#transform(urn, inherited) };
            this.#options.masker.add(secretTexts(wanted.inputs));
            this.#goals.set(urn, wanted);
            const steps = this.#planner.plan(urn, wanted);
            this.#note(steps, wanted);
            return this.#runner.run(steps);
        });
    }

    /** Runs what registers several resources by itself: the deployment is not idle until it ends, and its failure stops everything. */
    construct<Result>(work: () => Promise<Result>): Promise<Result> {
        return this.#track(work);
    }

    /** Keeps the outputs of a component or of the stack. */
    registerOutputs(urn: string, outputs: ValueMap): void {
        this.#options.masker.add(secretTexts(outputs));
        if (typeOf(urn) === STACK_TYPE) {
            this.#stackOutputs = { urn, outputs };
            return;
        }
        const known = this.#options.dryRun || this.#options.snapshot.change(urn, { outputs });
        if (!known) throw new EngineError(`${nameOf(urn)}: outputs of a resource that was not registered`, { urn });
    }

    /** Gives the stack its outputs when the run has ended. After a failure what the program did not come to is not taken away. */
    settleStackOutputs(hasFailed: boolean): void {
        if (this.#stackOutputs === undefined || this.#options.dryRun) return;
        const { urn, outputs } = this.#stackOutputs;
        const old = this.#options.snapshot.previous.find((record) => record.urn === urn)?.outputs ?? {};
        this.#options.snapshot.change(urn, { outputs: hasFailed ? { ...old, ...outputs } : outputs });
    }

    /** A resource of this run, for references to it. */
    find(urn: string): ResourceRecord | undefined {
        return this.#options.snapshot.fresh.find((record) => record.urn === urn);
    }

    /** Deletes what the program no longer declares; only to be called after the program has ended well. */
    async finish(): Promise<void> {
        const leftovers = this.#planner.leftovers();
        for (const record of leftovers) {
            if (!record.pendingDeletion && !record.pendingReplacement && !isDefaultProvider(record)) {
                const operation = record.retainOnDelete ? "retain" : "delete";
                this.#planned.push(describe(record, operation));
                this.#changes.push(describeChange(record, operation, []));
            }
        }
        await this.#track(() => deleteAll(leftovers, this.#runner));
    }

    async #track<Result>(work: () => Promise<Result>): Promise<Result> {
        this.#running++;
        try {
            return await work();
        } catch (error) {
            this.stop(this.#toEngineError(error));
            throw this.failure;
        } finally {
            this.#running--;
            if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
        }
    }

    #toEngineError(error: unknown): EngineError {
        if (!(error instanceof EngineError)) return new EngineError(this.#options.masker.mask((error as Error).message), { cause: error });
        const message = this.#options.masker.mask(error.message);
        return message === error.message ? error : new EngineError(message, { ...(error.urn === undefined ? {} : { urn: error.urn }), cause: error.cause });
    }

    /** What the program leaves open comes from the parent. */
    #inherit(goal: Goal): Goal {
        const parent = this.#goals.get(goal.parent);
        if (parent === undefined) return goal;
        return {
            ...goal,
            protect: goal.protect ?? parent.protect,
            retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
            deletedWith: goal.deletedWith === "" ? parent.deletedWith : goal.deletedWith,
            ...(parent.sourcePosition === undefined ? {} : { sourcePosition: goal.sourcePosition ?? parent.sourcePosition }),
        };
    }

    /** One default provider per package and version, as a resource without a parent. */
    #defaultProvider(goal: Goal): Promise<string> {
        const name = goal.version === "" ? "default" : `default_${goal.version.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
        const key = `${packageOf(goal.type)}/${name}`;
        let reference = this.#defaultProviders.get(key);
        if (reference === undefined) {
            reference = this.#registerDefaultProvider(name, goal);
            this.#defaultProviders.set(key, reference);
        }
        return reference;
    }

    async #registerDefaultProvider(name: string, goal: Goal): Promise<string> {
        const prefix = `${packageOf(goal.type)}:`;
        const settings = Object.entries(this.#options.config).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]);
        const inputs: ValueMap = { ...Object.fromEntries(settings), ...(goal.version === "" ? {} : { version: goal.version }) };
        const result = await this.register({
            type: `${PROVIDER_PREFIX}${packageOf(goal.type)}`, name, custom: true, parent: "", inputs, dependencies: [], propertyDependencies: {},
            provider: "", providers: {}, version: goal.version, protect: undefined, retainOnDelete: undefined, deletedWith: "",
            deleteBeforeReplace: undefined, ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [], aliases: [],
        });
        return `${result.record.urn}::${result.id === UNKNOWN ? "unknown" : result.id ?? ""}`;
    }

    #transform(urn: string, goal: Goal): ValueMap {
        const transform = this.#options.transformInputs;
        if (transform === undefined || !goal.custom || isProviderType(goal.type)) return goal.inputs;
        return transformInputs(transform, { urn, type: goal.type, name: goal.name }, goal.inputs);
    }

    #note(steps: readonly Step[], { sourcePosition }: Goal): void {
        const step = steps.at(-1);
        if (step === undefined || step.kind === "delete-replaced" || isDefaultProvider(step.next)) return;
        const operation = step.kind === "create-replacement" ? "replace" : step.kind;
        this.#planned.push({ ...describe(step.next, operation), ...(sourcePosition === undefined ? {} : { sourcePosition }) });
        if (operation !== "same") this.#changes.push(describeChange(step.next, operation, "properties" in step ? step.properties : []));
    }
}

function describeChange({ urn, type }: ResourceRecord, operation: PlannedChange["operation"], properties: readonly string[]): PlannedChange {
    return { urn, type, name: nameOf(urn), operation, properties };
}

function describe(record: ResourceRecord, operation: Operation): PlannedResource {
    const { urn, type, custom, parent, inputs, propertyDependencies, protect, retainOnDelete, ignoreChanges } = record;
    return {
        urn, type, name: nameOf(urn), custom, ...(parent === undefined ? {} : { parent }), inputs: reveal(inputs),
        dependencies: [...dependenciesOf({ ...record, ...(type === STACK_TYPE ? { dependencies: [] } : {}) })].filter((dependency) => dependency !== parent),
        propertyDependencies, protect, retainOnDelete, ignoreChanges, operation,
    };
}
