/** The platform: configuration -> components -> outputs. What exists, and why, stands in the components. */
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { bundleLambdas } from "./components/compute/bundle.ts";
import { DataBucket } from "./components/data/dataBucket.ts";
import { EncryptionKeys } from "./components/data/encryptionKeys.ts";
import { Tables } from "./components/data/tables.ts";
import { AlertTopic } from "./components/inference/alertTopic.ts";
import { InferenceApi } from "./components/inference/inferenceApi.ts";
import { InferenceEndpoint } from "./components/inference/inferenceEndpoint.ts";
import { InferenceParameters } from "./components/inference/inferenceParameters.ts";
import { PipelineFunctions } from "./components/inference/pipelineFunctions.ts";
import { TrainingPipeline } from "./components/inference/trainingPipeline.ts";
import { readContext, readModelToServe } from "./components/programContext.ts";

// What decides which resources there are is awaited first; below this paragraph nothing waits.
const { config, context } = await readContext();
const modelToServe = await readModelToServe(config, context);
const bundles = await bundleLambdas(["validate-data", "preprocess-data", "evaluate-model", "register-model", "inference", "health"]);

const { naming, location } = context;
export const dataPrefix = "data/";
export const parameterPath = naming.parameterPath;
export const endpointName = naming.name("endpoint", "endpoint");

const keys = new EncryptionKeys("keys", { context });
const kmsKeyArn = keys.lambdaKeyArn;
const bucketArgs = {
    context,
    randomSuffix: new RandomId("bucket-suffix", { byteLength: 3 }).hex,
    kmsKeyArn: keys.s3KeyArn,
    noncurrentRetentionDays: 30,
};
const raw = new DataBucket("raw", { ...bucketArgs, part: "raw" });
const processed = new DataBucket("processed", { ...bucketArgs, part: "processed" });
const models = new DataBucket("models", { ...bucketArgs, part: "models" });
const tables = new Tables("tables", { context, kmsKeyArn: keys.dynamodbKeyArn });
const dataScope = pulumi.output({
    location, parameterPath, dataPrefix,
    rawBucketArn: raw.bucketArn,
    processedBucketArn: processed.bucketArn,
    modelsBucketArn: models.bucketArn,
    modelMetadataTableArn: tables.modelMetadata.arn,
    s3KeyArn: keys.s3KeyArn,
    dynamodbKeyArn: keys.dynamodbKeyArn,
});

const alerts = new AlertTopic("alerts", { context, emails: config.alertEmails, kmsKeyArn });
new InferenceParameters("parameters", { context });
const functions = new PipelineFunctions("pipeline-functions", {
    context, config, bundles, dataScope, kmsKeyArn,
    processedBucketName: processed.bucketName,
    modelMetadataTableName: tables.modelMetadata.name,
});
const pipeline = new TrainingPipeline("pipeline", {
    context, functions, raw, processed, models, tables, keys, dataPrefix,
    training: config.training,
    alertTopicArn: alerts.topicArn,
});
const endpoint = modelToServe === undefined ? undefined : new InferenceEndpoint("endpoint", {
    context, endpointName,
    model: modelToServe,
    settings: config.inference,
    modelsBucketArn: models.bucketArn,
    s3KeyArn: keys.s3KeyArn,
});
const api = new InferenceApi("inference-api", { context, bundles, endpointName, dataScope, kmsKeyArn });

// The stack's outputs, as components/outputs.ts describes them.
export const phase = endpoint === undefined ? "infrastructure" : "serving";
export const region = location.region;
export const accountId = location.accountId;
export const rawBucketName = raw.bucketName;
export const processedBucketName = processed.bucketName;
export const modelsBucketName = models.bucketName;
export const modelMetadataTableName = tables.modelMetadata.name;
export const pipelineLeasesTableName = tables.pipelineLeases.name;
export const stateMachineArn = pipeline.stateMachineArn;
export const alertTopicArn = alerts.topicArn;
export const apiUrl = api.apiUrl;
export const endpointArn = endpoint?.endpointArn;
export const modelVersion = modelToServe?.version;
