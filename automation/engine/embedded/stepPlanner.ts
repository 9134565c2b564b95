/**
 * Decides what happens to a resource: nothing, a create, an update, or a replacement in one of its two orders. The decisions follow
 * Pulumi's own step generator, so that both engines do the same with the same program.
 */
import { EngineError } from "../engine.ts";
import type { PropertyMap, Provider, ResourceTable } from "../provider.ts";
import { UNKNOWN } from "../provider.ts";
import { resolveAliases } from "./aliases.ts";
import { fillAutoName, isNameTaken } from "./autoName.ts";
import type { NamedInputs } from "./autoName.ts";
import { dependentsOf } from "./dependencies.ts";
import { diffInputs, findRule, topLevel } from "./diff.ts";
import type { Goal } from "./goal.ts";
import { applyIgnoreChanges } from "./ignoreChanges.ts";
import { findInputProblems } from "./inputCheck.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ResourceRecord } from "./state.ts";
import { createUrn, isProviderType, nameOf, providerUrn } from "./urn.ts";
import { reveal } from "./values.ts";
import type { ValueMap } from "./values.ts";

export type Step =
    | { readonly kind: "same"; readonly next: ResourceRecord; readonly old: ResourceRecord }
    /** `properties`: the top-level ones that changed; none when an earlier run left the resource not as asked. */
    | { readonly kind: "update"; readonly next: ResourceRecord; readonly old: ResourceRecord; readonly properties: readonly string[] }
    | { readonly kind: "create"; readonly next: ResourceRecord }
    /** `keepsOld`: the old one still exists and is deleted at the end of the run. */
    | { readonly kind: "create-replacement"; readonly next: ResourceRecord; readonly old: ResourceRecord; readonly keepsOld: boolean; readonly properties: readonly string[] }
    /** Deletes before a replacement is created; the record stays, marked, until then. */
    | { readonly kind: "delete-replaced"; readonly old: ResourceRecord };

export interface PlannerOptions {
    readonly project: string;
    readonly stack: string;
    readonly provider: Provider;
    readonly snapshot: Snapshot;
}

/** What becomes of a resource that exists. */
interface Decision {
    /** Top-level ones. */
    readonly properties: readonly string[];
    readonly isChanged: boolean;
    readonly isReplaced: boolean;
    /** The property table asks for the replacement, not only the program or a run that failed. */
    readonly isAskedByTable: boolean;
}

/** Where a resource stands in the previous state. */
interface Match {
    readonly urn: string;
    readonly old: ResourceRecord | undefined;
    /** It was deleted in this run because something it depends on is being replaced. */
    readonly isRecreated: boolean;
}

export class StepPlanner {
    readonly #options: PlannerOptions;
    readonly #olds: ReadonlyMap<string, ResourceRecord>;
    readonly #registered = new Set<string>();
    /** By old URN: the new one, and the other way round. */
    readonly #aliasedTo = new Map<string, string>();
    readonly #foundUnder = new Map<string, string>();
    readonly #deletedEarly = new Set<string>();
    readonly #kept = new Set<string>();

    constructor(options: PlannerOptions) {
        this.#options = options;
        this.#olds = new Map(options.snapshot.previous.filter((record) => !record.pendingDeletion).map((record) => [record.urn, record]));
    }

    /** Reserves the URN of a resource. @throws EngineError when the program declared it before. */
    claim(goal: Goal): string {
        const { project, stack } = this.#options;
        const urn = createUrn({ project, stack, parent: goal.parent, type: goal.type, name: goal.name });
        if (this.#registered.has(urn)) {
            throw new EngineError(`${goal.type} ${goal.name}: the program declares this resource twice; give one of them another name`, { urn });
        }
        if (goal.parent !== "" && !this.#registered.has(goal.parent)) {
            throw new EngineError(`${goal.type} ${goal.name}: its parent ${nameOf(goal.parent)} was not declared in this run`, { urn });
        }
        this.#registered.add(urn);
        return urn;
    }

    /** The steps for a resource, to be run one after the other. @throws EngineError when the program asks what cannot be done. */
    plan(urn: string, goal: Goal): readonly Step[] {
        const match = this.#match(urn, goal);
        const { old } = match;
        if (old === undefined) return [{ kind: "create", next: this.#record(urn, goal, this.#check(urn, goal.inputs, { goal })) }];
        if (match.isRecreated) {
            this.#deletedEarly.delete(urn);
            this.#kept.add(old.urn);
            return [{ kind: "create-replacement", next: this.#record(urn, goal, this.#check(urn, goal.inputs, { goal })), old, keepsOld: false, properties: [] }];
        }
        this.#kept.add(old.urn);
        const inputs = this.#refuseWithUrn(urn, () => applyIgnoreChanges(goal.inputs, old.inputs, goal.ignoreChanges));
        const next = this.#record(urn, goal, this.#check(urn, inputs, { goal, old }));
        const difference = this.#diff(old, next, goal);
        if (difference.isReplaced) return this.#planReplacement(match, goal, { isProtected: next.protect, ...difference });
        const isUpdated = difference.isChanged || old.initErrors.length > 0;
        return [isUpdated ? { kind: "update", next, old, properties: difference.properties } : { kind: "same", next, old }];
    }

    /** The resources of the previous state that the program no longer declares, and those that a replacement left behind. */
    leftovers(): readonly ResourceRecord[] {
        return this.#options.snapshot.previous.filter((record) => record.pendingDeletion || !this.#kept.has(record.urn));
    }

    #match(urn: string, goal: Goal): Match {
        const { snapshot, ...context } = this.#options;
        const taken = this.#aliasedTo.get(urn);
        if (taken !== undefined) throw new EngineError(`${nameOf(urn)}: ${nameOf(taken)} has already taken over this resource by an alias`, { urn });
        const aliases = resolveAliases(goal, { ...context, found: this.#foundUnder });
        const foundUrn = [urn, ...aliases].find((candidate) => this.#olds.has(candidate));
        if (foundUrn === undefined) return { urn, old: undefined, isRecreated: false };
        if (foundUrn !== urn) {
            const other = this.#registered.has(foundUrn) ? foundUrn : this.#aliasedTo.get(foundUrn);
            if (other !== undefined) throw new EngineError(`${nameOf(urn)}: its alias ${foundUrn} is already used by ${nameOf(other)}`, { urn });
            this.#aliasedTo.set(foundUrn, urn);
            this.#foundUnder.set(urn, foundUrn);
            snapshot.rename(foundUrn, urn);
        }
        return { urn, old: this.#olds.get(foundUrn), isRecreated: this.#deletedEarly.has(urn) };
    }

    /** What the provider's Check does: names and refusals. Without `old` defaults are made anew. */
    #check(urn: string, inputs: ValueMap, given: { goal: Goal; old?: ResourceRecord }): NamedInputs {
        const { goal, old } = given;
        if (!goal.custom || isProviderType(goal.type)) return { inputs, autoNamed: false };
        const table = this.#table(urn, goal);
        const named = this.#refuseWithUrn(urn, () => fillAutoName(urn, inputs, { table, old }));
        const problems = findInputProblems(table, reveal(named.inputs));
        if (problems.length > 0) throw new EngineError(problems.map((problem) => `${goal.type} ${goal.name}: ${problem}`).join("\n"), { urn });
        return named;
    }

    #table(urn: string, goal: Goal): ResourceTable {
        const handler = this.#options.provider.resources.get(goal.type);
        if (handler === undefined) {
            throw new EngineError(`${goal.type} ${goal.name}: this type cannot be rehearsed; add a handler with a property table for it`, { urn });
        }
        return handler.table;
    }

    #record(urn: string, goal: Goal, named: NamedInputs): ResourceRecord {
        return {
            urn, type: goal.type, custom: goal.custom, inputs: named.inputs, outputs: {}, autoNamed: named.autoNamed,
            ...(goal.parent === "" ? {} : { parent: goal.parent }),
            ...(goal.provider === "" || !goal.custom ? {} : { provider: goal.provider }),
            ...(goal.deletedWith === "" ? {} : { deletedWith: goal.deletedWith }),
            dependencies: goal.dependencies, propertyDependencies: goal.propertyDependencies,
            protect: goal.protect ?? false, retainOnDelete: goal.retainOnDelete ?? false,
            ignoreChanges: goal.ignoreChanges, additionalSecretOutputs: goal.additionalSecretOutputs,
            initErrors: [], pendingDeletion: false, pendingReplacement: false,
        };
    }

    #diff(old: ResourceRecord, next: ResourceRecord, goal: Goal): Decision {
        const table = this.#options.provider.resources.get(goal.type)?.table;
        const difference = diffInputs({
            oldInputs: reveal(old.inputs), newInputs: reveal(next.inputs), table, replaceOnChanges: goal.replaceOnChanges,
        });
        const isMoved = (old.provider === undefined) !== (next.provider === undefined);
        const isReplaced = old.pendingReplacement || isMoved || difference.replacing.length > 0;
        const isAskedByTable = table !== undefined && difference.changed.some((path) => findRule(table, path)?.change === "replace");
        return { properties: topLevel(difference.changed), isChanged: isReplaced || difference.changed.length > 0, isReplaced, isAskedByTable };
    }

    #planReplacement(match: Match, goal: Goal, decision: Decision & { isProtected: boolean }): readonly Step[] {
        const { urn } = match;
        const { properties } = decision;
        const old = match.old as ResourceRecord;
        if (decision.isProtected && old.protect) {
            throw new EngineError(`${goal.type} ${goal.name}: the change would replace it, and it is protected; remove protect first, or take the change back`, { urn });
        }
        const named = this.#check(urn, goal.inputs, { goal });
        const next = this.#record(urn, goal, named);
        const isNameKept = decision.isAskedByTable && this.#hasTakenName(old, named, goal);
        if (!(goal.deleteBeforeReplace ?? isNameKept)) return [{ kind: "create-replacement", next, old, keepsOld: true, properties }];
        const dependents = this.#dependentReplacements(old).reverse();
        for (const dependent of dependents) this.#refuseProtectedDependent(dependent, goal, urn);
        for (const dependent of dependents) this.#deletedEarly.add(dependent.urn);
        return [
            ...dependents.map((dependent): Step => ({ kind: "delete-replaced", old: dependent })),
            ...(old.pendingReplacement ? [] : [{ kind: "delete-replaced", old } as const]),
            { kind: "create-replacement", next, old, keepsOld: false, properties },
        ];
    }

    /** A bridged provider cannot make a second resource of the same name beside the first, so it asks to delete first. */
    #hasTakenName(old: ResourceRecord, named: NamedInputs, goal: Goal): boolean {
        const table = this.#options.provider.resources.get(goal.type)?.table;
        return table !== undefined && isNameTaken(table, old.inputs, named);
    }

    #refuseProtectedDependent(dependent: ResourceRecord, goal: Goal, urn: string): void {
        if (!dependent.protect) return;
        throw new EngineError(
            `${dependent.type} ${nameOf(dependent.urn)}: replacing ${goal.name} would replace it too, and it is protected; remove protect first`, { urn });
    }

    /** What must be deleted before the root can be: everything that would itself be replaced when the root's outputs change. */
    #dependentReplacements(root: ResourceRecord): ResourceRecord[] {
        const replaced = new Set([root.urn]);
        const found: ResourceRecord[] = [];
        for (const record of dependentsOf(root, this.#options.snapshot.previous, this.#registered)) {
            if (!this.#wouldBeReplaced(record, replaced)) continue;
            replaced.add(record.urn);
            if (!this.#deletedEarly.has(record.urn)) found.push(record);
        }
        return found;
    }

    #wouldBeReplaced(record: ResourceRecord, replaced: ReadonlySet<string>): boolean {
        if (!record.custom) return false;
        if (replaced.has(providerUrn(record.provider ?? ""))) return true;
        const oldInputs = reveal(record.inputs);
        const touched = Object.keys(oldInputs).filter((name) => record.propertyDependencies[name]?.some((urn) => replaced.has(urn)) === true);
        const newInputs: PropertyMap = { ...oldInputs, ...Object.fromEntries(touched.map((name) => [name, UNKNOWN])) };
        const table = this.#options.provider.resources.get(record.type)?.table;
        return touched.length > 0 && diffInputs({ oldInputs, newInputs, table, replaceOnChanges: [] }).replacing.length > 0;
    }

    #refuseWithUrn<Result>(urn: string, work: () => Result): Result {
        try {
            return work();
        } catch (error) {
            throw new EngineError(`${nameOf(urn)}: ${(error as Error).message}`, { urn, cause: error });
        }
    }
}
