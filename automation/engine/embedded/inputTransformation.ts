/** Changes what a program asks for before an engine sees it, to break things on purpose. */
import type { PropertyMap, PropertyValue } from "../provider.ts";
import { Secret, containsSecret, reveal, valuesEqual } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

export interface TransformedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
}

export type InputTransformation = (resource: TransformedResource, inputs: PropertyMap) => PropertyMap;

/** Only properties that the transformation changes are taken from it, so that the others keep their marks. */
export function transformInputs(transform: InputTransformation, resource: TransformedResource, inputs: ValueMap): ValueMap {
    const before = reveal(inputs);
    return Object.fromEntries(Object.entries(transform(resource, before)).map(([name, value]: [string, PropertyValue]): [string, Value] => {
        const original = inputs[name];
        if (original !== undefined && (value === before[name] || valuesEqual(before[name], value))) return [name, original];
        return [name, original !== undefined && containsSecret(original) ? new Secret(value) : value];
    }));
}
