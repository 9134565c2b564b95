/** Parses and validates the body of `POST /inference`. */
import type { FeatureSchema } from "../shared/documents.ts";
import { createRowEncoder, formatColumns, type FeatureValue, type Refusal } from "../shared/encode.ts";
import { ProblemError } from "../shared/problem.ts";

/** Payload limit of a serverless inference endpoint: 4 MB (AWS, "Serverless Inference" limits). */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;
/** Reasons listed in one answer; a caller mends the first ones first. */
const MAX_REASONS = 20;

type Row = { readonly pointer: string; readonly value: unknown };
type Reason = { readonly pointer: string; readonly detail: string };

/** Rows of a request, encoded. */
export interface EncodedRequest {
    readonly csv: string;
    readonly rows: number;
}

/** Throws a {@link ProblemError} (413) when a body is larger than the endpoint would take. */
export function refuseOversized(bytes: number): void {
    if (bytes <= MAX_PAYLOAD_BYTES) return;
    throw new ProblemError({
        status: 413,
        title: "Request too large",
        detail: `the rows take ${bytes} bytes, but the endpoint accepts ${MAX_PAYLOAD_BYTES}; send fewer rows at once`,
    });
}

/**
 * Encodes a body `{ "features": row }` or `{ "instances": [row, ...] }`, where a row is an object with every feature by name,
 * or an array of values in the schema's order; `null` is a missing value.
 * Throws a {@link ProblemError} (400) that lists what is wrong, with a JSON pointer each.
 */
export function encodeRequest(body: string, schema: FeatureSchema): EncodedRequest {
    const rows = readRows(parseJson(body));
    const encode = createRowEncoder(schema.features);
    const reasons: Reason[] = [];
    const lines: string[] = [];
    for (const row of rows) {
        const columns = encodeRow(row, schema, { encode, reasons });
        if (columns.length !== schema.columnCount && reasons.length === 0) throw new Error(describeWrongColumns(columns.length, schema));
        lines.push(formatColumns(columns));
        if (reasons.length >= MAX_REASONS) break;
    }
    if (reasons.length > 0) throw invalidRequest("the rows do not fit the model's features", reasons.slice(0, MAX_REASONS));
    return { csv: lines.join("\n"), rows: rows.length };
}

function parseJson(body: string): unknown {
    try {
        return JSON.parse(body);
    } catch (error) {
        throw invalidRequest(`the body is not JSON: ${(error as Error).message}`, []);
    }
}

function readRows(body: unknown): readonly Row[] {
    const { features, instances, ...others } = isObject(body) ? body : {};
    const hasOne = (features === undefined) !== (instances === undefined);
    if (!hasOne || Object.keys(others).length > 0) {
        throw invalidRequest('the body must be { "features": row } or { "instances": [row, ...] } and nothing else', []);
    }
    if (features !== undefined) return [{ pointer: "/features", value: features }];
    if (!Array.isArray(instances) || instances.length === 0) {
        throw invalidRequest("instances must be an array with at least one row", [{ pointer: "/instances", detail: "is not a filled array" }]);
    }
    return instances.map((value: unknown, index) => ({ pointer: `/instances/${index}`, value }));
}

interface RowContext {
    readonly encode: ReturnType<typeof createRowEncoder>;
    readonly reasons: Reason[];
}

function encodeRow(row: Row, schema: FeatureSchema, { encode, reasons }: RowContext): number[] {
    const values = Array.isArray(row.value) ? readArray(row, schema, reasons) : readNamed(row, schema, reasons);
    if (values === undefined) return [];
    const refusals: Refusal[] = [];
    const columns = encode(values, refusals);
    const names = schema.features.map(({ name }) => name);
    for (const { feature, detail } of refusals) {
        const place = Array.isArray(row.value) ? names.indexOf(feature) : escapePointer(feature);
        reasons.push({ pointer: `${row.pointer}/${place}`, detail: `${feature} ${detail}` });
    }
    return columns;
}

/** Undefined when the row has the wrong shape. A value that cannot be one is reported and taken for missing. */
function readArray(row: Row, schema: FeatureSchema, reasons: Reason[]): FeatureValue[] | undefined {
    const values = row.value as unknown[];
    const expected = schema.features.length;
    if (values.length !== expected) {
        const order = schema.features.map(({ name }) => name).join(", ");
        reasons.push({ pointer: row.pointer, detail: `has ${values.length} values, but the model has ${expected} features: ${order}` });
        return undefined;
    }
    return values.map((value, index) => readValue(value, `${row.pointer}/${index}`, reasons));
}

function readNamed(row: Row, schema: FeatureSchema, reasons: Reason[]): FeatureValue[] | undefined {
    if (!isObject(row.value)) {
        reasons.push({ pointer: row.pointer, detail: "must be an object with every feature by name, or an array of values" });
        return undefined;
    }
    const named = row.value;
    const known = new Set(schema.features.map(({ name }) => name));
    for (const name of Object.keys(named)) {
        if (!known.has(name)) reasons.push({ pointer: `${row.pointer}/${escapePointer(name)}`, detail: `${name} is not a feature of the model` });
    }
    return schema.features.map(({ name }) => {
        const pointer = `${row.pointer}/${escapePointer(name)}`;
        if (Object.hasOwn(named, name)) return readValue(named[name], pointer, reasons);
        reasons.push({ pointer, detail: `${name} is absent; send null when it is not known` });
        return null;
    });
}

function readValue(value: unknown, pointer: string, reasons: Reason[]): FeatureValue {
    if (typeof value !== "object" || value === null) return value as FeatureValue;
    reasons.push({ pointer, detail: "must be a text, a number, true, false or null" });
    return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 6901. */
function escapePointer(name: string): string {
    return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function invalidRequest(detail: string, errors: readonly Reason[]): ProblemError {
    return new ProblemError({ status: 400, title: "Invalid request", detail, ...(errors.length === 0 ? {} : { errors }) });
}

function describeWrongColumns(got: number, schema: FeatureSchema): string {
    return `the schema's features give ${got} columns, but its columnCount is ${schema.columnCount}: schema.json and model do not belong together`;
}
