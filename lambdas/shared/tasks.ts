/** All that follows from the kind of task, in one table: training, judging and answering. */
import type { Evaluation, FeatureSchema, TaskType } from "./documents.ts";

export interface Prediction {
    /** Name of the predicted class; absent for regression. */
    readonly label?: string;
    /** Probability of the predicted label's class (multiclass), of the positive class (binary); absent for regression. */
    readonly score?: number;
    /** Probability per class name; absent for regression. */
    readonly probabilities?: Readonly<Record<string, number>>;
    /** Predicted value; regression only. */
    readonly value?: number;
}

export interface TaskDefinition {
    /** XGBoost objective. */
    readonly objective: string;
    /** XGBoost metric, watched on the validation rows for early stopping. */
    readonly evalMetric: string;
    /** The metric that decides, computed on the test rows; `floor` is the default of `training.metricFloor`. */
    readonly gate: Pick<Evaluation["gate"], "metric" | "floor" | "direction">;
    /** Numbers that the model answers per row. */
    countScores(classCount: number): number;
    /** Turns one row's scores into what a person wants to know. */
    buildPrediction(scores: readonly number[], schema: FeatureSchema): Prediction;
}

export const DEFAULT_THRESHOLD = 0.5;

export const tasks: Readonly<Record<TaskType, TaskDefinition>> = {
    binary: {
        objective: "binary:logistic",
        evalMetric: "auc",
        gate: { metric: "auc", floor: 0.75, direction: "maximize" },
        countScores: () => 1,
        buildPrediction: buildBinaryPrediction,
    },
    multiclass: {
        objective: "multi:softprob",
        evalMetric: "mlogloss",
        gate: { metric: "f1_macro", floor: 0.5, direction: "maximize" },
        countScores: (classCount) => classCount,
        buildPrediction: buildMulticlassPrediction,
    },
    regression: {
        objective: "reg:squarederror",
        evalMetric: "rmse",
        gate: { metric: "r2", floor: 0.3, direction: "maximize" },
        countScores: () => 1,
        buildPrediction: (scores) => ({ value: scores[0]! }),
    },
};

/** Modest trees that stop when the validation rows no longer gain. A rare class is not weighted: set `scale_pos_weight` for that. */
const commonHyperparameters: Readonly<Record<string, number | string>> = {
    num_round: 300,
    early_stopping_rounds: 20,
    eta: 0.1,
    max_depth: 5,
    min_child_weight: 2,
    subsample: 0.8,
    colsample_bytree: 0.8,
    tree_method: "hist",
    seed: 1,
};

/** What the training job is given; the configured values win. All values are texts, as SageMaker wants them. */
export function buildHyperparameters(
    task: TaskType,
    classCount: number,
    overrides: Readonly<Record<string, number | string>>,
): Record<string, string> {
    const { objective, evalMetric } = tasks[task];
    const byTask = { objective, eval_metric: evalMetric, ...(task === "multiclass" ? { num_class: classCount } : {}) };
    const all = { ...commonHyperparameters, ...byTask, ...overrides };
    return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

/** JSONPath for batch transform's `OutputFilter`: the label, which is first, and the scores, which are joined at the end. */
export function buildTransformOutputFilter(task: TaskType, classCount: number): string {
    const count = tasks[task].countScores(classCount);
    const positions = Array.from({ length: count }, (_, index) => index - count);
    return `$[${["0", ...positions].join(",")}]`;
}

function buildBinaryPrediction(scores: readonly number[], schema: FeatureSchema): Prediction {
    const [negative, positive] = schema.classes as [string, string];
    const score = scores[0]!;
    const label = score >= (schema.threshold ?? DEFAULT_THRESHOLD) ? positive : negative;
    return { label, score, probabilities: { [negative]: 1 - score, [positive]: score } };
}

function buildMulticlassPrediction(scores: readonly number[], schema: FeatureSchema): Prediction {
    const classes = schema.classes ?? [];
    const best = scores.reduce((winner, score, index) => (score > scores[winner]! ? index : winner), 0);
    return {
        label: classes[best]!,
        score: scores[best]!,
        probabilities: Object.fromEntries(classes.map((name, index) => [name, scores[index]!])),
    };
}
