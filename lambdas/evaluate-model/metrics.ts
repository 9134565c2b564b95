/** Metrics from labels and scores. Rows are added one by one; only the binary task keeps them, because AUC needs their order. */
import type { FeatureSchema, TaskType } from "../shared/documents.ts";
import { DEFAULT_THRESHOLD } from "../shared/tasks.ts";
import { computeRanking } from "./ranking.ts";

/** Collects rows and computes all metrics of a task. */
export interface Evaluator {
    /** `label` is the class index or the value. */
    add(label: number, scores: readonly number[]): void;
    metrics(): Readonly<Record<string, number>>;
}

/** Probabilities nearer to 0 than this count as this, so that one sure mistake does not make the loss infinite (as XGBoost does). */
const SMALLEST_PROBABILITY = 1e-15;

const evaluators: Readonly<Record<TaskType, (schema: FeatureSchema) => Evaluator>> = {
    binary: (schema) => new BinaryEvaluator(schema.threshold ?? DEFAULT_THRESHOLD),
    multiclass: (schema) => new MulticlassEvaluator(schema.classes!.length),
    regression: () => new RegressionEvaluator(),
};

export function createEvaluator(schema: FeatureSchema): Evaluator {
    return evaluators[schema.task](schema);
}

/** auc, aucpr, logloss; accuracy, precision, recall and f1 at the threshold. */
class BinaryEvaluator implements Evaluator {
    readonly #threshold: number;
    readonly #labels: number[] = [];
    readonly #scores: number[] = [];
    #loss = 0;
    /** Rows by [label][prediction]. */
    readonly #confusion: readonly [[number, number], [number, number]] = [[0, 0], [0, 0]];

    constructor(threshold: number) {
        this.#threshold = threshold;
    }

    add(label: number, scores: readonly number[]): void {
        const score = scores[0]!;
        this.#labels.push(label);
        this.#scores.push(score);
        this.#loss += computeLoss(label === 1 ? score : 1 - score);
        this.#confusion[label as 0 | 1][score >= this.#threshold ? 1 : 0]++;
    }

    metrics(): Record<string, number> {
        const [[trueNegatives, falsePositives], [falseNegatives, truePositives]] = this.#confusion;
        const rows = this.#labels.length;
        const precision = divide(truePositives, truePositives + falsePositives);
        const recall = divide(truePositives, truePositives + falseNegatives);
        return {
            ...computeRanking(this.#labels, this.#scores),
            logloss: this.#loss / rows,
            accuracy: (truePositives + trueNegatives) / rows,
            precision,
            recall,
            f1: divide(2 * precision * recall, precision + recall),
        };
    }
}

/** accuracy, f1_macro (the mean over the classes, rare ones too), mlogloss. */
class MulticlassEvaluator implements Evaluator {
    /** Rows by [label][prediction]. */
    readonly #confusion: number[][];
    #rows = 0;
    #loss = 0;

    constructor(classCount: number) {
        this.#confusion = Array.from({ length: classCount }, () => Array.from({ length: classCount }, () => 0));
    }

    add(label: number, scores: readonly number[]): void {
        const predicted = scores.indexOf(Math.max(...scores));
        this.#confusion[label]![predicted]!++;
        this.#loss += computeLoss(scores[label]!);
        this.#rows++;
    }

    metrics(): Record<string, number> {
        const hits = this.#confusion.map((row, index) => row[index]!);
        const labelled = this.#confusion.map(sum);
        const predicted = this.#confusion.map((_, index) => sum(this.#confusion.map((row) => row[index]!)));
        const f1 = hits.map((count, index) => divide(2 * count, labelled[index]! + predicted[index]!));
        return { accuracy: sum(hits) / this.#rows, f1_macro: sum(f1) / f1.length, mlogloss: this.#loss / this.#rows };
    }
}

/** rmse, mae, r2 (0 is as good as always saying the mean). */
class RegressionEvaluator implements Evaluator {
    #rows = 0;
    #absolute = 0;
    #squared = 0;
    #mean = 0;
    /** Squared distances from the mean, updated row by row (Welford), which stays exact where a sum of squares does not. */
    #spread = 0;

    add(label: number, scores: readonly number[]): void {
        const error = scores[0]! - label;
        this.#rows++;
        this.#absolute += Math.abs(error);
        this.#squared += error * error;
        const distance = label - this.#mean;
        this.#mean += distance / this.#rows;
        this.#spread += distance * (label - this.#mean);
    }

    metrics(): Record<string, number> {
        return { rmse: Math.sqrt(this.#squared / this.#rows), mae: this.#absolute / this.#rows, r2: 1 - this.#squared / this.#spread };
    }
}

function computeLoss(probability: number): number {
    return -Math.log(Math.max(probability, SMALLEST_PROBABILITY));
}

function divide(part: number, whole: number): number {
    return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
