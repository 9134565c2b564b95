/**
 * `POST /inference`: values in, predictions out.
 *
 *     request   { "features": { "tenure_months": 3, "contract": "one year", "satisfaction": null, ... } }
 *               { "features": [3, "one year", null, ...] }                 values in the schema's order
 *               { "instances": [ row, row, ... ] }                         several rows, either form
 *     200       { "modelVersion", "task", "requestId", "predictions": [ prediction per row ] }
 *               binary      { "label": "yes", "score": 0.83, "probabilities": { "no": 0.17, "yes": 0.83 } }
 *               multiclass  { "label": "b", "score": 0.61, "probabilities": { "a": 0.3, "b": 0.61, "c": 0.09 } }
 *               regression  { "value": 12.5 }
 *     problem   400 wrong body, 413 over 4 MB, 429 throttled (Retry-After), 502 the model failed, 503 nothing is served, 504 too slow
 */
import type { ApprovedModel, FeatureSchema, TaskType } from "../shared/documents.ts";
import { ProblemError } from "../shared/problem.ts";
import { parseScores } from "../shared/scores.ts";
import { tasks, type Prediction } from "../shared/tasks.ts";
import { encodeRequest, refuseOversized } from "./request.ts";

/** The model that is served, with its schema. */
export interface ServedModel {
    readonly model: ApprovedModel;
    readonly schema: FeatureSchema;
}

export interface InferenceDependencies {
    /** Undefined when no endpoint is declared. */
    readServedModel(): Promise<ServedModel | undefined>;
    /** Sends `text/csv` and gives the answer's text. Throws the SDK's errors. */
    invokeEndpoint(csv: string): Promise<string>;
}

export interface InferenceAnswer {
    readonly modelVersion: string;
    readonly task: TaskType;
    readonly requestId: string;
    readonly predictions: readonly Prediction[];
}

/** Seconds after which a throttled caller may try again: a serverless endpoint frees its slots within a request's time. */
const THROTTLED_RETRY_SECONDS = 1;

/** Answers one request. Throws a {@link ProblemError} for all that the caller or the operator can mend. */
export async function infer(body: string, requestId: string, dependencies: InferenceDependencies): Promise<InferenceAnswer> {
    refuseOversized(Buffer.byteLength(body));
    const served = await dependencies.readServedModel();
    if (served === undefined) throw nothingServed("no model is served in this environment");
    const { schema, model } = served;
    const { csv, rows } = encodeRequest(body, schema);
    refuseOversized(Buffer.byteLength(csv));
    const text = await dependencies.invokeEndpoint(csv).catch((error: unknown) => {
        throw explainEndpointError(error);
    });
    const scores = splitScores(text, rows, tasks[schema.task].countScores(schema.classes?.length ?? 1));
    const predictions = scores.map((rowScores) => tasks[schema.task].buildPrediction(rowScores, schema));
    return { modelVersion: model.version, task: schema.task, requestId, predictions };
}

/** Scores per row. The count decides, not the separators. Throws a {@link ProblemError} (502) when it is wrong or a part is no number. */
export function splitScores(text: string, rows: number, scoresPerRow: number): readonly number[][] {
    const scores = parseScores(text);
    if (scores?.length !== rows * scoresPerRow) {
        const got = scores === undefined ? "something else than numbers" : `${scores.length} numbers`;
        throw new ProblemError({ status: 502, title: "Model failed", detail: `the model answered ${got} for ${rows} rows with ${scoresPerRow} scores each` });
    }
    return Array.from({ length: rows }, (_, row) => scores.slice(row * scoresPerRow, (row + 1) * scoresPerRow));
}

function explainEndpointError(error: unknown): unknown {
    const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
    switch (name) {
        case "ThrottlingException": return new ProblemError(
            { status: 429, title: "Too many requests", detail: "all of the endpoint's slots are busy", retryAfterSeconds: THROTTLED_RETRY_SECONDS },
            { cause: error },
        );
        case "ModelError":
        case "ModelNotReadyException":
        case "InternalFailure": return new ProblemError({ status: 502, title: "Model failed", detail: `the model's container failed: ${message}` }, { cause: error });
        case "AbortError":
        case "TimeoutError": return new ProblemError({ status: 504, title: "Model too slow", detail: "the endpoint did not answer in time" }, { cause: error });
        case "ValidationError":
        case "ValidationException": return isEndpointAbsent(message) ? nothingServed(message, error) : error;
        default: return error;
    }
}

/** InvokeEndpoint's words for an endpoint that does not exist: "Endpoint <name> of account <id> not found." */
function isEndpointAbsent(message: string): boolean {
    return /endpoint .*not found/i.test(message);
}

function nothingServed(detail: string, cause?: unknown): ProblemError {
    const fix = "run `node automation/deploy.ts --stack <stack> --from train --until enable-endpoints`";
    return new ProblemError({ status: 503, title: "Nothing is served", detail: `${detail}; ${fix}`, retryAfterSeconds: 60 }, { cause });
}
