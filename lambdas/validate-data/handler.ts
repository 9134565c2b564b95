import { S3Client } from "@aws-sdk/client-s3";
import type { ValidationRequest, ValidationResult } from "../shared/documents.ts";
import { isEmulated, readEnvironment, type DataSettings } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { createS3RunFiles } from "../shared/s3RunFiles.ts";
import { validateData } from "./core.ts";

const { PROCESSED_BUCKET, DATA_SETTINGS } = readEnvironment("PROCESSED_BUCKET", "DATA_SETTINGS");
const settings = JSON.parse(DATA_SETTINGS) as DataSettings;
const s3 = new S3Client({ forcePathStyle: isEmulated() });

/** Step ValidateData of the state machine. */
export async function handler({ runId, ...input }: ValidationRequest): Promise<ValidationResult> {
    const files = createS3RunFiles({ s3, processedBucket: PROCESSED_BUCKET, runId, input });
    const result = await validateData(settings, files);
    log("info", "data validated", { runId, ...result });
    return result;
}
