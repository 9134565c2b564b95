/** What is compared after each step: what was done, whether it failed, what the program gave back, and what the state holds. */

import { STACK_TYPE } from "../../../automation/engine/embedded/urn.ts";

/** A resource in a state, in the shape that both engines are brought to. */
export interface ObservedResource {
    readonly urn: string;
    readonly id?: string;
    readonly custom: boolean;
    readonly parent?: string;
    readonly inputs: unknown;
    readonly outputs: unknown;
    readonly dependencies: readonly string[];
    readonly propertyDependencies: unknown;
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly deletedWith?: string;
    readonly pendingDeletion: boolean;
    readonly pendingReplacement: boolean;
    readonly hasInitErrors: boolean;
}

export interface Observation {
    readonly failed: boolean;
    /** `<operation> <type>::<name>` of everything done but `same`, sorted; a replacement stands twice, for its create and its delete. */
    readonly operations: readonly string[];
    /** The same of what was tried and failed. */
    readonly failedOperations: readonly string[];
    /** Resources left as they were; undefined where the engine does not say. */
    readonly same: number | undefined;
    /** Calls that changed the cloud, in order. */
    readonly calls: readonly string[];
    readonly state: readonly ObservedResource[];
    /** The engine's words, when it failed. Not compared: the engines word their refusals differently. */
    readonly message: string;
}

/** Generated names differ from run to run by design. */
const GENERATED = /-[0-9a-f]{7}(?![0-9a-z])/g;

/** With keys in order and generated names made alike. */
export function canonical(value: unknown): unknown {
    if (typeof value === "string") return value.replaceAll(GENERATED, "-#######");
    if (Array.isArray(value)) return value.map(canonical);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)
        .sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, inner]) => [name, canonical(inner)]));
}

/** Resources in an order of their own: neither engine promises one. */
export function sortResources(resources: readonly ObservedResource[]): ObservedResource[] {
    const key = ({ urn, id, pendingDeletion }: ObservedResource): string => `${urn} ${String(pendingDeletion)} ${id ?? ""}`;
    return [...resources].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

/** Property dependencies without those that are empty. */
export function withoutEmpty(dependencies: Readonly<Record<string, readonly string[]>> | undefined): Record<string, string[]> {
    const entries = Object.entries(dependencies ?? {}).filter(([, urns]) => urns.length > 0);
    return Object.fromEntries(entries.map(([name, urns]) => [name, [...urns].sort()]));
}

/** `update memory:index/thing:Thing::a` */
export function describeOperation(operation: string, urn: string): string {
    return `${operation} ${urn.split("::").slice(2).join("::")}`;
}

function compareLists(what: string, left: readonly string[], right: readonly string[]): string[] {
    if (left.join("\n") === right.join("\n")) return [];
    return [`${what}: real [${left.join(", ")}] embedded [${right.join(", ")}]`];
}

function compareStates(real: readonly ObservedResource[], embedded: readonly ObservedResource[]): string[] {
    const [left, right] = [sortResources(real), sortResources(embedded)];
    const describe = ({ urn, id, pendingDeletion }: ObservedResource): string => `${describeOperation(id ?? "-", urn)}${pendingDeletion ? " (pending)" : ""}`;
    const missing = compareLists("resources", left.map(describe), right.map(describe));
    if (missing.length > 0) return missing;
    return left.flatMap((resource, index) => {
        const [one, other] = [canonical(resource), canonical(right[index])] as [Record<string, unknown>, Record<string, unknown>];
        const names = new Set([...Object.keys(one), ...Object.keys(other)]);
        return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).map((name) =>
            `${describe(resource)} ${name}: real ${JSON.stringify(one[name])} embedded ${JSON.stringify(other[name])}`);
    });
}

/** Calls in groups: deletes that follow each other are one phase, every other call stands alone. */
function findPhases(calls: readonly string[]): string[][] {
    const phases: string[][] = [];
    for (const call of calls) {
        const last = phases.at(-1);
        if (call.startsWith("delete ") && last?.[0]?.startsWith("delete ") === true) last.push(call);
        else phases.push([call]);
    }
    return phases;
}

/** Deletes of one phase in an alphabet of their own: what does not depend on each other is deleted in any order, by the real engine too. */
function sortDeletes(calls: readonly string[]): string[] {
    return findPhases(calls).flatMap((phase) => phase.sort());
}

/** Deletes that came, in the same phase, before the delete of something that depended on the resource. */
function findEarlyDeletes(calls: readonly string[], before: readonly ObservedResource[]): string[] {
    const cloudName = ({ id }: ObservedResource): string => id?.split("/")[0] ?? "";
    // Of a replaced resource two have the same name; they are left out.
    const known = before.filter((resource) => before.filter((other) => cloudName(other) === cloudName(resource)).length === 1);
    const byName = new Map(known.map((resource) => [`delete ${cloudName(resource)}`, resource]));
    return findPhases(calls).flatMap((phase) => {
        const deleted = phase.flatMap((call) => byName.get(call) ?? []);
        return deleted.flatMap((resource, index) => deleted.slice(index + 1).filter(({ dependencies }) => dependencies.includes(resource.urn))
            .map((dependent) => `embedded deleted ${resource.urn} before ${dependent.urn}, which depends on it`));
    });
}

/**
 * A known difference (docs/engine-differences.md): of a resource that an earlier run has deleted before a replacement that then failed,
 * the real engine calls delete a second time when deleteBeforeReplace is no longer set. The embedded engine knows that it is gone.
 */
function withoutSecondDeletes(real: Observation, before: readonly ObservedResource[]): Observation {
    const gone = before.filter(({ pendingReplacement }) => pendingReplacement);
    const operations = [...real.operations];
    for (const { urn, id } of gone) {
        const operation = describeOperation("replace", urn);
        const isDeletedAgain = real.calls.includes(`delete ${id ?? ""} (gone)`);
        if (isDeletedAgain && operations.includes(operation)) operations.splice(operations.indexOf(operation), 1);
    }
    return { ...real, operations, calls: real.calls.filter((call) => !gone.some(({ id }) => call === `delete ${id ?? ""} (gone)`)) };
}

/**
 * Everything in which the embedded engine did not do as the real one; empty when it did.
 * @param before the real engine's state before the run.
 */
export function compareObservations(observed: Observation, embedded: Observation, before: readonly ObservedResource[]): string[] {
    const real = withoutSecondDeletes(observed, before);
    if (real.failed !== embedded.failed) {
        return [`real ${real.failed ? `failed: ${real.message}` : "succeeded"}; embedded ${embedded.failed ? `failed: ${embedded.message}` : "succeeded"}`];
    }
    // The real engine tells that the stack itself was made when its outputs come, which they do not after a failure.
    const withoutStack = (operations: readonly string[]): string[] => operations.filter((operation) => !real.failed || !operation.includes(STACK_TYPE));
    return [
        ...compareLists("operations", withoutStack(real.operations), withoutStack(embedded.operations)),
        ...compareLists("failed operations", real.failedOperations, embedded.failedOperations),
        ...(embedded.same === undefined || real.same === embedded.same ? [] : [`unchanged resources: real ${real.same} embedded ${embedded.same}`]),
        ...compareLists("calls", sortDeletes(real.calls), sortDeletes(embedded.calls)),
        ...findEarlyDeletes(embedded.calls, before),
        ...compareStates(real.state, embedded.state),
    ];
}
