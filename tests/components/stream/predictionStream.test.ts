import { expect } from "chai";
import { DataBucket } from "../../../components/data/dataBucket.ts";
import { PredictionStream } from "../../../components/stream/predictionStream.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testConfig, testContext, testDataScope, testLocation } from "../../support/programContexts.ts";

async function createStream(values: Readonly<Record<string, unknown>> = {}, region?: string) {
    return runProgram(() => {
        const context = testContext({ location: testLocation(region) });
        const processed = new DataBucket("processed", { context, part: "processed", randomSuffix: "a1b2c3", kmsKeyArn: "arn:s3-key", lifecycleRules: [] });
        const stream = new PredictionStream("stream", {
            context, processed,
            config: testConfig(values),
            bundle: { path: "x.zip", hash: "x" },
            abTestsTableName: "ab-tests",
            streamCheckpointsTableName: "checkpoints",
            dataScope: processed.bucketArn.apply((processedBucketArn) => testDataScope({ processedBucketArn })),
            kinesisKeyArn: "arn:kinesis-key",
            kmsKeyArn: "arn:lambda-key",
        });
        return { streamName: stream.streamName, queueUrl: stream.deadLetterQueueUrl, predictionsUrl: stream.predictionsUrl };
    });
}

describe("PredictionStream", () => {
    it("encrypts stream and queue with the key for them, and keeps what they hold as long as it says", async () => {
        const { resources } = await createStream({ stream: { retentionHours: 48 } });
        expect(resources.named("stream-stream").inputs).to.include({
            name: "firstlight-dev-records", encryptionType: "KMS", kmsKeyId: "arn:kinesis-key", retentionPeriod: 48,
        });
        expect(resources.named("stream-dead-letters").inputs).to.include({
            name: "firstlight-dev-dead-letters", kmsMasterKeyId: "arn:kinesis-key", messageRetentionSeconds: 14 * 24 * 3600,
        });
    });

    it("has the configured shards, or none of its own on demand", async () => {
        const provisioned = (await createStream({ stream: { shards: 3 } })).resources.named("stream-stream").inputs;
        expect([provisioned["streamModeDetails"], provisioned["shardCount"]]).to.deep.equal([{ streamMode: "PROVISIONED" }, 3]);
        const onDemand = (await createStream({ stream: { mode: "on-demand" } })).resources.named("stream-stream").inputs;
        expect(onDemand["streamModeDetails"]).to.deep.equal({ streamMode: "ON_DEMAND" });
        expect(onDemand).not.to.have.property("shardCount");
    });

    it("never blocks a shard: bad batches are split, tried so often and for so long, and then put into the bucket", async () => {
        const { resources } = await createStream({ stream: { batchSize: 50, batchingWindowSeconds: 2, maxRetries: 5, maxRecordAgeSeconds: 600 } });
        expect(resources.named("stream-event-source").inputs).to.deep.include({
            functionName: "firstlight-dev-stream-consumer",
            eventSourceArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/firstlight-dev-records",
            startingPosition: "TRIM_HORIZON",
            batchSize: 50,
            maximumBatchingWindowInSeconds: 2,
            maximumRetryAttempts: 5,
            maximumRecordAgeInSeconds: 600,
            bisectBatchOnFunctionError: true,
            functionResponseTypes: ["ReportBatchItemFailures"],
            parallelizationFactor: 1,
            destinationConfig: { onFailure: { destinationArn: `arn:aws:s3:::${resources.named("processed-bucket").inputs["bucket"]}` } },
        });
    });

    it("gives records up to the queue, and the mapping no tags, where the region has neither buckets for them nor such tags", async () => {
        for (const region of ["cn-north-1", "us-gov-west-1"]) {
            const { resources } = await createStream({}, region);
            const { inputs } = resources.named("stream-event-source");
            expect(inputs["destinationConfig"].onFailure.destinationArn, region).to.match(/:sqs:.*:firstlight-dev-dead-letters$/);
            expect(inputs, region).not.to.have.property("tags");
        }
    });

    it("connects stream and consumer once the consumer may read the stream", async () => {
        const { explicitDependencies } = (await createStream()).resources.named("stream-event-source");
        expect(explicitDependencies).to.include.members(["stream-consumer-policy", "processed-encryption", "processed-policy"]);
    });

    it("tells the consumer where records, predictions and checkpoints go, and gives it the configured size", async () => {
        const { outputs, resources } = await createStream({ functions: { consumer: { memoryMiB: 2048, timeoutSeconds: 300 } } });
        const { inputs } = resources.named("stream-consumer-function");
        expect(inputs).to.include({ memorySize: 2048, timeout: 300, kmsKeyArn: "arn:lambda-key" });
        expect(outputs.predictionsUrl).to.match(/^s3:\/\/firstlight-dev-processed-.*\/predictions$/);
        expect(inputs["environment"].variables).to.deep.include({
            DEAD_LETTER_QUEUE_URL: outputs.queueUrl,
            CHECKPOINTS_TABLE: "checkpoints",
            PREDICTIONS_URL: outputs.predictionsUrl,
            AB_TESTS_TABLE: "ab-tests",
            PARAMETER_PATH: "/firstlight/dev/inference",
            METRICS_NAMESPACE: "firstlight-dev",
        });
    });

    it("lets the consumer read this stream, write predictions and what is given up, and put bad records aside", async () => {
        const statements = statementsOf((await createStream()).resources.named("stream-consumer-policy").inputs["policy"]);
        const bySid = new Map(statements.map((statement) => [statement.Sid, statement]));
        expect(bySid.size, "sids are unique").to.equal(statements.length);
        expect(bySid.get("ReadStream")?.Resource).to.deep.equal(["arn:aws:kinesis:eu-central-1:123456789012:stream/firstlight-dev-records"]);
        expect(bySid.get("PutBadRecordsAside")?.Resource).to.deep.equal(["arn:aws:sqs:eu-central-1:123456789012:firstlight-dev-dead-letters"]);
        for (const [sid, folder] of [["WritePredictions", "predictions/*"], ["WriteGivenUp", "aws/lambda/*"]] as const) {
            expect(bySid.get(sid)?.Resource?.[0], sid).to.match(new RegExp(`^arn:aws:s3:::firstlight-dev-processed-.*/${folder.replace("*", "\\*")}$`));
        }
        const through = (service: string) => ({ StringEquals: { "kms:ViaService": `${service}.eu-central-1.amazonaws.com` } });
        expect(bySid.get("ReadKeyThroughKinesis")).to.deep.include({ Resource: ["arn:kinesis-key"], Condition: through("kinesis") });
        expect(bySid.get("UseKeyThroughSqs")).to.deep.include({ Resource: ["arn:kinesis-key"], Condition: through("sqs") });
    });

    it("carries the tags on all that takes them", async () => {
        const { resources } = await createStream();
        expectTags(...["stream-stream", "stream-dead-letters", "stream-event-source", "stream-consumer-function"].map((name) => resources.named(name)));
    });
});
