/** Refuses inputs that nobody would notice otherwise: a property that the rehearsal does not know, a value that was never one. */
import type { PropertyMap, PropertyValue, ResourceTable } from "../provider.ts";
import { findRule, leafPaths } from "./diff.ts";
import { formatPropertyPath } from "./propertyPath.ts";
import type { PropertyPath } from "./propertyPath.ts";
import { isMap } from "./values.ts";

/** Texts that a program makes by mistake: a missing value, an object or an output put into a string. */
const MISTAKES: readonly { readonly pattern: RegExp; readonly meaning: string }[] = [
    { pattern: /\bundefined\b/, meaning: "contains the text \"undefined\": a value was missing when the text was made" },
    { pattern: /\[object Object\]/, meaning: "contains \"[object Object]\": an object was put into a text" },
    { pattern: /Calling \[toString\] on an \[Output/, meaning: "contains an output that was not resolved: use pulumi.interpolate or apply" },
];

/** What stands at the path; undefined when nothing does. */
export function valueAt(inputs: PropertyMap, path: PropertyPath): PropertyValue | undefined {
    let value: PropertyValue | undefined = inputs;
    for (const segment of path) value = (value as unknown as Record<string | number, PropertyValue> | undefined)?.[segment];
    return value;
}

function isKnown(table: ResourceTable, path: PropertyPath, value: PropertyValue | undefined): boolean {
    if (findRule(table, path) !== undefined) return true;
    // An unknown or empty container is fine where the table has leaves below it.
    const isContainer = typeof value === "symbol" || Array.isArray(value) || isMap(value);
    const above = `${path.filter((segment) => typeof segment === "string").join(".")}.`;
    return isContainer && Object.keys(table.inputs).some((name) => name.startsWith(above));
}

/** All that is wrong with the inputs of a resource, one sentence each beginning with the property's path. Values are not shown. */
export function findInputProblems(table: ResourceTable, inputs: PropertyMap): string[] {
    return leafPaths(inputs).filter((path) => path.length > 0).flatMap((path) => {
        const name = formatPropertyPath(path);
        const value = valueAt(inputs, path);
        if (!isKnown(table, path, value)) return [`${name}: the rehearsal does not know this property; add it to the table of ${table.type}, or remove it`];
        if (typeof value !== "string") return [];
        return MISTAKES.filter(({ pattern }) => pattern.test(value)).map(({ meaning }) => `${name} ${meaning}`);
    });
}

/** Names of outputs that a handler returned though its table does not have them. */
export function findOutputProblems(table: ResourceTable, outputs: PropertyMap): string[] {
    const known = new Set(table.outputs);
    return Object.keys(outputs).filter((name) => !known.has(name))
        .map((name) => `${name}: the handler returned this output, and the table of ${table.type} does not have it`);
}
