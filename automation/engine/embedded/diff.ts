/** What changed between two sets of inputs, and whether the change can be made in place: the property table decides. */
import type { PropertyMap, PropertyRule, PropertyValue, ResourceTable } from "../provider.ts";
import { parsePropertyPath, pathContains } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { isMap, valuesEqual } from "./values.ts";

export interface Difference {
    /** Paths of the changed leaves. */
    readonly changed: readonly PropertyPath[];
    /** Those of them that force a replacement. */
    readonly replacing: readonly PropertyPath[];
}

export interface DiffOptions {
    readonly oldInputs: PropertyMap;
    readonly newInputs: PropertyMap;
    /** Undefined for components and providers, whose changes never replace. */
    readonly table?: ResourceTable | undefined;
    readonly replaceOnChanges: readonly string[];
}

/** The rule for a leaf: its own, or that of the closest `free` property above it. Undefined when the table has none. */
export function findRule(table: ResourceTable, path: PropertyPath): PropertyRule | undefined {
    const names = path.filter((segment) => typeof segment === "string");
    const own = table.inputs[names.join(".")];
    if (own !== undefined) return own;
    for (let length = names.length - 1; length > 0; length--) {
        const above = table.inputs[names.slice(0, length).join(".")];
        if (above !== undefined) return above.free === true ? above : undefined;
    }
    return undefined;
}

/** Paths of all leaves; an empty list or map is a leaf too. */
export function leafPaths(value: PropertyValue, path: PropertyPath = []): PropertyPath[] {
    if (Array.isArray(value) && value.length > 0) return value.flatMap((item: PropertyValue, index) => leafPaths(item, [...path, index]));
    if (isMap(value) && Object.keys(value).length > 0) {
        return Object.entries(value as PropertyMap).flatMap(([name, inner]) => leafPaths(inner, [...path, name]));
    }
    return [path];
}

/** Paths of the leaves in which two values differ. */
export function changedPaths(left: PropertyValue | undefined, right: PropertyValue | undefined, path: PropertyPath = []): PropertyPath[] {
    if (valuesEqual(left, right)) return [];
    if (left === undefined) return leafPaths(right as PropertyValue, path);
    if (right === undefined) return leafPaths(left, path);
    if (Array.isArray(left) && Array.isArray(right)) {
        const longer: readonly unknown[] = left.length > right.length ? left : right;
        return longer.flatMap((_, index) => changedPaths(left[index] as PropertyValue, right[index] as PropertyValue, [...path, index]));
    }
    if (isMap(left) && isMap(right)) {
        const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
        return names.flatMap((name) => changedPaths((left as PropertyMap)[name], (right as PropertyMap)[name], [...path, name]));
    }
    return [path];
}

/** Names of the top-level properties in which the paths begin. */
export function topLevel(paths: readonly PropertyPath[]): string[] {
    return [...new Set(paths.map(([name]) => String(name)))];
}

/** Compares old and new inputs. */
export function diffInputs(options: DiffOptions): Difference {
    const changed = changedPaths(options.oldInputs, options.newInputs);
    const forced = options.replaceOnChanges.map(parsePropertyPath);
    const replacing = changed.filter((path) =>
        (options.table !== undefined && findRule(options.table, path)?.change === "replace") || forced.some((ancestor) => pathContains(ancestor, path)));
    return { changed, replacing };
}
