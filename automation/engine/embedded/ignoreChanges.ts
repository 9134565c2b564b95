/** Puts back the old value of every ignored property. */
import { parsePropertyPath } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { Secret, isMap } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

type Key = string | number;
/** A copy of a map or a list that may be changed while it is made. */
type Draft = Record<Key, Value>;

/** Undefined when the path leads through something that the other side does not have. */
function reset(oldValue: Value | undefined, newValue: Value | undefined, path: PropertyPath): { value: Value | undefined } | undefined {
    const [key, ...rest] = path;
    if (key === undefined) return { value: oldValue };
    if (newValue instanceof Secret || oldValue instanceof Secret) {
        const inner = reset(oldValue instanceof Secret ? oldValue.value : oldValue, newValue instanceof Secret ? newValue.value : newValue, path);
        return inner === undefined || inner.value === undefined ? inner : { value: new Secret(inner.value) };
    }
    if (!isContainer(oldValue) || !isContainer(newValue)) {
        // Neither side has anything there: nothing changed. One side alone cannot be put back below its own end.
        return !isContainer(oldValue) && !isContainer(newValue) ? { value: newValue } : undefined;
    }
    const draft: Draft = Array.isArray(newValue) ? [...newValue] as unknown as Draft : { ...newValue as ValueMap };
    for (const name of key === "*" ? allKeys(oldValue, newValue) : [key]) {
        const done = resetKey(oldValue, draft, { name, rest, isWildcard: key === "*" });
        if (!done) return undefined;
    }
    return { value: Array.isArray(newValue) ? Object.values(draft) : draft as ValueMap };
}

function resetKey(oldValue: Value, draft: Draft, at: { name: Key; rest: PropertyPath; isWildcard: boolean }): boolean {
    const before = (oldValue as unknown as Draft)[at.name];
    const inner = reset(before, draft[at.name], at.rest);
    // Below a wildcard, elements that only one side has are left as they are.
    if (inner === undefined) return at.isWildcard;
    if (inner.value === undefined) delete draft[at.name];
    else draft[at.name] = inner.value;
    return true;
}

function isContainer(value: Value | undefined): value is ValueMap | readonly Value[] {
    return Array.isArray(value) || isMap(value);
}

function allKeys(oldValue: Value, newValue: Value): Key[] {
    const keys = [...new Set([...Object.keys(oldValue as object), ...Object.keys(newValue as object)])];
    return Array.isArray(newValue) ? keys.map(Number) : keys;
}

/**
 * @returns the new inputs with the old values of all ignored paths; a property that did not exist before is taken away again.
 * @throws when a path leads through something that only one side has.
 */
export function applyIgnoreChanges(newInputs: ValueMap, oldInputs: ValueMap, paths: readonly string[]): ValueMap {
    let inputs = newInputs;
    const missing: string[] = [];
    for (const text of paths) {
        const result = reset(oldInputs, inputs, parsePropertyPath(text));
        if (result === undefined) missing.push(text);
        else inputs = result.value as ValueMap;
    }
    if (missing.length > 0) {
        throw new Error(`ignoreChanges: ${missing.join(", ")}: a part of the path is missing in the new or the old inputs; shorten the path`);
    }
    return inputs;
}
