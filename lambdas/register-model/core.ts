/** Last step of the pipeline: makes a model that passed the check the approved one. */
import type { ApprovedModel, DataManifest, Evaluation, FeatureSchema, RegistrationRequest } from "../shared/documents.ts";

/** Largest value of a standard parameter (AWS Systems Manager quotas). */
const MAX_PARAMETER_BYTES = 4096;

/** An item of the model-metadata table; the key is ModelId and Version. */
export interface ModelRecord {
    readonly ModelId: string;
    readonly Version: string;
    /** `superseded`: when the run ended, the model of a later run was approved already. */
    readonly Status: "approved" | "superseded";
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

/** Each may be called again with the same arguments. */
export interface RegistrationDependencies {
    readRunDocument<Document>(name: "schema.json" | "manifest.json" | "evaluation.json"): Promise<Document>;
    /** Copies a document of the run to an `s3://` URL. */
    copyRunDocument(name: "schema.json" | "golden.json", toUrl: string): Promise<void>;
    /** What the parameter `approved` holds. */
    readApproved(): Promise<string>;
    putRecord(record: ModelRecord): Promise<void>;
    /** Overwrites the parameter `approved`. */
    putApproved(value: string): Promise<void>;
}

/**
 * Copies the schema and the golden predictions beside the artifact, records the model, and points the parameter at it: last,
 * so that whoever reads the parameter finds the rest. A run that took longer than one that began after it does not take its place.
 * A retry writes the same again. Throws when the parameter would not fit.
 */
export async function registerModel(request: RegistrationRequest, dependencies: RegistrationDependencies): Promise<ApprovedModel> {
    const schema = await dependencies.readRunDocument<FeatureSchema>("schema.json");
    const manifest = await dependencies.readRunDocument<DataManifest>("manifest.json");
    const { metrics } = await dependencies.readRunDocument<Evaluation>("evaluation.json");
    const model = buildApprovedModel(request, schema);
    const value = JSON.stringify(model);
    if (Buffer.byteLength(value) > MAX_PARAMETER_BYTES) {
        throw new Error(`the approved model takes ${Buffer.byteLength(value)} bytes, but a parameter holds ${MAX_PARAMETER_BYTES}\n  fix: shorten the names of project and environment`);
    }
    await dependencies.copyRunDocument("schema.json", model.schemaUrl);
    await dependencies.copyRunDocument("golden.json", model.goldenUrl);
    const isNewest = findVersion(await dependencies.readApproved()) <= model.version;
    await dependencies.putRecord({ ...buildRecord(request, model, { schema, manifest, metrics }), Status: isNewest ? "approved" : "superseded" });
    if (isNewest) await dependencies.putApproved(value);
    return model;
}

/** Version of the approved model; empty, which is before every version, when the parameter holds none. */
function findVersion(approved: string): string {
    try {
        const { version } = JSON.parse(approved) as Partial<ApprovedModel>;
        return typeof version === "string" ? version : "";
    } catch {
        return "";
    }
}

/** Exported for its test: the version sorts by time, the documents lie in the job's folder. */
export function buildApprovedModel(request: RegistrationRequest, schema: FeatureSchema): ApprovedModel {
    const { runId, trainingJobName, trainingImage, modelDataUrl } = request;
    const jobFolder = modelDataUrl.replace(/\/output\/model\.tar\.gz$/, "");
    if (jobFolder === modelDataUrl) throw new Error(`${modelDataUrl} is not where a training job writes: <path>/<job>/output/model.tar.gz`);
    return {
        modelId: `${schema.task}:${schema.label}`,
        version: `${formatVersionTime(request.startedAt)}-${runId}`,
        modelDataUrl,
        schemaUrl: `${jobFolder}/schema.json`,
        goldenUrl: `${jobFolder}/golden.json`,
        trainingJobName,
        trainingImage,
    };
}

function buildRecord(
    { runId, startedAt }: RegistrationRequest,
    model: ApprovedModel,
    { schema, manifest, metrics }: { schema: FeatureSchema; manifest: DataManifest; metrics: Evaluation["metrics"] },
): Omit<ModelRecord, "Status"> {
    return {
        ModelId: model.modelId,
        Version: model.version,
        RunId: runId,
        Task: schema.task,
        Label: schema.label,
        Metrics: metrics,
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

/** `2026-11-21T10:33:55.123Z` becomes `20261121T103355Z`. */
function formatVersionTime(time: string): string {
    const date = new Date(time);
    if (Number.isNaN(date.getTime())) throw new Error(`startedAt ${JSON.stringify(time)} is not an ISO 8601 time`);
    return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
