/** Predictions as the API answers them, and whether they are the ones that batch transform made. */
import type { FeatureSchema, FeatureValues } from "../../lambdas/shared/documents.ts";
import type { Prediction } from "../../lambdas/shared/tasks.ts";

/** How far two computations of the same prediction may be apart: both print 32-bit numbers. */
export const PREDICTION_TOLERANCE = 1e-6;

export interface SamplePrediction {
    readonly features: FeatureValues;
    /** What batch transform computed for the row, during training. */
    readonly golden: readonly number[];
    /** What the deployed API answered. */
    readonly served: readonly number[];
    /** Label or value in the answer. */
    readonly answer: string;
}

/** The model's own numbers in a prediction: probability of the positive class, one per class in the schema's order, or the value. */
export function scoresOf(prediction: Prediction, schema: FeatureSchema): readonly number[] {
    if (schema.task === "regression") return [prediction.value ?? Number.NaN];
    const probabilities = (schema.classes ?? []).map((name) => prediction.probabilities?.[name] ?? Number.NaN);
    return schema.task === "binary" ? probabilities.slice(1) : probabilities;
}

export function areEqual(left: readonly number[], right: readonly number[]): boolean {
    return left.length === right.length && left.every((value, index) => Math.abs(value - (right[index] ?? Number.NaN)) <= PREDICTION_TOLERANCE);
}
