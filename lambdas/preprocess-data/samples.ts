/** Some test rows as a client would send them; the transform's scores for them become the golden predictions. */
import type { FeatureSchema, FeatureValues, SampleRow } from "../shared/documents.ts";
import { createRowEncoder, isMissing, parseNumber, type Refusal } from "../shared/encode.ts";
import { copyText } from "../shared/text.ts";
import type { LabelledRow } from "./rows.ts";

export const MAX_SAMPLES = 20;

/** Takes the first test rows of each class that the inference function would accept. */
export class SampleCollector {
    readonly #schema: FeatureSchema;
    readonly #encode: ReturnType<typeof createRowEncoder>;
    readonly #perClass: number;
    readonly #taken: number[];
    readonly #samples: SampleRow[] = [];

    constructor(schema: FeatureSchema) {
        const classCount = schema.classes?.length ?? 1;
        this.#schema = schema;
        this.#encode = createRowEncoder(schema.features);
        this.#perClass = Math.max(1, Math.floor(MAX_SAMPLES / classCount));
        this.#taken = Array.from({ length: classCount }, () => 0);
    }

    /** `line` is the row's place in the test file, from 0. */
    add({ cells, label }: LabelledRow, line: number): void {
        const classIndex = this.#schema.classes === undefined ? 0 : label;
        if (this.#samples.length >= MAX_SAMPLES || this.#taken[classIndex]! >= this.#perClass) return;
        const refusals: Refusal[] = [];
        this.#encode(cells, refusals);
        if (refusals.length > 0) return;
        this.#taken[classIndex]!++;
        this.#samples.push({ line, features: this.#nameValues(cells) });
    }

    build(): readonly SampleRow[] {
        return this.#samples;
    }

    #nameValues(cells: readonly string[]): FeatureValues {
        return Object.fromEntries(this.#schema.features.map(({ name, type }, index) => {
            const text = cells[index]!.trim();
            if (isMissing(text)) return [name, null];
            return [name, type === "numeric" ? parseNumber(text)! : copyText(text)];
        }));
    }
}
