/**
 * A record's place in its shard: a number of up to 129 digits (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Record.html).
 */

/** DynamoDB's numbers hold 38 digits: as a text of fixed length the later place is the greater one. */
const DIGITS = 129;

/** @throws SyntaxError when it is no number. */
export function isAfter(sequenceNumber: string, checkpoint: string | undefined): boolean {
    return checkpoint === undefined || BigInt(sequenceNumber) > BigInt(checkpoint);
}

/** Sorts as a text as it does as a number. */
export function padSequenceNumber(sequenceNumber: string): string {
    return sequenceNumber.padStart(DIGITS, "0");
}
