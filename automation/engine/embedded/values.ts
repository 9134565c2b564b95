/**
 * Values inside the embedded engine: what handlers see (`PropertyValue`) plus the marks that only the engine knows, secrets and
 * references to resources.
 */
import { FileReference, UNKNOWN } from "../provider.ts";
import type { PropertyMap, PropertyValue } from "../provider.ts";

/** A value that must not be seen in state, logs or messages. Never nested: a secret inside a secret is one secret. */
export class Secret {
    readonly value: Value;

    constructor(value: Value) {
        this.value = value instanceof Secret ? value.value : value;
    }
}

/** A resource given as a value, for example a component in the outputs of another. */
export class ResourceReference {
    readonly urn: string;
    /** Undefined for components; `UNKNOWN` in a plan. */
    readonly id: string | typeof UNKNOWN | undefined;

    constructor(urn: string, id?: string | typeof UNKNOWN) {
        this.urn = urn;
        this.id = id;
    }
}

export type Value =
    | null | boolean | number | string
    | typeof UNKNOWN | FileReference | Secret | ResourceReference
    | readonly Value[]
    | ValueMap;

export interface ValueMap { readonly [name: string]: Value }

/** Whether the value is a map with names, and not one of the marks or a list. */
export function isMap(value: unknown): value is ValueMap {
    return typeof value === "object" && value !== null && !Array.isArray(value)
        && !(value instanceof Secret) && !(value instanceof ResourceReference) && !(value instanceof FileReference);
}

/** Applies a function to each value of a map; `undefined` leaves the name out. */
export function mapValues<From, To>(map: { readonly [name: string]: From }, change: (value: From, name: string) => To | undefined): Record<string, To> {
    const result: Record<string, To> = {};
    for (const [name, value] of Object.entries(map)) {
        const changed = change(value, name);
        if (changed !== undefined) result[name] = changed;
    }
    return result;
}

function revealValue(value: Value): PropertyValue {
    if (value instanceof Secret) return revealValue(value.value);
    // A provider that takes no resource references gets the id, or the URN of a component.
    if (value instanceof ResourceReference) return value.id ?? value.urn;
    if (Array.isArray(value)) return value.map(revealValue);
    if (isMap(value)) return mapValues(value, (inner) => (inner === null ? undefined : revealValue(inner)));
    return value as PropertyValue;
}

/** What a handler sees: secrets revealed, references resolved, absent (`null`) properties of maps left out. */
export function reveal(values: ValueMap): PropertyMap {
    return revealValue(values) as PropertyMap;
}

/** Whether anything inside is not known yet. */
export function containsUnknown(value: Value): boolean {
    if (value === UNKNOWN) return true;
    if (value instanceof Secret) return containsUnknown(value.value);
    if (value instanceof ResourceReference) return value.id === UNKNOWN;
    if (Array.isArray(value)) return value.some(containsUnknown);
    return isMap(value) && Object.values(value).some(containsUnknown);
}

/** Whether anything inside is a secret. */
export function containsSecret(value: Value): boolean {
    if (value instanceof Secret) return true;
    if (Array.isArray(value)) return value.some(containsSecret);
    return isMap(value) && Object.values(value).some(containsSecret);
}

/** Every text that must be masked because it lies inside a secret. */
export function secretTexts(value: Value, insideSecret = false): string[] {
    if (value instanceof Secret) return secretTexts(value.value, true);
    if (typeof value === "string") return insideSecret ? [value] : [];
    if (Array.isArray(value)) return value.flatMap((item: Value) => secretTexts(item, insideSecret));
    return isMap(value) ? Object.values(value).flatMap((item) => secretTexts(item, insideSecret)) : [];
}

/** Without the secrets: the name of a secret property is left out altogether. */
export function withoutSecrets(values: ValueMap): PropertyMap {
    return reveal(mapValues(values, (value) => (containsSecret(value) ? undefined : value)));
}

/** Whether two revealed values are the same; files are the same when their hashes are. */
export function valuesEqual(left: PropertyValue | undefined, right: PropertyValue | undefined): boolean {
    if (left === UNKNOWN || right === UNKNOWN) return false;
    if (left instanceof FileReference || right instanceof FileReference) {
        return left instanceof FileReference && right instanceof FileReference && left.hash === right.hash && left.kind === right.kind;
    }
    if (Array.isArray(left) || Array.isArray(right)) {
        return Array.isArray(left) && Array.isArray(right) && left.length === right.length
            && left.every((item: PropertyValue, index) => valuesEqual(item, right[index] as PropertyValue));
    }
    if (isMap(left) && isMap(right)) {
        const names = new Set([...Object.keys(left), ...Object.keys(right)]);
        return [...names].every((name) => valuesEqual((left as PropertyMap)[name], (right as PropertyMap)[name]));
    }
    return left === right;
}
