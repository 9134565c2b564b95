import { S3Client } from "@aws-sdk/client-s3";
import type { PreprocessingRequest, PreprocessingResult } from "../shared/documents.ts";
import { isEmulated, readEnvironment, type DataSettings, type ModelSettings } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { createS3RunFiles } from "../shared/s3RunFiles.ts";
import { preprocessData } from "./core.ts";

const { PROCESSED_BUCKET, DATA_SETTINGS, MODEL_SETTINGS } = readEnvironment("PROCESSED_BUCKET", "DATA_SETTINGS", "MODEL_SETTINGS");
const data = JSON.parse(DATA_SETTINGS) as DataSettings;
const model = JSON.parse(MODEL_SETTINGS) as ModelSettings;
const s3 = new S3Client({ forcePathStyle: isEmulated() });

/** Step PreprocessData of the state machine. */
export async function handler({ runId, variants, ...source }: PreprocessingRequest): Promise<PreprocessingResult> {
    const files = createS3RunFiles({ s3, processedBucket: PROCESSED_BUCKET, runId, input: source });
    const result = await preprocessData({ runId, source, data, model, files, variants });
    log("info", "data prepared", { runId, variants: result.variants });
    return result;
}
