import { S3Client } from "@aws-sdk/client-s3";
import type { Evaluation, EvaluationRequest } from "../shared/documents.ts";
import { isEmulated, readEnvironment, type ModelSettings } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { createS3RunFiles } from "../shared/s3RunFiles.ts";
import { evaluateModel } from "./core.ts";

const { PROCESSED_BUCKET, MODEL_SETTINGS } = readEnvironment("PROCESSED_BUCKET", "MODEL_SETTINGS");
const settings = JSON.parse(MODEL_SETTINGS) as ModelSettings;
const s3 = new S3Client({ forcePathStyle: isEmulated() });

/** Step EvaluateModel of the state machine. */
export async function handler({ runId, variant }: EvaluationRequest): Promise<Evaluation> {
    const evaluation = await evaluateModel(variant, settings, createS3RunFiles({ s3, processedBucket: PROCESSED_BUCKET, runId }));
    log("info", "model evaluated", { runId, variant, ...evaluation });
    return evaluation;
}
