/** Dead letters, and how many of them fit into one request. */
import type { DeadLetter } from "../shared/documents.ts";
import type { ArrivedRecord } from "./record.ts";

/**
 * Bytes of a message and of a batch of messages that every queue takes. SQS takes four times as much of both since 2025
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html), but a queue may be set to less.
 */
const MAX_BATCH_BYTES = 256 * 1024;
const MAX_BATCH_MESSAGES = 10;
/** Of a record, so that in base64, with a reason, it fits into a message. */
export const MAX_PAYLOAD_IN_LETTER = 180 * 1024;
const MAX_REASON_LENGTH = 2_000;

/** The letter for a record; a record that does not fit into a message lies at `payloadUrl` instead. */
export function buildLetter(
    shardId: string,
    record: ArrivedRecord,
    content: { readonly reason: string; readonly payloadUrl?: string },
): DeadLetter {
    const { reason, payloadUrl } = content;
    return {
        shardId,
        sequenceNumber: record.sequenceNumber,
        reason: cleanReason(reason),
        payload: payloadUrl === undefined ? Buffer.from(record.data).toString("base64") : "",
        ...(payloadUrl === undefined ? {} : { payloadUrl }),
        arrivedAt: record.arrivedAt,
    };
}

/** Reasons quote what was sent, which may be anything; SQS refuses a message with characters that XML has not. */
function cleanReason(reason: string): string {
    const clean = reason.toWellFormed().replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
    return clean.length > MAX_REASON_LENGTH ? `${clean.slice(0, MAX_REASON_LENGTH).toWellFormed()}...` : clean;
}

/** The letters as messages, packed into as few requests as SQS takes. */
export function packLetters(letters: readonly DeadLetter[]): readonly (readonly string[])[] {
    const batches: string[][] = [];
    let bytes = Infinity;
    for (const letter of letters) {
        const body = JSON.stringify(letter);
        const size = Buffer.byteLength(body);
        const last = batches.at(-1);
        if (last === undefined || last.length === MAX_BATCH_MESSAGES || bytes + size > MAX_BATCH_BYTES) {
            batches.push([body]);
            bytes = size;
        } else {
            last.push(body);
            bytes += size;
        }
    }
    return batches;
}
