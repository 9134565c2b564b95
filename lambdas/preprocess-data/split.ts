/** Which rows train, which stop the training, which judge: 80, 10 and 10 %, decided by each row's own text. */
import { hashText } from "../shared/hash.ts";

export const splits = ["train", "validation", "test"] as const;
export type Split = (typeof splits)[number];

/** Part of every hash; another seed is another split. */
const SEED = 1;

/**
 * The split of a row. It depends on nothing but the row's text: not on its place, the other rows or the run, so that a row
 * stays where it was when the file grows, and equal rows stay together and cannot leak from training into the test.
 */
export function findSplit(text: string): Split {
    const tenth = hashText(text, SEED) % 10;
    return tenth < 8 ? "train" : tenth === 8 ? "validation" : "test";
}
