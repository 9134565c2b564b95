/** Second step of the pipeline: learns the encodings from the training rows, then writes the files that SageMaker reads. */
import { readCsv } from "../shared/csv.ts";
import type { DataManifest, FeatureSchema, PreprocessingResult, Variant } from "../shared/documents.ts";
import { createLineEncoder } from "../shared/encode.ts";
import type { DataSettings, ModelSettings } from "../shared/environment.ts";
import type { DataProfile } from "../shared/profile.ts";
import { runFileNames, variantFileNames, type FileWriter, type RunFiles } from "../shared/runFiles.ts";
import { buildHyperparameters, buildTransformOutputFilter } from "../shared/tasks.ts";
import { createRowSorter } from "./rows.ts";
import { SampleCollector } from "./samples.ts";
import { fitSchema } from "./schema.ts";
import { findSplit, splits, type Split } from "./split.ts";

export interface PreprocessingArgs {
    readonly runId: string;
    readonly source: DataManifest["source"];
    readonly data: DataSettings;
    readonly model: ModelSettings;
    readonly files: RunFiles;
    /** The variants that are to be trained on the data. */
    readonly variants: readonly Variant[];
}

/**
 * Writes `schema.json`, `rejects.csv`, the three data files, `samples.json` and last `manifest.json`. A retry writes the same bytes.
 * Throws when too many rows are broken, or when a class does not occur in all three splits.
 */
export async function preprocessData({ runId, source, data, model, files, variants }: PreprocessingArgs): Promise<PreprocessingResult> {
    const profile = await files.readDocument<DataProfile>(runFileNames.profile);
    const { schema, rejected } = await fitSchema({ profile, settings: data, threshold: model.threshold, files });
    await files.writeDocument(runFileNames.schema, schema);
    const { rows, bytes } = await writeSplits(profile, schema, files);
    const written = splits.map((split) => ({ key: files.keyOf(runFileNames[split]), bytes: bytes[split] }));
    const manifest: DataManifest = { runId, source, task: schema.task, rows: { ...rows, rejected }, files: written };
    await files.writeDocument(runFileNames.manifest, manifest);
    return buildResult(schema, { model, files, variants });
}

type PerSplit<Value> = Record<Split, Value>;

/** Second pass over the data: encodes every row into its split's file. */
async function writeSplits(
    profile: DataProfile,
    schema: FeatureSchema,
    files: RunFiles,
): Promise<{ rows: PerSplit<number>; bytes: PerSplit<number> }> {
    const { header, batches } = await readCsv(await files.openInput());
    const sortRows = createRowSorter(header, profile);
    // A category that no training row has becomes zeros, as `CategoricalFeature` says.
    const encode = createLineEncoder(schema.features);
    const samples = new SampleCollector(schema);
    const writers = forEachSplit((split) => files.createFile(runFileNames[split]));
    const rows = forEachSplit(() => 0);
    try {
        for await (const batch of batches) {
            const lines = forEachSplit((): string[] => []);
            for (const row of sortRows(batch.rows).rows) {
                const split = findSplit(row.text);
                if (split === "test") samples.add(row, rows.test);
                lines[split].push(`${row.label},${encode(row.cells)}`);
                rows[split]++;
            }
            for (const split of splits) if (lines[split].length > 0) await writers[split].write(`${lines[split].join("\n")}\n`);
        }
        await files.writeDocument(runFileNames.samples, samples.build());
        return { rows, bytes: await closeAll(writers) };
    } catch (error) {
        await Promise.allSettled(splits.map((split) => writers[split].abort()));
        throw error;
    }
}

async function closeAll(writers: PerSplit<FileWriter>): Promise<PerSplit<number>> {
    return { train: await writers.train.close(), validation: await writers.validation.close(), test: await writers.test.close() };
}

function forEachSplit<Value>(make: (split: Split) => Value): PerSplit<Value> {
    return { train: make("train"), validation: make("validation"), test: make("test") };
}

function buildResult(
    schema: FeatureSchema,
    { model, files, variants }: Pick<PreprocessingArgs, "model" | "files" | "variants">,
): PreprocessingResult {
    const classCount = schema.classes?.length ?? 1;
    return {
        schemaUrl: files.urlOf(runFileNames.schema),
        trainUrl: files.urlOf(runFileNames.train),
        validationUrl: files.urlOf(runFileNames.validation),
        testUrl: files.urlOf(runFileNames.test),
        transformOutputFilter: buildTransformOutputFilter(schema.task, classCount),
        variants: variants.map((variant) => ({
            variant,
            letter: variant === "champion" ? "a" : "b",
            hyperparameters: buildHyperparameters(schema.task, classCount, {
                ...model.hyperparameters, ...model.variantHyperparameters[variant],
            }),
            transformUrl: files.urlOf(variantFileNames(variant).transform),
        })),
    };
}
