import {
    CreateStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient, PutRecordCommand,
    PutRecordsCommand, UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { ACCOUNT, allow, REGION, refusalOf, startTestCloud, type TestCloud } from "./testCloud.ts";

const arn = (name: string): string => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;

describe("a stream", () => {
    let test: TestCloud;
    let kinesis: KinesisClient;
    before(async () => {
        test = await startTestCloud();
        kinesis = new KinesisClient(test.settings);
        await kinesis.send(new CreateStreamCommand({ StreamName: "plain", ShardCount: 1 }));
    });
    after(() => test.stop());

    const describeStream = async (StreamName: string) => (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary!;

    it("begins with four shards on demand, and keeps them when it changes to provisioned", async () => {
        await kinesis.send(new CreateStreamCommand({ StreamName: "growing", StreamModeDetails: { StreamMode: "ON_DEMAND" } }));
        expect((await describeStream("growing")).OpenShardCount).to.equal(4);
        await kinesis.send(new UpdateStreamModeCommand({ StreamARN: arn("growing"), StreamModeDetails: { StreamMode: "PROVISIONED" } }));
        const found = await describeStream("growing");
        expect(found.StreamModeDetails?.StreamMode).to.equal("PROVISIONED");
        expect(found.OpenShardCount).to.equal(4);
    });

    it("takes records of up to 1 MiB, and 500 of them in a call", async () => {
        const record = (bytes: number) => ({ Data: new Uint8Array(bytes), PartitionKey: "a" });
        await kinesis.send(new PutRecordCommand({ StreamName: "plain", ...record(1024 * 1024) }));
        await refusalOf(kinesis.send(new PutRecordCommand({ StreamName: "plain", ...record(1024 * 1024 + 1) })));
        const many = (count: number) => kinesis.send(new PutRecordsCommand({ StreamName: "plain", Records: Array.from({ length: count }, () => record(1)) }));
        expect((await many(500)).Records).to.have.length(500);
        await refusalOf(many(501));
    });

    it("answers in full what does not fit into one window of HTTP/2", async () => {
        const Records = Array.from({ length: 500 }, () => ({ Data: new Uint8Array(10), PartitionKey: "a" }));
        for (let attempt = 0; attempt < 10; attempt++) {
            expect((await kinesis.send(new PutRecordsCommand({ StreamName: "plain", Records }))).FailedRecordCount).to.equal(0);
        }
    });

    it("is read with a permission on the stream itself, though the call names its iterator only", async () => {
        const reader = new KinesisClient(await test.as(await test.role("reader", undefined, allow(["kinesis:GetShardIterator", "kinesis:GetRecords"], arn("plain")))));
        const { ShardIterator } = await reader.send(new GetShardIteratorCommand({ StreamName: "plain", ShardId: "shardId-000000000000", ShardIteratorType: "TRIM_HORIZON" }));
        expect((await reader.send(new GetRecordsCommand({ ShardIterator, Limit: 2 }))).Records).to.have.length(2);
        await test.permit("reader", allow(["kinesis:GetShardIterator", "kinesis:GetRecords"], arn("other")));
        expect((await refusalOf(reader.send(new GetRecordsCommand({ ShardIterator })))).name).to.match(/AccessDenied/);
    });
});

describe("a queue", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    it("takes a batch from whoever may send a message", async () => {
        const { QueueUrl } = await new SQSClient(test.settings).send(new CreateQueueCommand({ QueueName: "letters" }));
        const sender = await test.role("sender", undefined, allow("sqs:ReceiveMessage", `arn:aws:sqs:${REGION}:${ACCOUNT}:letters`));
        const client = new SQSClient(await test.as(sender));
        const send = () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "0", MessageBody: "a" }] }));
        expect((await refusalOf(send())).message).to.contain("sqs:SendMessage ");
        await test.permit("sender", allow("sqs:SendMessage", `arn:aws:sqs:${REGION}:${ACCOUNT}:letters`));
        expect((await send()).Successful).to.have.length(1);
    });
});
