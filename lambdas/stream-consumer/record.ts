/** Decodes the stream's records: JSON in UTF-8, see StreamRecord. */

/** A record as it came. */
export interface ArrivedRecord {
    readonly sequenceNumber: string;
    /** ISO 8601. */
    readonly arrivedAt: string;
    readonly data: Uint8Array;
}

export interface DecodedRecord {
    readonly requestId: string;
    readonly assignmentKey: string;
    /** Not looked at yet: the model's schema says what they must be. */
    readonly features: unknown;
}

/** Why a record can never be predicted on. */
export class BadRecordError extends Error {
    override readonly name = "BadRecordError";
}

const MAX_ID_LENGTH = 256;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `place` names a record that brings no id of its own. @throws BadRecordError */
export function decodeRecord(data: Uint8Array, place: string): DecodedRecord {
    const { features, requestId, assignmentKey, ...others } = parseObject(data);
    if (Object.keys(others).length > 0) {
        throw new BadRecordError(`the record must hold features, requestId and assignmentKey, and not ${Object.keys(others).join(", ")}`);
    }
    if (features === undefined) throw new BadRecordError("the record has no features");
    const id = readId("requestId", requestId) ?? place;
    return { requestId: id, assignmentKey: readId("assignmentKey", assignmentKey) ?? id, features };
}

function parseObject(data: Uint8Array): Record<string, unknown> {
    let value: unknown;
    try {
        value = JSON.parse(utf8.decode(data));
    } catch (error) {
        throw new BadRecordError(`the record is not JSON in UTF-8: ${(error as Error).message}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new BadRecordError('the record must be { "features": ... }');
    }
    return value as Record<string, unknown>;
}

function readId(name: string, value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string" && value !== "" && value.length <= MAX_ID_LENGTH) return value;
    throw new BadRecordError(`${name} must be a text of 1 to ${MAX_ID_LENGTH} characters`);
}
