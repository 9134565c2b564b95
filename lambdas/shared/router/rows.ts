/**
 * Parses and encodes rows of features: objects with every feature by name, or arrays of values in the schema's order; null is a missing
 * value.
 */
import type { FeatureSchema } from "../documents.ts";
import { createRowEncoder, formatColumns, type FeatureValue, type Refusal } from "../encode.ts";

/** What is wrong with a row, and where: an RFC 6901 pointer into the JSON document that holds it. */
export interface RowReason {
    readonly pointer: string;
    readonly detail: string;
}

/** A row as it came, and where it came from. */
export interface Row {
    readonly pointer: string;
    readonly value: unknown;
}

/** Gives the line that the model reads, or undefined after it has appended what is wrong to `reasons`. */
export type RowReader = (row: Row, reasons: RowReason[]) => string | undefined;

/**
 * Prepares the reading of rows; makes the look-up tables once. What it gives throws when the schema's columns do not add up: our own
 * mistake.
 */
export function createRowReader(schema: FeatureSchema): RowReader {
    const encode = createRowEncoder(schema.features);
    const names = schema.features.map(({ name }) => name);
    const places = new Map(names.map((name, index) => [name, index]));
    return (row, reasons) => {
        const reasonsBefore = reasons.length;
        const isArray = Array.isArray(row.value);
        const values = isArray ? readArray(row, names, reasons) : readNamed(row, { names, places }, reasons);
        if (values === undefined) return undefined;
        const refusals: Refusal[] = [];
        const columns = encode(values, refusals);
        for (const { feature, detail } of refusals) {
            const place = isArray ? places.get(feature) : escapePointer(feature);
            reasons.push({ pointer: `${row.pointer}/${place}`, detail: `${feature} ${detail}` });
        }
        if (reasons.length > reasonsBefore) return undefined;
        if (columns.length !== schema.columnCount) throw new Error(describeWrongColumns(columns.length, schema));
        return formatColumns(columns);
    };
}

/** Undefined when the row has the wrong shape. A value that cannot be one is reported and taken for missing. */
function readArray(row: Row, names: readonly string[], reasons: RowReason[]): FeatureValue[] | undefined {
    const values = row.value as unknown[];
    if (values.length !== names.length) {
        reasons.push({
            pointer: row.pointer, detail: `has ${values.length} values, but the model has ${names.length} features: ${names.join(", ")}`,
        });
        return undefined;
    }
    return values.map((value, index) => readValue(value, `${row.pointer}/${index}`, reasons));
}

interface FeatureNames {
    readonly names: readonly string[];
    readonly places: ReadonlyMap<string, number>;
}

function readNamed(row: Row, { names, places }: FeatureNames, reasons: RowReason[]): FeatureValue[] | undefined {
    if (typeof row.value !== "object" || row.value === null) {
        reasons.push({ pointer: row.pointer, detail: "must be an object with every feature by name, or an array of values" });
        return undefined;
    }
    const named = row.value as Record<string, unknown>;
    for (const name of Object.keys(named)) {
        if (!places.has(name)) {
            reasons.push({ pointer: `${row.pointer}/${escapePointer(name)}`, detail: `${name} is not a feature of the model` });
        }
    }
    return names.map((name) => {
        const pointer = `${row.pointer}/${escapePointer(name)}`;
        if (Object.hasOwn(named, name)) return readValue(named[name], pointer, reasons);
        reasons.push({ pointer, detail: `${name} is absent; send null when it is not known` });
        return null;
    });
}

function readValue(value: unknown, pointer: string, reasons: RowReason[]): FeatureValue {
    if (typeof value !== "object" || value === null) return value as FeatureValue;
    reasons.push({ pointer, detail: "must be a text, a number, true, false or null" });
    return null;
}

/** RFC 6901. */
function escapePointer(name: string): string {
    return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function describeWrongColumns(got: number, schema: FeatureSchema): string {
    const what = `the schema's features give ${got} columns, but its columnCount is ${schema.columnCount}`;
    return `${what}: schema.json and model do not belong together`;
}
