/** What a mutation changes in the inputs of resources that the program declares: that much can be done to the program while it runs. */
import { UNKNOWN, FileReference } from "../../../automation/engine/provider.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import type { DraftPlan, DraftResource } from "./draft.ts";

export interface InputChange {
    readonly type: string;
    readonly name: string;
    readonly property: string;
    /** Undefined takes the property out. */
    readonly value?: unknown;
}

/** Undefined when the mutation changes more than that: which resources there are, what waits for what, or what only the engine can hold. */
export function findInputChanges(plans: Plans, mutated: readonly DraftPlan[]): readonly InputChange[] | undefined {
    const changes = new Map<string, InputChange>();
    for (const [index, plan] of [plans.asIs, plans.endpointsOn].entries()) {
        const resources = mutated[index]?.resources ?? [];
        if (resources.length !== plan.resources.length) return undefined;
        for (const [place, before] of plan.resources.entries()) {
            const after = resources[place] as DraftResource;
            if (JSON.stringify([before.urn, before.dependencies]) !== JSON.stringify([after.urn, after.dependencies])) return undefined;
            for (const property of new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)])) {
                const value = after.inputs[property];
                if (render(value) === render(before.inputs[property])) continue;
                if (isOnlyHere(value)) return undefined;
                const key = `${after.urn} ${property}`;
                const known = changes.get(key);
                // What differs between the graphs cannot be one and the same text in the program.
                if (known !== undefined && render(known.value) !== render(value)) return undefined;
                changes.set(key, { type: after.type, name: after.name, property, ...(value === undefined ? {} : { value }) });
            }
        }
    }
    return [...changes.values()];
}

function render(value: unknown): string {
    return JSON.stringify(value, (_key, inner: unknown) => (inner === UNKNOWN ? "<unknown>" : inner)) ?? "";
}

function isOnlyHere(value: unknown): boolean {
    if (value === UNKNOWN || value instanceof FileReference) return true;
    return typeof value === "object" && value !== null && Object.values(value).some(isOnlyHere);
}
