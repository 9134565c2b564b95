/** Records in, predictions out: a stream, the function that predicts on it, and the queue for what could not be predicted on. */
import * as pulumi from "@pulumi/pulumi";
import { Stream } from "@pulumi/aws/kinesis/stream.js";
import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import type { LambdaBundle } from "../compute/bundle.ts";
import { LambdaFunction } from "../compute/lambdaFunction.ts";
import type { PlatformConfig } from "../config.ts";
import type { StreamConfig } from "../config/stream.ts";
import type { PlatformContext } from "../context.ts";
import type { DataBucket } from "../data/dataBucket.ts";
import { findAvailability } from "../facts/regions.ts";
import type { DataScope } from "../iam/dataScope.ts";
import { consumerPermissions } from "../iam/servingPermissions.ts";
import { buildAbTestVariables, buildRouterVariables } from "../inference/routerVariables.ts";
import { nameEndpoints } from "../inference/serving.ts";

export interface PredictionStreamArgs {
    readonly context: PlatformContext;
    readonly config: Pick<PlatformConfig, "stream" | "abTest" | "functions">;
    readonly bundle: LambdaBundle;
    /** Receives the predictions, and the batches that Lambda gives up where it can put them into a bucket. */
    readonly processed: DataBucket;
    readonly abTestsTableName: pulumi.Input<string>;
    readonly streamCheckpointsTableName: pulumi.Input<string>;
    readonly dataScope: pulumi.Input<DataScope>;
    /** Key for stream and queue. */
    readonly kinesisKeyArn: pulumi.Input<string>;
    /** Key for the consumer's log and environment. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** SQS keeps messages no longer; somebody must look at them within this time. */
const DEAD_LETTER_DAYS = 14;
const SECONDS_PER_DAY = 86_400;

/** Billed by the hour: a provisioned shard about 11 USD a month, an idle stream on demand about 29. */
export class PredictionStream extends pulumi.ComponentResource {
    readonly streamName: pulumi.Output<string>;
    readonly deadLetterQueueName: pulumi.Output<string>;
    readonly deadLetterQueueUrl: pulumi.Output<string>;
    /** `s3://` URL of the folder with the predictions, without a slash at its end. */
    readonly predictionsUrl: pulumi.Output<string>;
    readonly consumer: LambdaFunction;

    constructor(name: string, args: PredictionStreamArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:stream:PredictionStream", name, {}, opts);
        const stream = this.createStream(name, args);
        const deadLetters = this.createDeadLetterQueue(name, args);
        this.predictionsUrl = pulumi.interpolate`s3://${args.processed.bucketName}/predictions`;
        this.consumer = this.createConsumer(args, stream, deadLetters);
        this.createEventSource(name, args, { stream, deadLetters });
        this.streamName = stream.name;
        this.deadLetterQueueName = deadLetters.name;
        this.deadLetterQueueUrl = deadLetters.url;
        this.registerOutputs({ streamName: this.streamName, deadLetterQueueUrl: this.deadLetterQueueUrl });
    }

    private createStream(name: string, { context, config, kinesisKeyArn }: PredictionStreamArgs): Stream {
        return new Stream(`${name}-stream`, {
            name: context.naming.name("stream", "records"),
            ...buildCapacity(config.stream),
            retentionPeriod: config.stream.retentionHours,
            encryptionType: "KMS",
            kmsKeyId: kinesisKeyArn,
            tags: context.tags,
        }, { parent: this });
    }

    private createDeadLetterQueue(name: string, { context, kinesisKeyArn }: PredictionStreamArgs): Queue {
        return new Queue(`${name}-dead-letters`, {
            name: context.naming.name("queue", "dead-letters"),
            messageRetentionSeconds: DEAD_LETTER_DAYS * SECONDS_PER_DAY,
            kmsMasterKeyId: kinesisKeyArn,
            tags: context.tags,
        }, { parent: this });
    }

    private createConsumer(args: PredictionStreamArgs, stream: Stream, deadLetters: Queue): LambdaFunction {
        const { context, config } = args;
        const endpointNames = nameEndpoints(context.naming);
        return new LambdaFunction("stream-consumer", {
            context,
            description: "Predicts on the stream's records, once each",
            bundle: args.bundle,
            ...config.functions.consumer,
            environment: {
                ...buildRouterVariables(context),
                ...buildAbTestVariables(args),
                DEAD_LETTER_QUEUE_URL: deadLetters.url,
                CHECKPOINTS_TABLE: args.streamCheckpointsTableName,
                PREDICTIONS_URL: this.predictionsUrl,
            },
            statements: pulumi.all([args.dataScope, stream.arn, deadLetters.arn]).apply(([scope, streamArn, deadLetterQueueArn]) => (
                consumerPermissions({ ...scope, endpointNames, streamArn, deadLetterQueueArn })
            )),
            kmsKeyArn: args.kmsKeyArn,
        }, { parent: this });
    }

    private createEventSource(name: string, args: PredictionStreamArgs, { stream, deadLetters }: { stream: Stream; deadLetters: Queue }): void {
        const { context: { location: { region }, tags }, config, processed } = args;
        const hasBuckets = findAvailability("failureBuckets", region) === "has";
        new EventSourceMapping(`${name}-event-source`, {
            eventSourceArn: stream.arn,
            functionName: this.consumer.functionName,
            // From the oldest record: what was put before the consumer was there is predicted on too.
            startingPosition: "TRIM_HORIZON",
            batchSize: config.stream.batchSize,
            maximumBatchingWindowInSeconds: config.stream.batchingWindowSeconds,
            // One batch of a shard at a time: a checkpoint means that all before it is done.
            parallelizationFactor: 1,
            // Lambda's defaults would try a bad batch again until its records expire, and hold up the shard.
            bisectBatchOnFunctionError: true,
            functionResponseTypes: ["ReportBatchItemFailures"],
            maximumRetryAttempts: config.stream.maxRetries,
            maximumRecordAgeInSeconds: config.stream.maxRecordAgeSeconds,
            // A bucket where it may be one: to a queue Lambda sends where the records were, and not the records.
            destinationConfig: { onFailure: { destinationArn: hasBuckets ? processed.bucketArn : deadLetters.arn } },
            ...(findAvailability("eventSourceTags", region) === "has" ? { tags } : {}),
            // Lambda tries the role out on the stream when the mapping is created.
        }, { parent: this, dependsOn: [this.consumer.policy, ...processed.settings] });
    }
}

/** A stream on demand knows no shards. */
function buildCapacity({ mode, shards }: StreamConfig) {
    return mode === "provisioned"
        ? { streamModeDetails: { streamMode: "PROVISIONED" }, shardCount: shards }
        : { streamModeDetails: { streamMode: "ON_DEMAND" } };
}
