/** Learns each feature's encoding from the training rows, with bounded memory. */
import type { Feature } from "../shared/documents.ts";
import { isMissing, parseNumber } from "../shared/encode.ts";
import type { ColumnProfile } from "../shared/profile.ts";
import { copyText } from "../shared/text.ts";
import { Reservoir } from "./reservoir.ts";

/** Sees the cells of one column's training rows, and then says how the column is encoded. */
export interface FeatureFitter {
    add(cell: string): void;
    build(): Feature;
}

/** The fitter for a column; `seed` makes the sample of a long numeric column repeatable. */
export function createFeatureFitter(column: ColumnProfile, seed: number): FeatureFitter {
    switch (column.type) {
        case "numeric": return new NumericFitter(column.name, seed);
        case "boolean": return new BooleanFitter(column.name, column.values!);
        case "categorical": return new CategoricalFitter(column.name);
        case "empty": throw new Error(`column ${JSON.stringify(column.name)} has no values, so it is no feature`);
    }
}

class NumericFitter implements FeatureFitter {
    readonly #name: string;
    readonly #sample: Reservoir;

    constructor(name: string, seed: number) {
        this.#name = name;
        this.#sample = new Reservoir(seed);
    }

    add(cell: string): void {
        const value = isMissing(cell) ? undefined : parseNumber(cell);
        if (value !== undefined) this.#sample.add(value);
    }

    build(): Feature {
        return { name: this.#name, type: "numeric", imputedValue: this.#sample.median() ?? 0 };
    }
}

class BooleanFitter implements FeatureFitter {
    readonly #name: string;
    readonly #values: readonly [string, string];
    readonly #counts: [number, number] = [0, 0];

    constructor(name: string, values: readonly [string, string]) {
        this.#name = name;
        this.#values = values;
    }

    add(cell: string): void {
        const index = this.#values.indexOf(cell.trim().toLowerCase());
        if (index === 0 || index === 1) this.#counts[index]++;
    }

    build(): Feature {
        const [falses, trues] = this.#counts;
        return { name: this.#name, type: "boolean", values: this.#values, imputedValue: trues > falses ? 1 : 0 };
    }
}

/** Bounded because validation refuses a column with many different texts. */
class CategoricalFitter implements FeatureFitter {
    readonly #name: string;
    readonly #categories = new Set<string>();

    constructor(name: string) {
        this.#name = name;
    }

    add(cell: string): void {
        const category = cell.trim();
        if (!isMissing(cell) && !this.#categories.has(category)) this.#categories.add(copyText(category));
    }

    build(): Feature {
        return { name: this.#name, type: "categorical", categories: [...this.#categories].sort() };
    }
}
