/** Records of a verification: put into the stream, and handed to the consumer a second time. */
import { DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import type { StreamRecord } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import type { VerificationWorld } from "./check.ts";
import { sampleRow } from "./requests.ts";

/** No divisor of the usual batch sizes: the second delivery is cut elsewhere than the first. */
const SECOND_BATCH = 130;

export interface SentRecord {
    /** As it went into the stream. */
    readonly data: string;
    readonly requestId: string;
    readonly isGood: boolean;
    readonly shardId: string;
    readonly sequenceNumber: string;
}

/** `bad` of them, evenly spread, are no records. At most 500, which is one call. */
export async function putRecords({ context, outputs, mark, ...world }: VerificationWorld, { count, bad }: { readonly count: number; readonly bad: number }): Promise<readonly SentRecord[]> {
    const [features = {}] = sampleRow({ context, outputs, mark, ...world });
    const drafts = Array.from({ length: count }, (_, index) => {
        const requestId = `${mark}-${index}`;
        const isGood = index % (count / bad) !== 0;
        const record: StreamRecord = { requestId, features };
        return { requestId, isGood, data: isGood ? JSON.stringify(record) : `${requestId} is no record` };
    });
    const { Records = [], FailedRecordCount = 0 } = await context.aws.kinesis.send(new PutRecordsCommand({
        StreamName: outputs.streamName,
        Records: drafts.map(({ data, requestId }) => ({ Data: Buffer.from(data), PartitionKey: requestId })),
    }));
    if (FailedRecordCount > 0) throw new CloudRefusal(`${FailedRecordCount} of ${count} records were not taken by the stream`, "it is throttled: try again when there is less traffic, or give it more shards");
    return drafts.map((draft, index) => ({ ...draft, shardId: Records[index]?.ShardId ?? "", sequenceNumber: Records[index]?.SequenceNumber ?? "" }));
}

/** Invokes the consumer with each shard's records in the form of Lambda's event source. @throws CloudRefusal when it fails or wants some again. */
export async function deliverAgain(world: VerificationWorld, sent: readonly SentRecord[]): Promise<void> {
    const { aws } = world.context;
    const { StreamDescriptionSummary } = await aws.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: world.outputs.streamName }));
    const streamArn = StreamDescriptionSummary?.StreamARN ?? "";
    const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn: streamArn }));
    const [mapping] = EventSourceMappings;
    if (mapping?.FunctionArn === undefined) throw new CloudRefusal(`no function reads the stream ${world.outputs.streamName}`, "run the phase `up`");
    for (const shardId of new Set(sent.map((record) => record.shardId))) {
        const records = sent.filter((record) => record.shardId === shardId);
        const arrivals = await readArrivals(world, records);
        for (let first = 0; first < records.length; first += SECOND_BATCH) {
            const batch = records.slice(first, first + SECOND_BATCH);
            const event = { Records: batch.map((record) => buildEventRecord(record, { streamArn, arrivedAt: arrivals.get(record.sequenceNumber) ?? 0 })) };
            await invoke(world, mapping.FunctionArn, event);
        }
    }
}

/** Seconds since 1970 by sequence number. */
async function readArrivals({ context, outputs }: VerificationWorld, records: readonly SentRecord[]): Promise<ReadonlyMap<string, number>> {
    const { kinesis } = context.aws;
    const wanted = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
    const arrivals = new Map<string, number>();
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({
        StreamName: outputs.streamName, ShardId: records[0]?.shardId, ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: records[0]?.sequenceNumber,
    }));
    while (ShardIterator !== undefined && arrivals.size < wanted.size) {
        context.signal.throwIfAborted();
        const { Records = [], NextShardIterator, MillisBehindLatest = 0 } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
        for (const { SequenceNumber = "", ApproximateArrivalTimestamp } of Records) {
            if (wanted.has(SequenceNumber)) arrivals.set(SequenceNumber, (ApproximateArrivalTimestamp?.getTime() ?? 0) / 1000);
        }
        ShardIterator = Records.length === 0 && MillisBehindLatest === 0 ? undefined : NextShardIterator;
    }
    return arrivals;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
function buildEventRecord({ data, requestId, shardId, sequenceNumber }: SentRecord, { streamArn, arrivedAt }: { readonly streamArn: string; readonly arrivedAt: number }): object {
    return {
        eventSource: "aws:kinesis", eventName: "aws:kinesis:record", eventVersion: "1.0",
        eventID: `${shardId}:${sequenceNumber}`,
        eventSourceARN: streamArn,
        awsRegion: streamArn.split(":")[3],
        kinesis: {
            kinesisSchemaVersion: "1.0", partitionKey: requestId, sequenceNumber,
            data: Buffer.from(data).toString("base64"), approximateArrivalTimestamp: arrivedAt,
        },
    };
}

async function invoke({ context }: VerificationWorld, functionArn: string, event: object): Promise<void> {
    const answer = await context.aws.lambda.send(new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }), { abortSignal: context.signal });
    const text = Buffer.from(answer.Payload ?? []).toString("utf8");
    if (answer.FunctionError !== undefined) throw new CloudRefusal(`the stream consumer failed on the second delivery: ${text}`);
    const { batchItemFailures = [] } = JSON.parse(text || "{}") as { batchItemFailures?: readonly unknown[] };
    if (batchItemFailures.length > 0) throw new CloudRefusal(`the stream consumer wants records again after the second delivery: ${text}`);
}
