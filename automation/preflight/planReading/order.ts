/** Which resource comes before which, as the engine orders them: creates go this way, deletes the other. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

/** URNs of everything that is there before the resource is created, and still there when it is deleted. */
export function ancestorsOf(resource: PlannedResource, plan: Plan): ReadonlySet<string> {
    const byUrn = new Map(plan.resources.map((each) => [each.urn, each]));
    const found = new Set<string>();
    const waiting = [...resource.dependencies];
    for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
        if (found.has(urn)) continue;
        found.add(urn);
        waiting.push(...byUrn.get(urn)?.dependencies ?? []);
    }
    return found;
}

/** Resources of a type that an input of this one was made from. */
export function sourcesOf(
    resource: PlannedResource, property: string, { plan, type }: { readonly plan: Plan; readonly type: string },
): readonly PlannedResource[] {
    const urns = resource.propertyDependencies[property] ?? [];
    return urns.length === 0 ? [] : plan.resources.filter((other) => other.type === type && urns.includes(other.urn));
}

/** Whether two resources speak of the same thing in a property: made from the same resource, or the same text. */
export function sharesSource(one: PlannedResource, other: PlannedResource, property: string): boolean {
    const theirs = other.propertyDependencies[property] ?? [];
    if ((one.propertyDependencies[property] ?? []).some((urn) => theirs.includes(urn))) return true;
    const value = one.inputs[property];
    return typeof value === "string" && value === other.inputs[property];
}
