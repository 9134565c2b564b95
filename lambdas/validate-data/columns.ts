/** Finds out what each column holds, looking at every row once, with bounded memory. */
import { booleanPairs, isMissing, parseNumber } from "../shared/encode.ts";
import type { ColumnProfile } from "../shared/profile.ts";
import { copyText } from "../shared/text.ts";

/** One-hot encoding makes one column of each category; above this a column is taken for free text or an identifier. */
export const MAX_CATEGORIES = 200;

/** Counts what one column holds. */
export class ColumnStatistics {
    readonly name: string;
    #missing = 0;
    #numbers = 0;
    #texts = 0;
    /** Trimmed texts as they stand; at most one more than allowed. */
    readonly #distinct = new Set<string>();

    constructor(name: string) {
        this.name = name;
    }

    add(cell: string): void {
        if (isMissing(cell)) {
            this.#missing++;
            return;
        }
        if (parseNumber(cell) === undefined) this.#texts++;
        else this.#numbers++;
        if (this.#distinct.size > MAX_CATEGORIES) return;
        const text = cell.trim();
        if (!this.#distinct.has(text)) this.#distinct.add(copyText(text));
    }

    /**
     * Decides the column's type. A few texts among numbers are broken rows, up to the share that may be rejected.
     * Throws when the column holds more texts than can be categories.
     */
    profile(maxRejectedShare: number): ColumnProfile {
        const filled = this.#numbers + this.#texts;
        const found = { name: this.name, missing: this.#missing };
        if (filled === 0) return { ...found, type: "empty" };
        const pair = this.#findBooleanPair();
        if (pair !== undefined) return { ...found, type: "boolean", values: pair };
        if (this.#numbers > 0 && this.#texts <= filled * maxRejectedShare) return { ...found, type: "numeric" };
        if (this.#distinct.size > MAX_CATEGORIES) throw tooManyCategories(this.name, [...this.#distinct].slice(0, 3));
        return { ...found, type: "categorical" };
    }

    #findBooleanPair(): readonly [string, string] | undefined {
        if (this.#distinct.size > 4) return undefined;
        const texts = new Set([...this.#distinct].map((text) => text.toLowerCase()));
        return texts.size === 2 ? booleanPairs.find((pair) => pair.every((text) => texts.has(text))) : undefined;
    }
}

function tooManyCategories(name: string, examples: readonly string[]): Error {
    const shown = examples.map((text) => JSON.stringify(text.slice(0, 40))).join(", ");
    return new Error(
        `column ${JSON.stringify(name)} holds more than ${MAX_CATEGORIES} different texts, such as ${shown}: `
        + "an identifier, a date or free text\n"
        + `  fix: add ${JSON.stringify(name)} to data.ignore, or give the column fewer categories`,
    );
}
