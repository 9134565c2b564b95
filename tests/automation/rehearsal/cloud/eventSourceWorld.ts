/** A cloud with streams, functions that read them, and what Lambda made of both. */
import { setTimeout as delay } from "node:timers/promises";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand, type CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ACCOUNT, allow, REGION, startTestCloud, type Statement, type TestCloud } from "./testCloud.ts";

/** Logs each batch; `poison` throws, `partial` reports the record, `nonsense` reports none of the batch, `slow` takes its time. */
export const CODE = `
export const handler = async (event) => {
    const records = event.Records.map(({ kinesis }) => ({ id: kinesis.sequenceNumber, text: Buffer.from(kinesis.data, "base64").toString() }));
    console.log("BATCH " + JSON.stringify({ shard: event.Records[0].eventID.split(":")[0], texts: records.map(({ text }) => text.slice(0, 20)) }));
    if (records.some(({ text }) => text.startsWith("slow"))) await new Promise((resolve) => setTimeout(resolve, 8000));
    if (records.some(({ text }) => text.startsWith("poison"))) throw new Error("poisoned");
    if (records.some(({ text }) => text.startsWith("nonsense"))) return { batchItemFailures: [{ itemIdentifier: "" }] };
    return { batchItemFailures: records.filter(({ text }) => text.startsWith("partial")).map(({ id }) => ({ itemIdentifier: id })) };
};`;
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html */
export const READ = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"];
export const LOGS = allow(["logs:CreateLogStream", "logs:PutLogEvents"]);
export const streamArn = (name: string): string => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;

/** What Lambda writes of a batch that it gives up. */
export interface InvocationRecord {
    readonly requestContext: Readonly<Record<string, unknown>>;
    readonly KinesisBatchInfo: Readonly<Record<string, unknown>>;
    readonly payload: string;
}

export interface FoundRecord { readonly key: string; readonly record: InvocationRecord }

export interface EventSourceWorld {
    readonly test: TestCloud;
    readonly kinesis: KinesisClient;
    /** Has the bucket `given-up`. */
    readonly s3: S3Client;
    put(stream: string, ...texts: readonly string[]): Promise<unknown>;
    /** A stream, a function that reads it, and the mapping between them, whose id is the answer. */
    map(name: string, settings?: Partial<CreateEventSourceMappingCommandInput>, ...further: readonly Statement[]): Promise<string>;
    /** The batches that the function got, as its log tells. */
    batches(name: string): Promise<string[][]>;
    batchesWhen(name: string, isEnough: (found: string[][]) => boolean): Promise<string[][]>;
    /** The last processing result of a mapping. */
    resultOf(mappingId: string): Promise<string>;
    /** The invocation records that Lambda wrote for a mapping, once there are so many. */
    givenUp(mappingId: string, count: number): Promise<readonly FoundRecord[]>;
    /** Throws after 15 s. */
    until<Value>(probe: () => Promise<Value | undefined>): Promise<Value>;
}

export async function startEventSourceWorld(): Promise<EventSourceWorld> {
    const test = await startTestCloud();
    const kinesis = new KinesisClient(test.settings);
    const s3 = new S3Client(test.settings);
    await s3.send(new CreateBucketCommand({ Bucket: "given-up" }));
    const put = (name: string, ...texts: readonly string[]) => kinesis.send(new PutRecordsCommand({
        StreamName: name, Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: "one" })),
    }));

    async function map(name: string, settings: Partial<CreateEventSourceMappingCommandInput> = {}, ...further: readonly Statement[]): Promise<string> {
        await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
        const role = await test.role(name, "lambda.amazonaws.com", LOGS, allow(READ, streamArn(name)), ...further);
        await test.createFunction(name, role, CODE);
        const { UUID } = await test.lambda.send(new CreateEventSourceMappingCommand({
            FunctionName: name, EventSourceArn: streamArn(name), StartingPosition: "TRIM_HORIZON", FunctionResponseTypes: ["ReportBatchItemFailures"], ...settings,
        }));
        return UUID!;
    }

    async function batches(name: string): Promise<string[][]> {
        const { events = [] } = await test.logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` })).catch(() => ({ events: [] }));
        return events.map(({ message }) => /BATCH (.*)/.exec(message ?? "")?.[1]).filter((line) => line !== undefined)
            .map((line) => (JSON.parse(line) as { texts: string[] }).texts);
    }

    async function until<Value>(probe: () => Promise<Value | undefined>): Promise<Value> {
        for (let attempt = 0; attempt < 450; attempt++) {
            const value = await probe();
            if (value !== undefined) return value;
            await delay(100);
        }
        throw new Error("did not happen within 45 s");
    }

    const resultOf = async (UUID: string): Promise<string> =>
        (await test.lambda.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult ?? "";

    const batchesWhen = (name: string, isEnough: (found: string[][]) => boolean) => until(async () => {
        const found = await batches(name);
        return isEnough(found) ? found : undefined;
    });

    const givenUp = (UUID: string, count: number) => until(async () => {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "given-up", Prefix: `aws/lambda/${UUID}/` }));
        if (Contents.length < count) return undefined;
        return Promise.all(Contents.map(async ({ Key }) => {
            const { Body } = await s3.send(new GetObjectCommand({ Bucket: "given-up", Key: Key! }));
            return { key: Key!, record: JSON.parse(await Body!.transformToString()) as InvocationRecord };
        }));
    });
    return { test, kinesis, s3, put, map, batches, batchesWhen, resultOf, givenUp, until };
}
