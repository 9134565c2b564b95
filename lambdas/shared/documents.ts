/**
 * The documents that the pipeline's steps hand to each other, to the inference function and to the driver.
 * Where they lie (bucket: key):
 *
 * | raw       | `data/<file>.csv`                          | the input; a new version starts a pipeline run        |
 * |           | `images/`                                  | kept, not trained on                                  |
 * | processed | `predictions/date=.../hour=.../<shard>-<first sequence number>.jsonl` | PredictionRecord a line    |
 * |           | `runs/<runId>/profile.json`                | ColumnProfile[], task: what ValidateData found        |
 * |           | `runs/<runId>/schema.json`                 | FeatureSchema, fitted on the training rows            |
 * |           | `runs/<runId>/{train,validation,test}/data.csv` | label first, no header, all numbers              |
 * |           | `runs/<runId>/rejects.csv`                 | line, reason, text of the first 1000 broken rows      |
 * |           | `runs/<runId>/samples.json`                | SampleRow[]: some test rows before encoding           |
 * |           | `runs/<runId>/manifest.json`               | DataManifest, written last                            |
 * |           | `runs/<runId>/transform/<variant>/data.csv.out` | batch transform of the test file                 |
 * |           | `runs/<runId>/evaluation-<variant>.json`   | Evaluation                                            |
 * |           | `runs/<runId>/golden-<variant>.json`       | GoldenPrediction[]                                    |
 * | models    | `training/<job>/output/model.tar.gz`       | the artifact, written by the training job             |
 * |           | `training/<job>/schema.json`, `golden.json`| FeatureSchema, GoldenPrediction[]: beside the artifact|
 */

export type TaskType = "binary" | "multiclass" | "regression";

/** The two models that are served side by side: A, which proved itself, and B, which is tried out. */
export type Variant = "champion" | "challenger";

export const VARIANTS: readonly Variant[] = ["champion", "challenger"];

/** The one A/B test of an environment: `TestId` in the table ab-tests, `{id}` in `/ab-tests/{id}`. */
export const AB_TEST_ID = "champion-challenger";

/** Percent of the requests per variant: whole numbers that sum to 100. */
export type Weights = Readonly<Record<Variant, number>>;

/**
 * The item of the table ab-tests. Absent until somebody sets weights or a deployment drains a variant: then the configuration's weights
 * apply, and so they do while `Weights` is absent.
 */
export interface AbTestItem {
    readonly TestId: string;
    readonly Weights?: Weights;
    /** Counts the changes of the weights, from 1: who changes them names the revision that they saw. */
    readonly Revision?: number;
    /** ISO 8601. */
    readonly UpdatedAt?: string;
    /** The variant that is being deployed to: routers send its share to the other, if the other is served. */
    readonly DrainedVariant?: Variant;
    /** Seconds since 1970, after which a drain that nobody ended is over. */
    readonly DrainedUntil?: number;
}

/** JSON value of the parameter `settings`: what a deployment gives to an endpoint. Written by the program alone. */
export interface ServingSettings {
    /** One of SageMaker's serverless sizes. */
    readonly memoryMiB: number;
    readonly maxConcurrency: number;
}

export interface NumericFeature {
    readonly name: string;
    readonly type: "numeric";
    /** Median of the training rows; replaces a missing cell. */
    readonly imputedValue: number;
}

export interface BooleanFeature {
    readonly name: string;
    readonly type: "boolean";
    /** The two texts of the column, lower case, as [false, true]. */
    readonly values: readonly [string, string];
    readonly imputedValue: 0 | 1;
}

/** One-hot encoded: one column per category of the training rows; an unknown or missing one gives zeros. */
export interface CategoricalFeature {
    readonly name: string;
    readonly type: "categorical";
    readonly categories: readonly string[];
}

export type Feature = NumericFeature | BooleanFeature | CategoricalFeature;

/** How named values become the numbers that the model was trained on. Travels with the model. */
export interface FeatureSchema {
    readonly version: 1;
    readonly task: TaskType;
    readonly label: string;
    /** Class names by class index; absent for regression. */
    readonly classes?: readonly string[];
    /** In the order of the model's columns. */
    readonly features: readonly Feature[];
    /** Number of columns after encoding: the model accepts exactly this many. */
    readonly columnCount: number;
    /** Probability from which a binary prediction is `classes[1]`. */
    readonly threshold?: number;
}

/** Written last: whoever sees it may rely on all other files of the run. */
export interface DataManifest {
    readonly runId: string;
    readonly source: { readonly bucket: string; readonly key: string; readonly versionId: string };
    readonly task: TaskType;
    readonly rows: { readonly train: number; readonly validation: number; readonly test: number; readonly rejected: number };
    readonly files: readonly { readonly key: string; readonly bytes: number }[];
}

/** Named feature values as a client sends them. */
export type FeatureValues = Readonly<Record<string, string | number | boolean | null>>;

export interface SampleRow {
    /** Zero-based line in the test file. */
    readonly line: number;
    readonly features: FeatureValues;
}

/** A prediction that batch transform made for a test row; the endpoint must give the same. */
export interface GoldenPrediction {
    readonly features: FeatureValues;
    /** Probability of `classes[1]`, probability per class, or the value. */
    readonly scores: readonly number[];
}

export interface Evaluation {
    readonly task: TaskType;
    readonly rows: number;
    /** All metrics that were computed, by name. */
    readonly metrics: Readonly<Record<string, number>>;
    /** The one metric that decides. */
    readonly gate: { readonly metric: string; readonly value: number; readonly floor: number; readonly direction: "maximize" | "minimize" };
}

/** The approved model of a variant: JSON value of the parameters `approved-<variant>` and `serving-<variant>`, at most 4 KB. */
export interface ApprovedModel {
    readonly modelId: string;
    /** Version in the model-metadata table: `<UTC time>-<runId>-<variant>`, sorts by time. */
    readonly version: string;
    /** `s3://` URLs. */
    readonly modelDataUrl: string;
    readonly schemaUrl: string;
    readonly goldenUrl: string;
    readonly trainingJobName: string;
    readonly trainingImage: string;
}

/**
 * What starts the state machine: S3's "Object Created" event, the schedule's event (`source` is `aws.events`), or the driver, which has a
 * variant's approved model deployed again because the serving settings changed.
 */
export interface DeploymentOrder {
    readonly source: "firstlight.deployment";
    readonly variants: readonly Variant[];
}

/** One element of the list with which a successful execution ends. */
export interface Deployment {
    readonly variant: Variant;
    readonly model: ApprovedModel;
    /** Absent when the model was not trained in this execution. */
    readonly evaluation?: Evaluation;
    /** `approved`: there was no endpoint to deploy to. `superseded`: the model of a later run was approved already, and stays. */
    readonly outcome: "deployed" | "approved" | "superseded";
}

/** Output of a successful execution that trained or deployed. */
export interface PipelineOutput {
    readonly deployments: readonly Deployment[];
}

/** Data of a Kinesis record: JSON in UTF-8. */
export interface StreamRecord {
    /** Names the prediction; the same record put twice has the same. @default the record's own shard and sequence number */
    readonly requestId?: string;
    /** As in `POST /inference`: values by name, or in the schema's order. */
    readonly features: FeatureValues | readonly (string | number | boolean | null)[];
    /** Who keeps getting the same variant. @default the request's id */
    readonly assignmentKey?: string;
}

/** A line of a predictions file. */
export interface PredictionRecord {
    readonly requestId: string;
    readonly shardId: string;
    readonly sequenceNumber: string;
    readonly variant: Variant;
    readonly modelVersion: string;
    readonly prediction: unknown;
    /** ISO 8601; when the record came into the stream. */
    readonly arrivedAt: string;
}

/** A message of the dead-letter queue. Sent at least once: shard and sequence number say which are the same. */
export interface DeadLetter {
    readonly shardId: string;
    readonly sequenceNumber: string;
    readonly reason: string;
    /** The record's data, base64; empty when they are too large for a message. */
    readonly payload: string;
    /** `s3://` URL of data that are too large for a message: `predictions/rejected/<shard>-<sequence number>`. */
    readonly payloadUrl?: string;
    readonly arrivedAt: string;
}

/** A version of a data object. */
export interface Upload {
    readonly bucket: string;
    readonly key: string;
    readonly versionId: string;
}

/** Output of SelectData: the newest data, or null when there are none. */
export interface SelectionResult {
    readonly upload: Upload | null;
}

/** Input of ValidateData. */
export interface ValidationRequest extends Upload {
    /** 12 hexadecimal characters that the state machine derives from the execution's ARN; part of every name that the run makes. */
    readonly runId: string;
}

/** Output of ValidateData and so on: what the state machine passes along under `$.validation`, `$.data`, `$.evaluation`. */
export interface ValidationResult {
    readonly task: TaskType;
    readonly rows: number;
}

/** Input of PreprocessData. */
export interface PreprocessingRequest extends Upload {
    readonly runId: string;
    /** The variants that are to be trained. */
    readonly variants: readonly Variant[];
}

export interface PreprocessingResult {
    readonly schemaUrl: string;
    readonly trainUrl: string;
    readonly validationUrl: string;
    readonly testUrl: string;
    /** JSONPath for `DataProcessing.OutputFilter`: label and scores. */
    readonly transformOutputFilter: string;
    readonly variants: readonly VariantPlan[];
}

/** What differs between the variants that one run trains. */
export interface VariantPlan {
    readonly variant: Variant;
    /** Stands for the variant in the names of jobs, where characters are few. */
    readonly letter: "a" | "b";
    /** All values are strings, as SageMaker wants them. */
    readonly hyperparameters: Readonly<Record<string, string>>;
    /** Folder into which batch transform writes; without a slash at its end, as AWS writes such paths. */
    readonly transformUrl: string;
}

/** Input of EvaluateModel; its output is the {@link Evaluation}, of which CheckMetrics compares `gate.value` and `gate.floor`. */
export interface EvaluationRequest {
    readonly runId: string;
    readonly variant: Variant;
}

/** Input of RegisterModel; its output is the {@link ApprovedModel}, which is not approved yet. */
export interface RegistrationRequest {
    readonly runId: string;
    readonly variant: Variant;
    /** `$.training.TrainingJobName`. */
    readonly trainingJobName: string;
    /** `$.training.ModelArtifacts.S3ModelArtifacts`. */
    readonly modelDataUrl: string;
    /** `$.training.AlgorithmSpecification.TrainingImage`. */
    readonly trainingImage: string;
    /** `$$.Execution.StartTime`, ISO 8601: the version's time, the same on a retry. */
    readonly startedAt: string;
}

/** Input of ApproveModel. */
export interface ApprovalRequest {
    readonly variant: Variant;
    readonly model: ApprovedModel;
    /** Whether the variant's endpoint serves the model already. */
    readonly isServed: boolean;
}

export interface ApprovalResult {
    readonly outcome: "deployed" | "approved";
}
