import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateStreamCommand, DescribeStreamCommand, PutRecordsCommand, StartStreamEncryptionCommand } from "@aws-sdk/client-kinesis";
import { CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateEventSourceMappingCommand, DeleteEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListObjectsV2Command, PutBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { CODE, LOGS, READ, startEventSourceWorld, streamArn, type EventSourceWorld, type InvocationRecord } from "./eventSourceWorld.ts";
import { ACCOUNT, allow, REGION, refusalOf } from "./testCloud.ts";

const toBucket = { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::given-up" } } };
const mayWrite = [allow("s3:PutObject", "arn:aws:s3:::given-up/aws/lambda/*"), allow("s3:ListBucket", "arn:aws:s3:::given-up")] as const;

describe("an event source mapping of a stream", () => {
    let world: EventSourceWorld;
    before(async () => { world = await startEventSourceWorld(); });
    after(() => world.test.stop());

    it("keeps a batch below what an invocation may carry, and hands over the rest next", async () => {
        await world.map("heavy");
        const large = (letter: string): string => letter + "x".repeat(1_000_000);
        await world.put("heavy", large("a"), large("b"), large("c"), large("d"));
        await world.put("heavy", large("e"));
        const found = await world.batchesWhen("heavy", (all) => all.flat().length === 5);
        expect(found.flat().map(([letter]) => letter)).to.deep.equal(["a", "b", "c", "d", "e"]);
        // Four of them would be 5.3 MB in base64, five 6.7.
        expect(Math.max(...found.map(({ length }) => length))).to.be.at.most(4);
    });

    it("reads nothing while the function's role may not use the stream's key, and everything afterwards", async () => {
        const { KeyMetadata } = await world.test.kms.send(new CreateKeyCommand({}));
        const UUID = await world.map("sealed");
        await world.kinesis.send(new StartStreamEncryptionCommand({ StreamName: "sealed", EncryptionType: "KMS", KeyId: KeyMetadata!.Arn }));
        await world.put("sealed", "1");
        await world.until(async () => (await world.resultOf(UUID)).includes("kms:Decrypt") || undefined);
        expect(await world.batches("sealed")).to.deep.equal([]);
        await world.test.permit("sealed", LOGS, allow(READ, streamArn("sealed")), allow("kms:Decrypt", KeyMetadata!.Arn!));
        expect(await world.batchesWhen("sealed", (found) => found.length > 0)).to.deep.equal([["1"]]);
    });

    it("needs the key of the bucket that it writes to", async () => {
        const { KeyMetadata } = await world.test.kms.send(new CreateKeyCommand({}));
        await world.s3.send(new CreateBucketCommand({ Bucket: "given-up-sealed" }));
        await world.s3.send(new PutBucketEncryptionCommand({ Bucket: "given-up-sealed", ServerSideEncryptionConfiguration: { Rules: [{
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: KeyMetadata!.Arn },
        }] } }));
        const destination = { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::given-up-sealed" } } };
        const UUID = await world.map("keyless", { MaximumRetryAttempts: 0, ...destination }, allow(["s3:PutObject", "s3:ListBucket"]));
        await world.put("keyless", "poison");
        await world.until(async () => (await world.resultOf(UUID)).includes("kms:GenerateDataKey") || undefined);
    });

    it("is refused while the function's role may not read the stream, whichever permission is missing", async () => {
        await world.kinesis.send(new CreateStreamCommand({ StreamName: "closed", ShardCount: 1 }));
        await world.test.createFunction("closed", await world.test.role("closed", "lambda.amazonaws.com", LOGS), CODE);
        const create = () => world.test.lambda.send(new CreateEventSourceMappingCommand({
            FunctionName: "closed", EventSourceArn: streamArn("closed"), StartingPosition: "LATEST",
        }));
        for (const missing of READ) {
            await world.test.permit("closed", allow(READ.filter((action) => action !== missing), streamArn("closed")));
            const error = await refusalOf(create());
            expect(error.name).to.equal("InvalidParameterValueException");
            expect(error.message).to.contain(`Cannot access stream ${streamArn("closed")}. Please ensure the role can perform`);
        }
        await world.test.permit("closed", allow(READ, streamArn("closed")));
        const made = await create();
        expect(made).to.include({ BatchSize: 100, MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1, ParallelizationFactor: 1 });
        await world.test.lambda.send(new DeleteEventSourceMappingCommand({ UUID: made.UUID }));
    });

    it("hands over whole batches in order, from what was there before, and says how old they were", async () => {
        await world.kinesis.send(new CreateStreamCommand({ StreamName: "early", ShardCount: 1 }));
        await world.put("early", "0", "1", "2");
        await world.test.createFunction("early", await world.test.role("early", "lambda.amazonaws.com", LOGS, allow(READ, streamArn("early"))), CODE);
        const { UUID } = await world.test.lambda.send(new CreateEventSourceMappingCommand({
            FunctionName: "early", EventSourceArn: streamArn("early"), StartingPosition: "TRIM_HORIZON", BatchSize: 2,
        }));
        expect(await world.batchesWhen("early", (found) => found.length >= 2)).to.deep.equal([["0", "1"], ["2"]]);
        const metric = await new CloudWatchClient(world.test.settings).send(new GetMetricStatisticsCommand({
            Namespace: "AWS/Lambda", MetricName: "IteratorAge", Dimensions: [{ Name: "FunctionName", Value: "early" }], Statistics: ["Maximum", "SampleCount"],
            StartTime: new Date(Date.now() - 600_000), EndTime: new Date(Date.now() + 60_000), Period: 3600,
        }));
        expect(metric.Datapoints![0]!.SampleCount).to.equal(2);
        expect(metric.Datapoints![0]!.Maximum).to.be.within(1, 30_000);
        await world.test.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    });

    it("begins with what comes after it, when asked for the latest", async () => {
        await world.kinesis.send(new CreateStreamCommand({ StreamName: "latest", ShardCount: 1 }));
        await world.put("latest", "before");
        await world.test.createFunction("latest", await world.test.role("latest", "lambda.amazonaws.com", LOGS, allow(READ, streamArn("latest"))), CODE);
        await world.test.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "latest", EventSourceArn: streamArn("latest"), StartingPosition: "LATEST" }));
        // What comes before the poller has looked is before the latest, here as on AWS: so it is put until one is heard.
        let heard: readonly string[] = [];
        for (let attempt = 0; heard.length === 0 && attempt < 60; attempt++) {
            await world.put("latest", "after");
            await delay(500);
            heard = (await world.batches("latest")).flat();
        }
        expect([...new Set(heard)]).to.deep.equal(["after"]);
    });

    it("gathers for as long as its window, and goes on where it stopped after a pause", async () => {
        const UUID = await world.map("gathering", { MaximumBatchingWindowInSeconds: 2 });
        await world.put("gathering", "1");
        await delay(500);
        await world.put("gathering", "2");
        expect(await world.batchesWhen("gathering", (found) => found.length > 0)).to.deep.equal([["1", "2"]]);
        await world.test.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false, MaximumBatchingWindowInSeconds: 0 }));
        await world.put("gathering", "3");
        await delay(1500);
        expect(await world.batches("gathering")).to.have.length(1);
        await world.test.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
        expect((await world.batchesWhen("gathering", (found) => found.length > 1))[1]).to.deep.equal(["3"]);
    });

    it("goes on from the first record that the function reports, until its retries are used up, and loses none after it", async () => {
        const UUID = await world.map("partly", { MaximumRetryAttempts: 1, ...toBucket }, ...mayWrite);
        await world.put("partly", "1", "2", "partial-3", "4", "partial-5");
        const [found] = await world.givenUp(UUID, 1);
        expect(found!.record.KinesisBatchInfo.batchSize).to.equal(3);
        await world.put("partly", "6");
        expect(await world.batchesWhen("partly", (all) => all.some((batch) => batch.includes("6")))).to.deep.equal([
            ["1", "2", "partial-3", "4", "partial-5"], ["partial-3", "4", "partial-5"], ["6"],
        ]);
    });

    it("splits a batch whose function fails, without using up retries, and gives up the bad record alone", async () => {
        const UUID = await world.map("halved", { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 2, ...toBucket }, ...mayWrite);
        await world.put("halved", "1", "2", "poison-3", "4");
        const [found] = await world.givenUp(UUID, 1);
        await world.batchesWhen("halved", (all) => all.some((batch) => batch.join() === "4"));
        expect(await world.batches("halved")).to.deep.equal([
            ["1", "2", "poison-3", "4"], ["1", "2"], ["poison-3", "4"], ["poison-3"], ["poison-3"], ["poison-3"], ["4"],
        ]);
        const { key, record } = found!;
        const day = "\\d{4}/\\d{2}/\\d{2}";
        const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
        expect(key).to.match(new RegExp(`^aws/lambda/${UUID}/shardId-000000000000/${day}/\\d{4}-\\d{2}-\\d{2}T\\d{2}\\.\\d{2}\\.\\d{2}-${uuid}$`));
        expect(record.requestContext).to.include({
            condition: "RetryAttemptsExhausted", approximateInvokeCount: 3, functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:halved`,
        });
        const { kinesis: stored } = (JSON.parse(record.payload) as { Records: { kinesis: { data: string; sequenceNumber: string } }[] }).Records[0]!;
        expect(Buffer.from(stored.data, "base64").toString()).to.equal("poison-3");
        expect(record.KinesisBatchInfo).to.include({
            shardId: "shardId-000000000000", batchSize: 1, streamArn: streamArn("halved"),
            startSequenceNumber: stored.sequenceNumber, endSequenceNumber: stored.sequenceNumber,
        });
    });

    it("takes an answer that names no record of the batch for a failure of all", async () => {
        const UUID = await world.map("confused", { MaximumRetryAttempts: 0, ...toBucket }, ...mayWrite);
        await world.put("confused", "1", "nonsense-2");
        expect((await world.givenUp(UUID, 1))[0]!.record.KinesisBatchInfo.batchSize).to.equal(2);
    });

    it("ignores what the function reports unless it was told to listen", async () => {
        await world.map("deaf", { FunctionResponseTypes: [] });
        await world.put("deaf", "partial-1");
        await world.batchesWhen("deaf", (found) => found.length > 0);
        await world.put("deaf", "2");
        expect(await world.batchesWhen("deaf", (found) => found.length > 1)).to.deep.equal([["partial-1"], ["2"]]);
    });

    it("gives up records that are too old, and keeps the younger ones", async () => {
        const UUID = await world.map("aged", { MaximumRecordAgeInSeconds: 3, ...toBucket }, ...mayWrite);
        await world.put("aged", "poison-1");
        const [found] = await world.givenUp(UUID, 1);
        expect(found!.record.requestContext.condition).to.equal("RecordAgeExceeded");
        await world.put("aged", "2");
        await world.batchesWhen("aged", (all) => all.some((batch) => batch.join() === "2"));
    });

    it("writes down what it gives up with the function's role, or not at all", async () => {
        const UUID = await world.map("unwritten", { MaximumRetryAttempts: 0, ...toBucket }, mayWrite[1]);
        await world.put("unwritten", "poison");
        const result = await world.until(async () => {
            const found = await world.resultOf(UUID);
            return found.includes("s3:PutObject") ? found : undefined;
        });
        expect(result).to.match(/^PROBLEM: /);
        const { KeyCount } = await world.s3.send(new ListObjectsV2Command({ Bucket: "given-up", Prefix: `aws/lambda/${UUID}/` }));
        expect(KeyCount).to.equal(0);
    });

    it("tells a queue where the records stand, without the records", async () => {
        const sqs = new SQSClient(world.test.settings);
        const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "given-up" }));
        const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:given-up`;
        await world.map("queued", { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: arn } } }, allow("sqs:SendMessage", arn));
        await world.put("queued", "poison");
        const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
        const record = JSON.parse(Messages![0]!.Body!) as InvocationRecord;
        expect(record.KinesisBatchInfo.batchSize).to.equal(1);
        expect(record).not.to.have.property("payload");
    });

    it("does not wait for the slow function of another, nor a shard for a blocked one", async () => {
        await world.map("slow");
        await world.map("quick");
        await world.put("slow", "slow");
        const began = Date.now();
        await world.put("quick", "1");
        await world.batchesWhen("quick", (found) => found.length > 0);
        expect(Date.now() - began).to.be.below(6000);
        expect(await world.batches("slow")).to.have.length(0);

        await world.kinesis.send(new CreateStreamCommand({ StreamName: "wide", ShardCount: 2 }));
        await world.test.createFunction("wide", await world.test.role("wide", "lambda.amazonaws.com", LOGS, allow(READ, streamArn("wide"))), CODE);
        await world.test.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "wide", EventSourceArn: streamArn("wide"), StartingPosition: "TRIM_HORIZON" }));
        const { StreamDescription } = await world.kinesis.send(new DescribeStreamCommand({ StreamName: "wide" }));
        const [first, second] = StreamDescription!.Shards!.map(({ HashKeyRange }) => HashKeyRange!.StartingHashKey!);
        const record = (text: string, ExplicitHashKey: string) => ({ Data: Buffer.from(text), PartitionKey: "x", ExplicitHashKey });
        await world.kinesis.send(new PutRecordsCommand({ StreamName: "wide", Records: [record("poison", first!), record("good", second!)] }));
        await world.batchesWhen("wide", (all) => all.some((batch) => batch.join() === "good") && all.filter((batch) => batch.join() === "poison").length > 1);
    });

    it("counts as used, and so does the function that it calls", async () => {
        const usage = await world.test.cloud.usage();
        const function_ = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:halved`;
        expect(usage.some(({ action, resource, principal, count }) =>
            action === "lambda:InvokeFunction" && resource === function_ && principal.includes(":event-source-mapping:") && count === 7)).to.equal(true);
        expect(usage.some(({ action, resource, principal, allowed }) =>
            action === "kinesis:GetRecords" && resource === streamArn("halved") && principal === `arn:aws:iam::${ACCOUNT}:role/halved` && allowed)).to.equal(true);
    });
});
