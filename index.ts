/** The platform: configuration -> components -> outputs. What exists, and why, stands in the components. */
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { bundleLambdas } from "./components/compute/bundle.ts";
import type { PlatformContext } from "./components/context.ts";
import { DataBucket } from "./components/data/dataBucket.ts";
import { EncryptionKeys } from "./components/data/encryptionKeys.ts";
import { Tables } from "./components/data/tables.ts";
import { AlertTopic } from "./components/inference/alertTopic.ts";
import { InferenceApi } from "./components/inference/inferenceApi.ts";
import { InferenceEndpoint } from "./components/inference/inferenceEndpoint.ts";
import { InferenceParameters } from "./components/inference/inferenceParameters.ts";
import { PipelineFunctions } from "./components/inference/pipelineFunctions.ts";
import { TrainingPipeline } from "./components/inference/trainingPipeline.ts";
import type { PlatformOutputs } from "./components/outputs.ts";
import { readContext, readModelToServe } from "./components/programContext.ts";

/** Keys below it start the pipeline. */
const dataPrefix = "data/";

type ProgramOutputs = { readonly [Name in keyof PlatformOutputs]?: pulumi.Input<PlatformOutputs[Name]> };

/**
 * The program. A function, and the default export: so outputs that do not exist are absent without a warning, their names and types
 * are checked against `PlatformOutputs`, and tests can run it many times.
 */
export default async function declarePlatform(): Promise<ProgramOutputs> {
    // What decides which resources there are is awaited first; below this paragraph nothing waits.
    const { config, context } = await readContext();
    const modelToServe = await readModelToServe(config, context);
    const bundles = await bundleLambdas(["validate-data", "preprocess-data", "evaluate-model", "register-model", "inference", "health"]);

    const { naming, location } = context;
    const { parameterPath } = naming;
    const endpointName = naming.name("endpoint", "champion");
    const { keys, raw, processed, models, tables, dataScope } = declareData(context);
    const kmsKeyArn = keys.lambdaKeyArn;

    const alerts = new AlertTopic("alerts", { context, emails: config.alerts.emails, kmsKeyArn });
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

    return {
        dataPrefix, parameterPath,
        endpointNames: { champion: endpointName, challenger: naming.name("endpoint", "challenger") },
        modelVersions: modelToServe === undefined ? {} : { champion: modelToServe.version },
        phase: endpoint === undefined ? "infrastructure" : "serving",
        region: location.region,
        accountId: location.accountId,
        rawBucketName: raw.bucketName,
        processedBucketName: processed.bucketName,
        modelsBucketName: models.bucketName,
        modelMetadataTableName: tables.modelMetadata.name,
        pipelineLeasesTableName: tables.pipelineLeases.name,
        stateMachineArn: pipeline.stateMachineArn,
        alertTopicArn: alerts.topicArn,
        apiUrl: api.apiUrl,
    };
}

/** What outlives a run: keys, buckets, tables. */
function declareData(context: PlatformContext) {
    const keys = new EncryptionKeys("keys", { context });
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
        dataPrefix,
        location: context.location,
        parameterPath: context.naming.parameterPath,
        rawBucketArn: raw.bucketArn,
        processedBucketArn: processed.bucketArn,
        modelsBucketArn: models.bucketArn,
        modelMetadataTableArn: tables.modelMetadata.arn,
        s3KeyArn: keys.s3KeyArn,
        dynamodbKeyArn: keys.dynamodbKeyArn,
    });
    return { keys, raw, processed, models, tables, dataScope };
}
