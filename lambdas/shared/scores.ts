/** Numbers as the XGBoost container writes them: separated by comma or newline, lists in brackets, by version and `Accept`. */
import { parseNumber } from "./encode.ts";

/** All numbers of a text, or undefined when a part of it is no number. */
export function parseScores(text: string): readonly number[] | undefined {
    const parts = text.replaceAll(/[[\]"]/g, " ").split(/[\s,]+/).filter((part) => part !== "");
    const numbers = parts.map(parseNumber);
    return numbers.includes(undefined) ? undefined : (numbers as number[]);
}
