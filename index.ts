/** The platform: configuration -> components -> outputs. What exists, and why, stands in the components. */
import * as pulumi from "@pulumi/pulumi";
import { bundleLambdas } from "./components/compute/bundle.ts";
import type { PlatformConfig } from "./components/config.ts";
import type { PlatformContext } from "./components/context.ts";
import { EncryptionKeys } from "./components/data/encryptionKeys.ts";
import { Storage } from "./components/data/storage.ts";
import { Tables } from "./components/data/tables.ts";
import { InferenceApi } from "./components/inference/inferenceApi.ts";
import { InferenceParameters } from "./components/inference/inferenceParameters.ts";
import { PipelineFunctions } from "./components/inference/pipelineFunctions.ts";
import { TrainingPipeline } from "./components/inference/trainingPipeline.ts";
import { nameEndpoints, Serving } from "./components/inference/serving.ts";
import { guardNames } from "./components/nameGuard.ts";
import { needsVpc } from "./components/networking/networkNeeds.ts";
import { Networking } from "./components/networking/networking.ts";
import { AlertTopic } from "./components/observability/alertTopic.ts";
import { Observability } from "./components/observability/observability.ts";
import type { PlatformOutputs } from "./components/outputs.ts";
import { readContext, readModelsToServe } from "./components/programContext.ts";
import { PredictionStream } from "./components/stream/predictionStream.ts";

/** Keys below it start the pipeline. */
const dataPrefix = "data/";

/** One bundle each, from `lambdas/<name>`. */
const FUNCTIONS = [
    "select-data", "validate-data", "preprocess-data", "evaluate-model", "register-model", "approve-model",
    "inference", "models", "ab-tests", "health", "stream-consumer",
] as const;

type ProgramOutputs = { readonly [Name in keyof PlatformOutputs]: pulumi.Input<PlatformOutputs[Name]> };

/**
 * The program. A function, and the default export: so outputs that do not exist are absent without a warning, their names and types
 * are checked against `PlatformOutputs`, and tests can run it many times.
 */
export default async function declarePlatform(): Promise<ProgramOutputs> {
    // What decides which resources there are is awaited first; below this paragraph nothing waits.
    const { config, context } = await readContext();
    const modelsToServe = await readModelsToServe(config, context);
    const bundles = await bundleLambdas(FUNCTIONS);

    const { naming, location } = context;
    guardNames(naming);
    const { keys, storage, tables, dataScope } = declareData(config, context);
    const { raw, processed, models } = storage;
    const kmsKeyArn = keys.lambdaKeyArn;
    const tableNames = {
        modelMetadataTableName: tables.modelMetadata.name,
        trainingMetricsTableName: tables.trainingMetrics.name,
        abTestsTableName: tables.abTests.name,
        pipelineLeasesTableName: tables.pipelineLeases.name,
        streamCheckpointsTableName: tables.streamCheckpoints.name,
    };

    const network = needsVpc(config) ? new Networking("network", { context, config, kmsKeyArn }) : undefined;
    const alerts = new AlertTopic("alerts", { context, alerts: config.alerts, kmsKeyArn });
    new InferenceParameters("parameters", { context, settings: config.inference });
    const serving = new Serving("serving", {
        context, kmsKeyArn,
        models: modelsToServe,
        settings: config.inference,
        modelsBucketArn: models.bucketArn,
        s3KeyArn: keys.s3KeyArn,
    });
    const functions = new PipelineFunctions("pipeline-functions", {
        context, config, bundles, dataScope, dataPrefix, kmsKeyArn, ...tableNames,
        rawBucketName: raw.bucketName,
        processedBucketName: processed.bucketName,
    });
    const pipeline = new TrainingPipeline("pipeline", {
        context, functions, raw, processed, models, tables, keys, dataPrefix,
        training: config.training,
        alertTopicArn: alerts.topicArn,
        servingRoleArn: serving.role.roleArn,
        endpointNames: nameEndpoints(naming),
        // A VPC may be there for something else: jobs run in it when they are asked to.
        ...(network === undefined || !config.training.private ? {} : {
            network: { subnetIds: network.isolatedSubnetIds, securityGroupIds: [network.computeSecurityGroupId] },
        }),
    });
    const stream = new PredictionStream("stream", {
        context, config, dataScope, kmsKeyArn, processed, ...tableNames,
        bundle: bundles["stream-consumer"],
        kinesisKeyArn: keys.kinesisKeyArn,
    });
    const api = new InferenceApi("inference-api", { context, config, bundles, dataScope, kmsKeyArn, ...tableNames });
    const observability = new Observability("observability", { context, config, functionParts: FUNCTIONS, alertTopicArn: alerts.topicArn });

    return {
        dataPrefix,
        phase: Object.keys(modelsToServe).length === 0 ? "infrastructure" : "serving",
        region: location.region,
        accountId: location.accountId,
        rawBucketName: raw.bucketName,
        processedBucketName: processed.bucketName,
        modelsBucketName: models.bucketName,
        logsBucketName: storage.logs.bucketName,
        ...tableNames,
        streamName: stream.streamName,
        deadLetterQueueUrl: stream.deadLetterQueueUrl,
        predictionsUrl: stream.predictionsUrl,
        stateMachineArn: pipeline.stateMachineArn,
        alertTopicArn: alerts.topicArn,
        dashboardName: observability.dashboardName,
        apiUrl: api.apiUrl,
        parameterPath: naming.parameterPath,
        endpointNames: nameEndpoints(naming),
        modelVersions: Object.fromEntries(Object.entries(modelsToServe).map(([variant, { version }]) => [variant, version])),
        ...(network === undefined ? {} : {
            vpcId: network.vpcId, isolatedSubnetIds: network.isolatedSubnetIds, unreachableServices: network.unreachableServices,
        }),
    };
}

/** What outlives a run: keys, buckets, tables. */
function declareData(config: PlatformConfig, context: PlatformContext) {
    const keys = new EncryptionKeys("keys", { context });
    const storage = new Storage("storage", {
        context, dataPrefix,
        storage: config.storage,
        predictionDays: config.stream.predictionDays,
        kmsKeyArn: keys.s3KeyArn,
    });
    const tables = new Tables("tables", { context, kmsKeyArn: keys.dynamodbKeyArn });
    const dataScope = pulumi.output({
        dataPrefix,
        location: context.location,
        parameterPath: context.naming.parameterPath,
        rawBucketArn: storage.raw.bucketArn,
        processedBucketArn: storage.processed.bucketArn,
        modelsBucketArn: storage.models.bucketArn,
        modelMetadataTableArn: tables.modelMetadata.arn,
        trainingMetricsTableArn: tables.trainingMetrics.arn,
        abTestsTableArn: tables.abTests.arn,
        streamCheckpointsTableArn: tables.streamCheckpoints.arn,
        s3KeyArn: keys.s3KeyArn,
        dynamodbKeyArn: keys.dynamodbKeyArn,
        kinesisKeyArn: keys.kinesisKeyArn,
    });
    return { keys, storage, tables, dataScope };
}
