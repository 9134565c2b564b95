/** What a resource's outputs are after a step: the handler's own, over copies of the inputs, secrets marked. Shared by both engines. */
import type { PropertyMap, ResourceTable } from "../provider.ts";
import { findOutputProblems } from "./inputCheck.ts";
import { Secret, containsSecret, containsUnknown, mapValues } from "./values.ts";
import type { ValueMap } from "./values.ts";

/** The two sides of an update. */
export interface ChangedInputs {
    readonly oldInputs: ValueMap;
    readonly oldOutputs: ValueMap;
    readonly newInputs: ValueMap;
}

/** @throws when the handler returned an output that its table does not have. */
export function checkOutputs(table: ResourceTable, outputs: PropertyMap): ValueMap {
    const problems = findOutputProblems(table, outputs);
    if (problems.length > 0) throw new Error(problems.join("; "));
    return mapValues(outputs, (value) => (value === null ? undefined : value)) as ValueMap;
}

/** Outputs that the handler does not return after an update stay, except copies of inputs that the program has taken away. */
export function updatedOutputs(change: ChangedInputs, returned: ValueMap): ValueMap {
    const { oldInputs, oldOutputs, newInputs } = change;
    const kept = mapValues(oldOutputs, (value, name) => (name in oldInputs && !(name in newInputs) ? undefined : value));
    return { ...kept, ...newInputs, ...returned };
}

/** In a preview: what a create would give is right for an update too where it is known; the rest is taken to stay as it is. */
export function predictedUpdate(change: ChangedInputs, predicted: ValueMap): ValueMap {
    return { ...change.oldOutputs, ...change.newInputs, ...mapValues(predicted, (value) => (containsUnknown(value) ? undefined : value)) };
}

/** Outputs are secret when they are named so, or when the input of the same name is. */
export function markSecrets(outputs: ValueMap, inputs: ValueMap, names: Iterable<string>): ValueMap {
    const secretNames = new Set(names);
    return mapValues(outputs, (value, name) => {
        const input = inputs[name];
        return secretNames.has(name) || (input !== undefined && containsSecret(input)) ? new Secret(value) : value;
    });
}
