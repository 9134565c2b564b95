/** Runs steps: bounds how many run at a time, reports them, keeps the state, and turns what fails into an error that names the resource. */
import { EngineError } from "../engine.ts";
import type { EngineEvent, Operation } from "../engine.ts";
import type { ObservedState, UNKNOWN } from "../provider.ts";
import { markSecrets } from "./outputs.ts";
import { ResourceCalls } from "./resourceCalls.ts";
import type { ResourceCallOptions } from "./resourceCalls.ts";
import type { Snapshot } from "./snapshot.ts";
import type { PendingStep, ResourceRecord } from "./state.ts";
import type { Step } from "./stepPlanner.ts";
import { isProviderType, nameOf } from "./urn.ts";
import { secretTexts } from "./values.ts";
import type { ValueMap } from "./values.ts";

export interface StepRunnerOptions extends ResourceCallOptions {
    readonly snapshot: Snapshot;
    /** Most steps that run at the same time. */
    readonly parallel: number;
    readonly onEvent: (event: EngineEvent) => void;
}

/** A resource after its step. In a plan the id may be unknown. */
export interface StepResult {
    readonly record: ResourceRecord;
    readonly id: string | typeof UNKNOWN | undefined;
}

type CreatingStep = Extract<Step, { kind: "create" | "create-replacement" }>;

/** What is reported and remembered of a step while it runs. */
interface GuardedStep {
    readonly operation: Operation;
    readonly record: ResourceRecord;
    readonly isCounted: boolean;
    /** What a killed run leaves behind of it; undefined when it changes nothing. */
    readonly pending: PendingStep["operation"] | undefined;
}

export class StepRunner {
    readonly #options: StepRunnerOptions;
    readonly #calls: ResourceCalls;
    readonly #waiting: (() => void)[] = [];
    readonly #counts: Partial<Record<Operation, number>> = {};
    #running = 0;
    #failure: EngineError | undefined;

    constructor(options: StepRunnerOptions) {
        this.#options = options;
        this.#calls = new ResourceCalls(options);
    }

    /** How many resources had which operation. Default providers and the two halves of a replacement are not counted. */
    get counts(): Readonly<Partial<Record<Operation, number>>> {
        return this.#counts;
    }

    /** Why no further step begins: the first failure, or what `stop` was given. */
    get failure(): EngineError | undefined {
        return this.#failure;
    }

    /** From now on no step begins; each that would begin fails with this error instead. What runs goes on to its end. */
    stop(reason: EngineError): void {
        this.#failure ??= reason;
    }

    /** Runs the steps of one resource and gives the resource as it is now. @throws EngineError naming the resource. */
    async run(steps: readonly Step[]): Promise<StepResult> {
        let result: StepResult | undefined;
        for (const step of steps) result = await this.#runOne(step) ?? result;
        if (result === undefined) throw new Error("a resource needs at least one step that leaves it in place");
        return result;
    }

    /** Deletes a resource for good. @param isGoneWith whether the resource named by its `deletedWith` is deleted as well. */
    async delete(record: ResourceRecord, isGoneWith: boolean): Promise<void> {
        const { snapshot } = this.#options;
        if (record.pendingReplacement) {
            // It was deleted in an earlier run whose replacement never came.
            snapshot.remove(record);
            return;
        }
        const isSkipped = record.retainOnDelete || isGoneWith;
        const operation: Operation = record.pendingDeletion ? "replace" : record.retainOnDelete ? "retain" : "delete";
        await this.#guard({ operation, record, isCounted: !record.pendingDeletion, pending: "deleting" }, async () => {
            if (record.protect && !record.pendingDeletion) throw new Error("it is protected and cannot be deleted; remove protect and run up first");
            if (!isSkipped) await this.#calls.delete(record);
            snapshot.remove(record);
        });
    }

    /** The resource as the cloud has it; undefined when it is gone. The state stays as it is. */
    async read(record: ResourceRecord): Promise<ObservedState | undefined> {
        return this.#guard({ operation: "read", record, isCounted: true, pending: undefined }, () => this.#calls.read(record));
    }

    async #runOne(step: Step): Promise<StepResult | undefined> {
        switch (step.kind) {
            case "same": return this.#same(step.old, step.next);
            case "update": return this.#update(step.old, step.next);
            case "delete-replaced": return this.#deleteFirst(step.old);
            case "create": return this.#create(step, "create");
            case "create-replacement": return this.#create(step, "replace");
        }
    }

    #same(old: ResourceRecord, next: ResourceRecord): StepResult {
        const outputs = this.#markSecrets(old.outputs, next);
        const record = { ...next, outputs, ...(old.id === undefined ? {} : { id: old.id }) };
        this.#options.snapshot.put(record, old);
        this.#count("same", record);
        return { record, id: old.id };
    }

    #create(step: CreatingStep, operation: Operation): Promise<StepResult> {
        const { next } = step;
        return this.#guard({ operation, record: next, isCounted: true, pending: "creating" }, async () => {
            const { id, outputs } = await this.#calls.create(next);
            const made: ResourceRecord = { ...next, outputs: this.#markSecrets({ ...next.inputs, ...outputs }, next), ...(typeof id === "string" ? { id } : {}) };
            const record = await this.#calls.readBack(made);
            if (step.kind === "create-replacement" && step.keepsOld) this.#options.snapshot.mark(step.old, { pendingDeletion: true });
            this.#options.snapshot.put(record, step.kind === "create-replacement" && !step.keepsOld ? step.old : undefined);
            failOnInitErrors(record);
            return { record, id };
        });
    }

    #update(old: ResourceRecord, next: ResourceRecord): Promise<StepResult> {
        return this.#guard({ operation: "update", record: next, isCounted: true, pending: "updating" }, async () => {
            const outputs = await this.#calls.update(old, next);
            const made: ResourceRecord = { ...next, outputs: this.#markSecrets(outputs, next), ...(old.id === undefined ? {} : { id: old.id }) };
            const record = await this.#calls.readBack(made);
            this.#options.snapshot.put(record, old);
            failOnInitErrors(record);
            return { record, id: old.id };
        });
    }

    #deleteFirst(old: ResourceRecord): Promise<undefined> {
        return this.#guard({ operation: "replace", record: old, isCounted: false, pending: "deleting" }, async () => {
            if (!old.retainOnDelete) await this.#calls.delete(old);
            this.#options.snapshot.mark(old, { pendingReplacement: true });
            return undefined;
        });
    }

    #markSecrets(outputs: ValueMap, record: ResourceRecord): ValueMap {
        const table = this.#options.provider.resources.get(record.type)?.table;
        const marked = markSecrets(outputs, record.inputs, [...record.additionalSecretOutputs, ...table?.secretOutputs ?? []]);
        this.#options.masker.add(secretTexts(marked));
        return marked;
    }

    #count(operation: Operation, record: ResourceRecord): void {
        if (isDefaultProvider(record)) return;
        this.#counts[operation] = (this.#counts[operation] ?? 0) + 1;
    }

    /** Bounds what runs at a time, reports it, and turns whatever fails into an error that names the resource. */
    async #guard<Result>(step: GuardedStep, work: () => Promise<Result>): Promise<Result> {
        const { operation, record, pending } = step;
        const changes = pending !== undefined && !this.#options.dryRun;
        await this.#enter();
        const isReported = !isDefaultProvider(record);
        const began = Date.now();
        const describe = { kind: "resource", urn: record.urn, type: record.type, name: nameOf(record.urn), operation } as const;
        if (isReported) this.#options.onEvent({ ...describe, status: "started" });
        const finish = changes ? this.#options.snapshot.begin({ operation: pending, resource: record }) : () => {};
        try {
            const result = await work();
            if (step.isCounted) this.#count(operation, record);
            if (isReported) this.#options.onEvent({ ...describe, status: "done", durationMs: Date.now() - began });
            return result;
        } catch (error) {
            const message = this.#options.masker.mask((error as Error).message);
            if (isReported) this.#options.onEvent({ ...describe, status: "failed", durationMs: Date.now() - began, message });
            const failure = new EngineError(`${record.type} ${nameOf(record.urn)}: ${message}`, { urn: record.urn, cause: error });
            this.stop(failure);
            throw failure;
        } finally {
            finish();
            if (changes) this.#options.snapshot.save();
            this.#leave();
        }
    }

    async #enter(): Promise<void> {
        if (this.#running >= this.#options.parallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        else this.#running++;
        if (this.#failure === undefined) return;
        this.#leave();
        throw this.#failure;
    }

    /** The place of a step that ended goes straight to the next one that waits. */
    #leave(): void {
        const next = this.#waiting.shift();
        if (next === undefined) this.#running--;
        else next();
    }
}

/** Default providers are made by the engine, so nobody is told about them. */
export function isDefaultProvider(record: ResourceRecord): boolean {
    return isProviderType(record.type) && /^default(_|$)/.test(nameOf(record.urn)) && record.parent === undefined;
}

function failOnInitErrors(record: ResourceRecord): void {
    if (record.initErrors.length > 0) throw new Error(record.initErrors.join("; "));
}
