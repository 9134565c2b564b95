/** Small tables of data for tests, the same at every run. */
import type { DataSettings, ModelSettings } from "../../../lambdas/shared/environment.ts";
import { preprocessData } from "../../../lambdas/preprocess-data/core.ts";
import { validateData } from "../../../lambdas/validate-data/core.ts";
import { createMemoryRunFiles, type MemoryRunFiles } from "./memoryRunFiles.ts";

export const modelSettings: ModelSettings = { hyperparameters: {}, variantHyperparameters: {}, threshold: 0.5 };

/** Settings for a label, and whatever else matters to the test. */
export function dataSettings(label: string, others: Partial<DataSettings> = {}): DataSettings {
    return { label, ignore: [], maxRejectedShare: 0.01, ...others };
}

/** A CSV text with a header, and `count` rows made from their index. */
export function buildTable(header: string, count: number, buildRow: (index: number) => string): string {
    return [header, ...Array.from({ length: count }, (_, index) => buildRow(index))].join("\n");
}

/** Runs validation and preprocessing on a text, and gives the files. */
export async function prepare(text: string, data: DataSettings, model: ModelSettings = modelSettings): Promise<MemoryRunFiles> {
    const files = createMemoryRunFiles(text, 4096);
    await validateData(data, files);
    await preprocessData({ runId: "r1", source: { bucket: "raw", key: "data/x.csv", versionId: "v1" }, data, model, files, variants: ["challenger"] });
    return files;
}

/** The message of the error that a promise fails with. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
    return promise.then(() => "no error", (error: Error) => error.message);
}
