/** Parses the body of `POST /inference`, and encodes its rows for a model. */
import { ProblemError } from "../shared/problem.ts";
import type { Row, RowReader, RowReason } from "../shared/router/rows.ts";
import { MAX_PAYLOAD_BYTES } from "../shared/router/served.ts";

/** Reasons listed in one answer; a caller mends the first ones first. */
const MAX_REASONS = 20;

/** @throws ProblemError (413) when a body is larger than the endpoint would take. */
export function refuseOversized(bytes: number): void {
    if (bytes <= MAX_PAYLOAD_BYTES) return;
    throw new ProblemError({
        status: 413,
        title: "Request too large",
        detail: `the rows take ${bytes} bytes, but the endpoint accepts ${MAX_PAYLOAD_BYTES}; send fewer rows at once`,
    });
}

/**
 * The rows of a body `{ "features": row }` or `{ "instances": [row, ...] }`. @throws ProblemError (400) when it is neither, (413) above 4
 * MB.
 */
export function decodeBody(body: string): readonly Row[] {
    refuseOversized(Buffer.byteLength(body));
    const parsed = parseJson(body);
    const { features, instances, ...others } = isObject(parsed) ? parsed : {};
    const hasOne = (features === undefined) !== (instances === undefined);
    if (!hasOne || Object.keys(others).length > 0) {
        throw invalidRequest('the body must be { "features": row } or { "instances": [row, ...] } and nothing else');
    }
    if (features !== undefined) return [{ pointer: "/features", value: features }];
    if (!Array.isArray(instances) || instances.length === 0) {
        throw invalidRequest("instances must be an array with at least one row", [
            { pointer: "/instances", detail: "is not a filled array" },
        ]);
    }
    return instances.map((value: unknown, index) => ({ pointer: `/instances/${index}`, value }));
}

/** The rows as the model reads them. @throws ProblemError (400) that lists what is wrong, with a JSON pointer each; (413) above 4 MB. */
export function encodeRows(rows: readonly Row[], readRow: RowReader): string {
    const reasons: RowReason[] = [];
    const lines: string[] = [];
    for (const row of rows) {
        lines.push(readRow(row, reasons) ?? "");
        if (reasons.length >= MAX_REASONS) break;
    }
    if (reasons.length > 0) throw invalidRequest("the rows do not fit the model's features", reasons.slice(0, MAX_REASONS));
    const csv = lines.join("\n");
    refuseOversized(Buffer.byteLength(csv));
    return csv;
}

function parseJson(body: string): unknown {
    try {
        return JSON.parse(body);
    } catch (error) {
        throw invalidRequest(`the body is not JSON: ${(error as Error).message}`);
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function invalidRequest(detail: string, errors: readonly RowReason[] = []): ProblemError {
    return new ProblemError({ status: 400, title: "Invalid request", detail, ...(errors.length === 0 ? {} : { errors }) });
}
