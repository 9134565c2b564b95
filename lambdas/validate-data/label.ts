/** Finds the task from the label column, or checks the configured one. */
import type { TaskType } from "../shared/documents.ts";
import { booleanPairs, parseNumber } from "../shared/encode.ts";
import { copyText } from "../shared/text.ts";

/** Different label values that are counted; a regression has more. */
const MAX_COUNTED = 1_000;
const MAX_CLASSES = 100;
/** Up to this many different whole numbers are classes; more are quantities. */
const MAX_NUMBERED_CLASSES = 20;

export interface LabelDecision {
    readonly task: TaskType;
    readonly classes?: readonly string[];
}

export interface LabelSettings {
    readonly label: string;
    readonly task?: TaskType;
    readonly maxRejectedShare: number;
}

/** Counts the label's values, with bounded memory. */
export class LabelStatistics {
    readonly #counts = new Map<string, number>();
    #rows = 0;
    #texts = 0;
    #fractions = 0;

    add(cell: string): void {
        const text = cell.trim();
        const number = parseNumber(text);
        this.#rows++;
        if (number === undefined) this.#texts++;
        else if (!Number.isInteger(number)) this.#fractions++;
        const count = this.#counts.get(text);
        if (count !== undefined) this.#counts.set(text, count + 1);
        else if (this.#counts.size <= MAX_COUNTED) this.#counts.set(copyText(text), 1);
    }

    /**
     * Two values are a binary task; a few texts or whole numbers are classes; other numbers are a regression.
     * Throws when the label fits no task, or not the configured one.
     */
    decide(settings: LabelSettings): LabelDecision {
        const task = settings.task ?? this.#findTask(settings);
        switch (task) {
            case "binary": return { task, classes: this.#findBinaryClasses(settings) };
            case "multiclass": return { task, classes: this.#findClasses(settings) };
            case "regression":
                this.#requireNumbers(settings);
                return { task };
        }
    }

    #findTask({ label, maxRejectedShare }: LabelSettings): TaskType {
        const distinct = this.#counts.size;
        if (distinct === 2) return "binary";
        const isNumeric = this.#texts <= this.#rows * maxRejectedShare;
        const isWhole = isNumeric && this.#fractions === 0;
        if (distinct > 2 && (isWhole ? distinct <= MAX_NUMBERED_CLASSES : !isNumeric && distinct <= MAX_CLASSES)) return "multiclass";
        if (distinct > 2 && isNumeric) return "regression";
        throw this.#misfit(label, "which fits no task: two values (binary), 3 to 100 values (multiclass) or numbers (regression)");
    }

    /** [negative, positive]: yes, true, 1 and the like are positive; of other values the rarer, then the later by its text. */
    #findBinaryClasses({ label }: LabelSettings): readonly [string, string] {
        if (this.#counts.size < 2) throw this.#misfit(label, "but a binary task needs two");
        const [first, second] = this.#byFrequency().slice(0, 2).map(([text]) => text) as [string, string];
        const lowered = [first.toLowerCase(), second.toLowerCase()];
        const pair = booleanPairs.find((texts) => texts.every((text) => lowered.includes(text)));
        if (pair === undefined) return [first, second];
        return lowered[0] === pair[0] ? [first, second] : [second, first];
    }

    /** In the order of their numbers, or of their texts. */
    #findClasses({ label }: LabelSettings): readonly string[] {
        if (this.#counts.size < 3 || this.#counts.size > MAX_CLASSES) {
            throw this.#misfit(label, `but a multiclass task needs 3 to ${MAX_CLASSES}`);
        }
        const classes = [...this.#counts.keys()];
        if (this.#texts === 0) return classes.sort((left, right) => Number(left) - Number(right));
        return classes.sort(compareTexts);
    }

    #requireNumbers({ label, maxRejectedShare }: LabelSettings): void {
        if (this.#texts > this.#rows * maxRejectedShare) throw this.#misfit(label, "but a regression needs numbers");
        if (this.#counts.size < 2) throw this.#misfit(label, "so there is nothing to learn");
    }

    #byFrequency(): [string, number][] {
        return [...this.#counts].sort(([leftText, left], [rightText, right]) => right - left || compareTexts(leftText, rightText));
    }

    #misfit(label: string, what: string): Error {
        const count = this.#counts.size > MAX_COUNTED ? `more than ${MAX_COUNTED}` : String(this.#counts.size);
        const shown = this.#byFrequency().slice(0, 5).map(([text, rows]) => `${JSON.stringify(text.slice(0, 40))} (${rows})`).join(", ");
        return new Error(
            `label ${JSON.stringify(label)} has ${count} different values, ${what}: ${shown}\n`
            + "  fix: set data.label to another column, or data.task",
        );
    }
}

/** By code units, so that the order does not depend on the machine's language. */
function compareTexts(left: string, right: string): number {
    return left < right ? -1 : left > right ? 1 : 0;
}
