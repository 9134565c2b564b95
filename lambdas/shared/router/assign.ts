/** Who gets which variant: the one implementation, for requests, for the stream, and for those who check the split. */
import { hash } from "node:crypto";
import type { Variant, Weights } from "../documents.ts";

/** Bytes of the digest that are read: as many as a number holds exactly. */
const FRACTION_BYTES = 6;
const FRACTIONS = 2 ** (8 * FRACTION_BYTES);

/**
 * The same key of the same test always gets the same variant. The challenger has the upper end of the scale: raising its weight moves keys
 * to it and none away, and the other way round; a weight of 0 gets nothing.
 */
export function assignVariant(testId: string, key: string, weights: Weights): Variant {
    return placeKey(testId, key) * 100 < weights.champion ? "champion" : "challenger";
}

/** Where a key stands from 0 to below 1: evenly spread, and in each test anew. */
function placeKey(testId: string, key: string): number {
    return hash("sha256", `${testId}:${key}`, "buffer").readUIntBE(0, FRACTION_BYTES) / FRACTIONS;
}
