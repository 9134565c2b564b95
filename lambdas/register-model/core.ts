/** Puts a model that passed the check into the registry, with all that whoever serves it needs beside its artifact. */
import type { ApprovedModel, DataManifest, Evaluation, FeatureSchema, RegistrationRequest, Variant } from "../shared/documents.ts";
import { runFileNames, variantFileNames } from "../shared/runFiles.ts";

/** An item of the model-metadata table; the key is ModelId and Version. */
export interface ModelRecord {
    readonly ModelId: string;
    readonly Version: string;
    /** ApproveModel changes it to `approved`, and to `superseded` when another one takes its place. */
    readonly Status: "registered";
    /** For which it was trained. */
    readonly Variant: Variant;
    readonly RunId: string;
    readonly Task: string;
    readonly Label: string;
    readonly Metrics: Readonly<Record<string, number>>;
    readonly ModelDataUrl: string;
    readonly SchemaUrl: string;
    readonly GoldenUrl: string;
    readonly TrainingJobName: string;
    readonly TrainingImage: string;
    /** The raw object that the model was trained on. */
    readonly SourceUrl: string;
    readonly SourceVersionId: string;
    readonly Rows: DataManifest["rows"];
    /** ISO 8601; start of the execution. */
    readonly CreatedAt: string;
}

/** An item of the training-metrics table; the key is the same. */
export interface MetricsRecord {
    readonly ModelId: string;
    readonly Version: string;
    readonly Variant: Variant;
    readonly Task: string;
    /** Rows of the test set that the metrics were computed from. */
    readonly TestRows: number;
    readonly Metrics: Readonly<Record<string, number>>;
    /** The one metric that decided. */
    readonly Gate: Evaluation["gate"];
    readonly CreatedAt: string;
}

/** Each may be called again with the same arguments. */
export interface RegistrationDependencies {
    /** Reads a document of the run by its name. */
    readRunDocument<Document>(name: string): Promise<Document>;
    /** Copies a document of the run to an `s3://` URL. */
    copyRunDocument(name: string, toUrl: string): Promise<void>;
    /** Leaves a record alone that is there already: a retry must not take an approval back. */
    putRecord(record: ModelRecord): Promise<void>;
    putMetrics(record: MetricsRecord): Promise<void>;
    /** Sends one metric of the model to where people watch it. */
    emitMetric(variant: Variant, name: string, value: number): void;
}

/** What the records are made of. */
interface RunDocuments {
    readonly schema: FeatureSchema;
    readonly manifest: DataManifest;
    readonly evaluation: Evaluation;
}

/**
 * Copies the schema and the golden predictions beside the artifact, then records the model and its metrics. A retry writes the same again.
 */
export async function registerModel(request: RegistrationRequest, dependencies: RegistrationDependencies): Promise<ApprovedModel> {
    const names = variantFileNames(request.variant);
    const schema = await dependencies.readRunDocument<FeatureSchema>(runFileNames.schema);
    const manifest = await dependencies.readRunDocument<DataManifest>(runFileNames.manifest);
    const evaluation = await dependencies.readRunDocument<Evaluation>(names.evaluation);
    const model = buildModel(request, schema);
    await dependencies.copyRunDocument(runFileNames.schema, model.schemaUrl);
    await dependencies.copyRunDocument(names.golden, model.goldenUrl);
    await dependencies.putMetrics(buildMetricsRecord(request, model, evaluation));
    await dependencies.putRecord(buildRecord(request, model, { schema, manifest, evaluation }));
    for (const [name, value] of Object.entries(evaluation.metrics)) dependencies.emitMetric(request.variant, name, value);
    return model;
}

/** The version sorts by time, and the documents lie in the job's folder. */
function buildModel(request: RegistrationRequest, schema: FeatureSchema): ApprovedModel {
    const { runId, variant, trainingJobName, trainingImage, modelDataUrl } = request;
    const jobFolder = modelDataUrl.replace(/\/output\/model\.tar\.gz$/, "");
    if (jobFolder === modelDataUrl) throw new Error(`${modelDataUrl} is not where a training job writes: <path>/<job>/output/model.tar.gz`);
    return {
        modelId: `${schema.task}:${schema.label}`,
        version: `${formatVersionTime(request.startedAt)}-${runId}-${variant}`,
        modelDataUrl,
        schemaUrl: `${jobFolder}/schema.json`,
        goldenUrl: `${jobFolder}/golden.json`,
        trainingJobName,
        trainingImage,
    };
}

function buildRecord({ runId, variant, startedAt }: RegistrationRequest, model: ApprovedModel, documents: RunDocuments): ModelRecord {
    const { schema, manifest, evaluation } = documents;
    return {
        ModelId: model.modelId,
        Version: model.version,
        Status: "registered",
        Variant: variant,
        RunId: runId,
        Task: schema.task,
        Label: schema.label,
        Metrics: evaluation.metrics,
        ModelDataUrl: model.modelDataUrl,
        SchemaUrl: model.schemaUrl,
        GoldenUrl: model.goldenUrl,
        TrainingJobName: model.trainingJobName,
        TrainingImage: model.trainingImage,
        SourceUrl: `s3://${manifest.source.bucket}/${manifest.source.key}`,
        SourceVersionId: manifest.source.versionId,
        Rows: manifest.rows,
        CreatedAt: startedAt,
    };
}

function buildMetricsRecord({ variant, startedAt }: RegistrationRequest, model: ApprovedModel, evaluation: Evaluation): MetricsRecord {
    return {
        ModelId: model.modelId,
        Version: model.version,
        Variant: variant,
        Task: evaluation.task,
        TestRows: evaluation.rows,
        Metrics: evaluation.metrics,
        Gate: evaluation.gate,
        CreatedAt: startedAt,
    };
}

/** `2026-11-21T10:33:55.123Z` becomes `20261121T103355Z`. */
function formatVersionTime(time: string): string {
    const date = new Date(time);
    if (Number.isNaN(date.getTime())) throw new Error(`startedAt ${JSON.stringify(time)} is not an ISO 8601 time`);
    return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
