/** JSON documents (policies, patterns, definitions) and the two spellings of property names. */
import { FileReference, type PropertyMap, type PropertyValue } from "../../engine/provider.ts";

/** Keys sorted; in policies, a list of one is its element and the order of a list of texts means nothing. */
function canonical(value: unknown): unknown {
    if (Array.isArray(value)) {
        const items = value.map(canonical);
        if (items.length === 1) return items[0];
        return items.every((item) => typeof item === "string") ? [...items].sort() : items;
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]));
}

/** Whether two documents mean the same. Texts that are not JSON are compared as they are. */
export function sameDocument(first: string, second: string): boolean {
    if (first === second) return true;
    try {
        return JSON.stringify(canonical(JSON.parse(first))) === JSON.stringify(canonical(JSON.parse(second)));
    } catch {
        return false;
    }
}

/** The asked text when the cloud's document means the same, as the real provider does to avoid differences of form; else the cloud's. */
export function asAsked(asked: string | undefined, actual: string | undefined): string | undefined {
    return asked !== undefined && actual !== undefined && sameDocument(asked, actual) ? asked : actual;
}

/** The cloud's list in the order that was asked, when it holds the same texts. */
export function inAskedOrder(asked: readonly string[] | undefined, actual: readonly string[] | undefined): readonly string[] | undefined {
    if (asked === undefined || actual === undefined) return actual;
    return JSON.stringify([...asked].sort()) === JSON.stringify([...actual].sort()) ? asked : actual;
}

function renameKeys(value: PropertyValue, rename: (key: string) => string): PropertyValue {
    if (Array.isArray(value)) return value.map((item: PropertyValue) => renameKeys(item, rename));
    if (typeof value !== "object" || value === null || value instanceof FileReference) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renameKeys(item, rename)]));
}

/**
 * `{ maxAge: 1 }` -> `{ MaxAge: 1 }` at every depth: how most SDK requests spell what Pulumi calls the same.
 * The caller names the SDK's type; not for maps whose keys are the user's.
 */
export function toSdkShape<Shape>(value: PropertyMap): Shape {
    return renameKeys(value, (key) => key.charAt(0).toUpperCase() + key.slice(1)) as Shape;
}

/** The way back: `{ MaxAge: 1 }` -> `{ maxAge: 1 }`; undefined members are left out. */
export function fromSdkShape(value: object): PropertyMap {
    const json = JSON.parse(JSON.stringify(value)) as PropertyMap;
    return renameKeys(json, (key) => key.charAt(0).toLowerCase() + key.slice(1)) as PropertyMap;
}
