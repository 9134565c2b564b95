/** The state while a run changes it: what was there, what became of it, what is new. Saved after every change. */
import type { PendingStep, ResourceRecord, StackState } from "./state.ts";

export class Snapshot {
    readonly #previous: ResourceRecord[];
    readonly #settled = new Set<ResourceRecord>();
    readonly #fresh: ResourceRecord[] = [];
    readonly #pending = new Map<symbol, PendingStep>();
    /** Creates of a killed run of which nobody has said what became of them: they stay in the state until somebody does. */
    readonly #unsettled: readonly PendingStep[];
    readonly #renamed = new Map<string, string>();
    readonly #save: (state: StackState) => void;

    /** @param save gets the whole state after every change; a plan gives a function that does nothing. */
    constructor(state: StackState, save: (state: StackState) => void) {
        this.#previous = [...state.resources];
        this.#unsettled = state.pendingOperations.filter(({ operation }) => operation === "creating");
        this.#save = save;
    }

    /** What the run began with, in its order, with the marks that the run has set since. */
    get previous(): readonly ResourceRecord[] {
        return this.#previous;
    }

    /** Resources that this run has registered, in the order in which they were done. */
    get fresh(): readonly ResourceRecord[] {
        return this.#fresh;
    }

    /** Everything that exists now: what the run has done, then what it has not come to yet. */
    get resources(): readonly ResourceRecord[] {
        return [...this.#fresh, ...this.#previous.filter((record) => !this.#settled.has(record)).map((record) => this.#followRenames(record))];
    }

    /** Notes that a step begins, so that a killed run is not silent about it. */
    begin(step: PendingStep): () => void {
        const key = Symbol(step.resource.urn);
        this.#pending.set(key, step);
        this.save();
        return () => this.#pending.delete(key);
    }

    /** A resource is done; `old` is what it was before, when that is gone. */
    put(record: ResourceRecord, old?: ResourceRecord): void {
        if (old !== undefined) this.#settled.add(this.#current(old));
        this.#fresh.push(record);
        this.save();
    }

    /** Changes a resource that was put before (its outputs, for example). */
    change(urn: string, changes: Partial<ResourceRecord>): boolean {
        const index = this.#fresh.findIndex((record) => record.urn === urn);
        const record = this.#fresh[index];
        if (record === undefined) return false;
        this.#fresh[index] = { ...record, ...changes };
        this.save();
        return true;
    }

    /** Marks a resource of the previous state; the marked record takes its place. */
    mark(old: ResourceRecord, marks: Pick<Partial<ResourceRecord>, "pendingDeletion" | "pendingReplacement">): void {
        const index = this.#previous.indexOf(this.#current(old));
        this.#previous[index] = { ...old, ...marks };
        this.save();
    }

    /** A resource of the previous state is gone. */
    remove(old: ResourceRecord): void {
        this.#settled.add(this.#current(old));
        this.save();
    }

    /** References to the old URN are written as the new one from now on. */
    rename(oldUrn: string, newUrn: string): void {
        this.#renamed.set(oldUrn, newUrn);
    }

    save(): void {
        this.#save({ resources: this.resources, pendingOperations: [...this.#unsettled, ...this.#pending.values()] });
    }

    /** The record that stands for `old` now: itself, or its marked copy. */
    #current(old: ResourceRecord): ResourceRecord {
        if (this.#previous.includes(old)) return old;
        const same = this.#previous.find((record) => record.urn === old.urn && record.id === old.id && !this.#settled.has(record));
        return same ?? old;
    }

    #followRenames(record: ResourceRecord): ResourceRecord {
        if (this.#renamed.size === 0) return record;
        const follow = (urn: string): string => this.#renamed.get(urn) ?? urn;
        return {
            ...record,
            dependencies: record.dependencies.map(follow),
            propertyDependencies: Object.fromEntries(Object.entries(record.propertyDependencies).map(([name, urns]) => [name, urns.map(follow)])),
            ...(record.parent === undefined ? {} : { parent: follow(record.parent) }),
            ...(record.deletedWith === undefined ? {} : { deletedWith: follow(record.deletedWith) }),
        };
    }
}
