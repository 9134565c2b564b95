/** Sorts resources by the component that holds them. */
import type { PlannedChange } from "../../../engine/engine.ts";

/** What lies below no component. */
const STACK = "the stack itself";

/** In the order in which the components come up; a component's own entry is left out, as it exists in the state alone. */
export function groupByComponent(changes: readonly PlannedChange[]): ReadonlyMap<string, readonly PlannedChange[]> {
    const groups = new Map<string, PlannedChange[]>();
    for (const change of changes) {
        const component = componentOf(change.urn);
        if (component === undefined) continue;
        groups.set(component, [...groups.get(component) ?? [], change]);
    }
    return groups;
}

/**
 * The innermost component in the chain of types of a URN, `firstlight:data:DataStores`; undefined for a component or the stack itself.
 * Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
function componentOf(urn: string): string | undefined {
    const types = (urn.split("::")[2] ?? "").split("$");
    const own = types.at(-1) ?? "";
    if (own === "pulumi:pulumi:Stack" || own.startsWith("firstlight:")) return undefined;
    return types.slice(0, -1).findLast((type) => type !== "pulumi:pulumi:Stack") ?? STACK;
}
