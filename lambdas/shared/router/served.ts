/** A served model, ready to read rows and to make predictions of what its endpoint answers. */
import type { ApprovedModel, FeatureSchema, Variant } from "../documents.ts";
import { ProblemError } from "../problem.ts";
import { parseScores } from "../scores.ts";
import { tasks, type Prediction } from "../tasks.ts";
import { createRowReader, type RowReader } from "./rows.ts";

/** Payload limit of a serverless inference endpoint: 4 MB (https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html). */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

export interface ServedModel {
    readonly variant: Variant;
    readonly model: Pick<ApprovedModel, "version">;
    readonly schema: FeatureSchema;
    readonly readRow: RowReader;
}

/** Makes a served model of what the parameter and the schema beside the artifact say. */
export function prepareServedModel(variant: Variant, model: ServedModel["model"], schema: FeatureSchema): ServedModel {
    return { variant, model, schema, readRow: createRowReader(schema) };
}

/** One prediction per row. @throws ProblemError (502) when the endpoint answered something else than the scores of so many rows. */
export function buildPredictions(text: string, rows: number, { schema }: Pick<ServedModel, "schema">): readonly Prediction[] {
    const task = tasks[schema.task];
    return splitScores(text, rows, task.countScores(schema.classes?.length ?? 1)).map((scores) => task.buildPrediction(scores, schema));
}

/** Scores per row. The count decides, not the separators. @throws ProblemError (502) when it is wrong or a part is no number. */
export function splitScores(text: string, rows: number, scoresPerRow: number): readonly number[][] {
    const scores = parseScores(text);
    if (scores?.length !== rows * scoresPerRow) {
        const got = scores === undefined ? "something else than numbers" : `${scores.length} numbers`;
        throw new ProblemError({
            status: 502, title: "Model failed", detail: `the model answered ${got} for ${rows} rows with ${scoresPerRow} scores each`,
        });
    }
    return Array.from({ length: rows }, (_, row) => scores.slice(row * scoresPerRow, (row + 1) * scoresPerRow));
}
