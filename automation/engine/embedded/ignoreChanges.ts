/**
 * Puts back the old value of every ignored property, by the real engine's rules: a property that did not exist before is taken away,
 * no list changes its length, and a path that only one side has is an error.
 */
import { parsePropertyPath } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { Secret, isMap } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

/** The path leads through something that only one side has. */
const MISSING = Symbol("missing");
type Result = Value | undefined | typeof MISSING;
type Side = Value | undefined;

function reset(before: Side, now: Side, path: PropertyPath): Result {
    if (before instanceof Secret || now instanceof Secret) {
        const inner = reset(unwrap(before), unwrap(now), path);
        return inner === undefined || inner === MISSING ? inner : new Secret(inner as Value);
    }
    const [key, ...rest] = path;
    if (key === "*") return rest.length === 0 ? resetAll(before, now) : resetEach(before, now, rest);
    if (typeof key === "number") return resetElement(before, now, { key, rest });
    return resetProperty(before, now, { key: key as string, rest });
}

function unwrap(value: Side): Side {
    return value instanceof Secret ? value.value : value;
}

function resetElement(before: Side, now: Side, at: { key: number; rest: PropertyPath }): Result {
    if (!Array.isArray(before) || !Array.isArray(now)) return Array.isArray(before) === Array.isArray(now) ? now : MISSING;
    const isInside = [before, now].map((list) => at.key < list.length);
    if (!isInside.includes(true) && at.rest.length === 0) return now;
    if (isInside.includes(false)) return MISSING;
    const inner = at.rest.length === 0 ? before[at.key] as Value : reset(before[at.key], now[at.key], at.rest);
    return inner === MISSING ? MISSING : now.with(at.key, inner) as Value;
}

function resetProperty(before: Side, now: Side, at: { key: string; rest: PropertyPath }): Result {
    const had = isMap(before) && before[at.key] !== undefined;
    if (at.rest.length === 0) {
        if (isMap(now)) return withProperty(now, at.key, had ? before[at.key] : undefined);
        return had ? MISSING : now;
    }
    if (!isMap(before) || !isMap(now)) return isMap(before) === isMap(now) ? now : MISSING;
    if (now[at.key] === undefined) return had ? MISSING : now;
    const inner = reset(before[at.key], now[at.key], at.rest);
    return inner === MISSING ? MISSING : withProperty(now, at.key, inner as Side);
}

function withProperty(map: ValueMap, key: string, value: Side): ValueMap {
    const { [key]: _, ...others } = map;
    return value === undefined ? others : { ...others, [key]: value };
}

function resetAll(before: Side, now: Side): Result {
    if (isMap(now)) return isMap(before) ? before : now;
    if (!Array.isArray(now)) return MISSING;
    if (!Array.isArray(before)) return now;
    return before.length === now.length ? before : MISSING;
}

function resetEach(before: Side, now: Side, rest: PropertyPath): Result {
    if (isMap(before) && isMap(now)) {
        return Object.keys(before).reduce<Result>((done, key) => (isMap(done as Value) ? resetProperty(before, done as Value, { key, rest }) : done),
            Object.keys(before).every((key) => now[key] !== undefined) ? now : MISSING);
    }
    if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return MISSING;
    return before.reduce<Result>((done, _, key) => (done === MISSING ? done : resetElement(before, done as Value, { key, rest })), now);
}

/** @throws when a path leads through something that only one side has. */
export function applyIgnoreChanges(newInputs: ValueMap, oldInputs: ValueMap, paths: readonly string[]): ValueMap {
    let inputs = newInputs;
    const missing: string[] = [];
    for (const text of paths) {
        const result = reset(oldInputs, inputs, parsePropertyPath(text));
        if (result === MISSING) missing.push(text);
        else inputs = result as ValueMap;
    }
    if (missing.length > 0) {
        throw new Error(`ignoreChanges: ${missing.join(", ")}: a part of the path is missing in the new or the old inputs; shorten the path`);
    }
    return inputs;
}
