/** Reads typed values from property maps. A value of another shape than the type documents is refused with its name. */
import { FileReference, UNKNOWN, type PropertyMap, type PropertyValue } from "../../engine/provider.ts";

function refuse(name: string, wanted: string, value: PropertyValue): never {
    const got = value === UNKNOWN ? "a value that is not known yet" : Array.isArray(value) ? "a list" : typeof value;
    throw new Error(`${name}: must be ${wanted}, got ${got}`);
}

function present(inputs: PropertyMap, name: string): PropertyValue | undefined {
    const value = inputs[name];
    return value === null ? undefined : value;
}

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof FileReference);
}

export function text(inputs: PropertyMap, name: string): string | undefined {
    const value = present(inputs, name);
    if (value === undefined || typeof value === "string") return value;
    return refuse(name, "a text", value);
}

export function requiredText(inputs: PropertyMap, name: string): string {
    const value = text(inputs, name);
    if (value === undefined || value === "") throw new Error(`${name}: is required`);
    return value;
}

/** A number; Pulumi programs may also give it as text. */
export function amount(inputs: PropertyMap, name: string): number | undefined {
    const value = present(inputs, name);
    if (value === undefined || typeof value === "number") return value;
    if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
    return refuse(name, "a number", value);
}

export function flag(inputs: PropertyMap, name: string): boolean | undefined {
    const value = present(inputs, name);
    if (value === undefined || typeof value === "boolean") return value;
    return refuse(name, "true or false", value);
}

export function map(inputs: PropertyMap, name: string): PropertyMap | undefined {
    const value = present(inputs, name);
    if (value === undefined || isMap(value)) return value;
    return refuse(name, "a map", value);
}

export function maps(inputs: PropertyMap, name: string): readonly PropertyMap[] | undefined {
    const value = present(inputs, name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return refuse(name, "a list", value);
    return value.map((item: PropertyValue) => (isMap(item) ? item : refuse(name, "a list of maps", item)));
}

export function texts(inputs: PropertyMap, name: string): string[] | undefined {
    const value = present(inputs, name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return refuse(name, "a list", value);
    return value.map((item: PropertyValue) => (typeof item === "string" ? item : refuse(name, "a list of texts", item)));
}

export function textMap(inputs: PropertyMap, name: string): Record<string, string> | undefined {
    const value = map(inputs, name);
    if (value === undefined) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => {
        if (typeof item !== "string") return refuse(`${name}.${key}`, "a text", item);
        return [key, item];
    }));
}

export function file(inputs: PropertyMap, name: string): FileReference | undefined {
    const value = present(inputs, name);
    if (value === undefined || value instanceof FileReference) return value;
    return refuse(name, "a file or archive", value);
}

/** A value that may be absent, as SDK answers have them. */
export type Reported = string | number | boolean | PropertyMap | readonly PropertyValue[] | undefined;

/** Leaves out what the cloud did not report. */
export function reported(values: Readonly<Record<string, Reported>>): PropertyMap {
    const entries = Object.entries(values).filter((entry): entry is [string, Exclude<Reported, undefined>] => entry[1] !== undefined);
    return Object.fromEntries(entries);
}
