/** Compares what was asked with what the cloud has. */
import type { PropertyMap, PropertyValue, ResourceTable } from "../provider.ts";
import { FileReference } from "../provider.ts";
import { findRule, leafPaths } from "./diff.ts";
import { formatPropertyPath } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { isMap, valuesEqual } from "./values.ts";

export interface ReadBackMismatch {
    readonly property: string;
    readonly path: PropertyPath;
    readonly asked: PropertyValue;
    readonly observed: PropertyValue | undefined;
}

type Leaf = Omit<ReadBackMismatch, "property">;

function follow(value: PropertyValue | undefined, path: PropertyPath): PropertyValue | undefined {
    return path.reduce<PropertyValue | undefined>((inner, segment) =>
        Array.isArray(inner) || isMap(inner) ? (inner as unknown as Record<string | number, PropertyValue>)[segment] : undefined, value);
}

function parseDocument(value: PropertyValue | undefined): PropertyValue | undefined {
    if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
    try {
        return JSON.parse(value) as PropertyValue;
    } catch {
        return value;
    }
}

function isSame(asked: PropertyValue, observed: PropertyValue | undefined): boolean {
    if (asked instanceof FileReference && observed instanceof FileReference) return asked.hash === observed.hash;
    // An empty container and an absent one cannot be told apart in most APIs.
    const isEmpty = (Array.isArray(asked) && asked.length === 0) || (isMap(asked) && Object.keys(asked).length === 0);
    if (isEmpty && observed === undefined) return true;
    return valuesEqual(asked, observed) || valuesEqual(parseDocument(asked), parseDocument(observed));
}

/** Every `applied` leaf of the asked inputs that the cloud does not have as asked, and lists that are longer there. */
export function findMismatches(table: ResourceTable, asked: PropertyMap, observed: PropertyMap): ReadBackMismatch[] {
    const applied: PropertyPath[] = leafPaths(asked).filter((path) => path.length > 0 && findRule(table, path)?.effect === "applied");
    const leaves = applied.map((path): Leaf => ({ path, asked: follow(asked, path) as PropertyValue, observed: follow(observed, path) }))
        .filter((leaf) => !isSame(leaf.asked, leaf.observed));
    return [...leaves, ...longerLists(applied, asked, observed)]
        .map((leaf) => ({ property: formatPropertyPath(leaf.path), ...leaf }));
}

/** Leaves alone would not show that the cloud has more elements than were asked. */
function longerLists(applied: readonly PropertyPath[], asked: PropertyMap, observed: PropertyMap): Leaf[] {
    const lists = new Map<string, PropertyPath>();
    for (const path of applied) {
        path.forEach((segment, index) => {
            if (typeof segment === "number") lists.set(formatPropertyPath(path.slice(0, index)), path.slice(0, index));
        });
    }
    return [...lists.values()].flatMap((path) => {
        const want = follow(asked, path);
        const have = follow(observed, path);
        return Array.isArray(want) && Array.isArray(have) && have.length > want.length ? [{ path, asked: want, observed: have }] : [];
    });
}
