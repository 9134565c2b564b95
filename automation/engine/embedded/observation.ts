/** What a resource's record becomes when the cloud is asked about it: the cloud's values take the place of those that were asked. */
import type { ObservedState, PropertyMap, PropertyValue, ResourceTable } from "../provider.ts";
import { topLevel } from "./diff.ts";
import { checkOutputs, markSecrets, updatedOutputs } from "./outputs.ts";
import { parsePropertyPath, pathContains } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { findMismatches } from "./readBack.ts";
import type { ResourceRecord } from "./state.ts";
import { Secret, isMap, reveal } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

/** The record as the cloud has it, and the paths of the inputs in which the two differ. */
export interface Observation {
    readonly record: ResourceRecord;
    readonly differences: readonly PropertyPath[];
}

/**
 * The inputs that the cloud has: those that were asked, and where an applied one differs the cloud's. What was not asked is not looked at,
 * nor what the rehearsal only records, so that the next `up` puts right exactly what the read-back after a create would have refused.
 */
export function observeInputs(table: ResourceTable, asked: ValueMap, observed: PropertyMap): { inputs: ValueMap; differences: readonly PropertyPath[] } {
    let inputs: Value = asked;
    const differences: PropertyPath[] = [];
    // The last elements first: an element that the cloud lacks is taken out of its list, which moves those after it.
    for (const { path, observed: value } of [...findMismatches(table, reveal(asked), observed)].reverse()) {
        inputs = replaceAt(inputs, path, value) as Value;
        differences.unshift(path);
    }
    return { inputs: inputs as ValueMap, differences };
}

/** The record of a resource that was read. What it was not as asked stands in its inputs now, so it has no more errors of its own. */
export function observe(record: ResourceRecord, observed: ObservedState, table: ResourceTable): Observation {
    const { inputs, differences } = observeInputs(table, record.inputs, observed.inputs);
    const returned = checkOutputs(table, observed.outputs);
    const outputs = updatedOutputs({ oldInputs: record.inputs, oldOutputs: record.outputs, newInputs: inputs }, returned);
    const secretNames = [...record.additionalSecretOutputs, ...table.secretOutputs ?? []];
    return { record: { ...record, id: observed.id, inputs, outputs: markSecrets(outputs, inputs, secretNames), initErrors: [] }, differences };
}

/** Top-level properties of the differences that the program does not ask to ignore. */
export function driftedProperties(differences: readonly PropertyPath[], ignoreChanges: readonly string[]): string[] {
    const ignored = ignoreChanges.map(parsePropertyPath);
    const counted = differences.filter((path) => !ignored.some((ancestor) => pathContains(ancestor, path)));
    return topLevel(counted);
}

/** A copy with another value at the path; without one, what stands there is taken out. Secrets stay secret. */
function replaceAt(value: Value | undefined, path: PropertyPath, replacement: PropertyValue | undefined): Value | undefined {
    if (value instanceof Secret) {
        const inner = replaceAt(value.value, path, replacement);
        return inner === undefined ? undefined : new Secret(inner);
    }
    const [key, ...rest] = path;
    if (key === undefined) return replacement;
    const inner = replaceAt((value as Record<string | number, Value> | undefined)?.[key], rest, replacement);
    if (Array.isArray(value)) return inner === undefined ? value.toSpliced(key as number, 1) : value.with(key as number, inner);
    const { [key]: _, ...others } = isMap(value) ? value : {};
    return (inner === undefined ? others : { ...others, [key]: inner }) as ValueMap;
}
