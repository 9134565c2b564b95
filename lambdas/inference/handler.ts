import { S3Client } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { FeatureSchema } from "../shared/documents.ts";
import { isEmulated, readEnvironment } from "../shared/environment.ts";
import { answerHttp } from "../shared/http.ts";
import { createLastGoodCache } from "../shared/lastGoodCache.ts";
import { describeError, log } from "../shared/log.ts";
import type { HttpAnswer } from "../shared/problem.ts";
import { readServingModel } from "../shared/servingModel.ts";
import { readJson } from "../shared/store.ts";
import { infer, type ServedModel } from "./core.ts";

/** Below API Gateway's 30 s and the function's own timeout, so that the caller gets our words and not the gateway's. */
const INVOKE_TIMEOUT_MILLISECONDS = 25_000;
const READ_TIMEOUT_MILLISECONDS = 3_000;
const FRESH_MILLISECONDS = 15_000;

const { SERVING_PARAMETER, ENDPOINT_NAME } = readEnvironment("SERVING_PARAMETER", "ENDPOINT_NAME");
const ssm = new SSMClient({ maxAttempts: 2 });
const s3 = new S3Client({ maxAttempts: 2, forcePathStyle: isEmulated() });
const runtime = new SageMakerRuntimeClient({ maxAttempts: 2 });
const readServedModel = createLastGoodCache(loadServedModel, {
    freshMilliseconds: FRESH_MILLISECONDS,
    onStale: (error) => log("error", "serving model unreadable, the last good one is used", { error: describeError(error) }),
});

/** Answers `POST /inference`. */
export async function handler(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    return answerHttp(event, (body, requestId) => infer(body, requestId, { readServedModel, invokeEndpoint }));
}

async function loadServedModel(): Promise<ServedModel | undefined> {
    const signal = AbortSignal.timeout(READ_TIMEOUT_MILLISECONDS);
    const model = await readServingModel(ssm, SERVING_PARAMETER, signal);
    return model === undefined ? undefined : { model, schema: await readJson<FeatureSchema>(s3, model.schemaUrl, signal) };
}

async function invokeEndpoint(csv: string): Promise<string> {
    const command = new InvokeEndpointCommand({ EndpointName: ENDPOINT_NAME, ContentType: "text/csv", Accept: "text/csv", Body: csv });
    const { Body } = await runtime.send(command, { abortSignal: AbortSignal.timeout(INVOKE_TIMEOUT_MILLISECONDS) });
    return new TextDecoder().decode(Body);
}
