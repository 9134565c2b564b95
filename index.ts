/** The platform: configuration -> components -> outputs. What exists and why is in the components. */
import { RandomId } from "@pulumi/random/randomId.js";
import { bundleLambdas } from "./components/compute/bundle.ts";
import { HttpApi } from "./components/compute/httpApi.ts";
import { LambdaFunction } from "./components/compute/lambdaFunction.ts";
import { DataBucket } from "./components/data/dataBucket.ts";
import { EncryptionKeys } from "./components/data/encryptionKeys.ts";
import { Tables } from "./components/data/tables.ts";
import { readContext } from "./components/programContext.ts";

const { context } = await readContext();
const bundles = await bundleLambdas(["health"]);

const keys = new EncryptionKeys("keys", { context });
const suffix = new RandomId("bucket-suffix", { byteLength: 3 }).hex;
const bucketArgs = { context, randomSuffix: suffix, kmsKeyArn: keys.s3KeyArn, noncurrentRetentionDays: 30 };
const raw = new DataBucket("raw", { ...bucketArgs, part: "raw" });
const processed = new DataBucket("processed", { ...bucketArgs, part: "processed" });
const models = new DataBucket("models", { ...bucketArgs, part: "models" });
const tables = new Tables("tables", { context, kmsKeyArn: keys.dynamodbKeyArn });

const healthFunction = new LambdaFunction("health", {
    context,
    description: "Answers whether the platform is up",
    bundle: bundles.health,
    timeoutSeconds: 10,
    memoryMiB: 256,
    environment: { SERVING_PARAMETER: `${context.naming.parameterPath}/serving` },
    kmsKeyArn: keys.lambdaKeyArn,
});
const api = new HttpApi("api", {
    context,
    kmsKeyArn: keys.lambdaKeyArn,
    routes: [
        { name: "health", method: "GET", path: "/health", target: healthFunction, authorization: "NONE", timeoutMilliseconds: 11_000 },
    ],
});

export const phase = "infrastructure";
export const region = context.location.region;
export const accountId = context.location.accountId;
export const rawBucketName = raw.bucketName;
export const dataPrefix = "data/";
export const processedBucketName = processed.bucketName;
export const modelsBucketName = models.bucketName;
export const modelMetadataTableName = tables.modelMetadata.name;
export const pipelineLeasesTableName = tables.pipelineLeases.name;
export const apiUrl = api.apiUrl;
export const parameterPath = context.naming.parameterPath;
export const endpointName = context.naming.name("endpoint", "endpoint");
