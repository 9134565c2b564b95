import { Readable } from "node:stream";
import { expect } from "chai";
import { streamDelivery } from "../../../../automation/phases/verification/streamDelivery.ts";
import type { DeadLetter, PredictionRecord } from "../../../../lambdas/shared/documents.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import { createVerificationWorld, MARK } from "../../../support/verificationWorld.ts";
import type { TestedWorld } from "../../../support/verificationWorld.ts";

interface Faults {
    /** What a second delivery of a record does. @default nothing */
    readonly again?: "a second prediction" | "another object" | "a second letter" | "an error" | "a wish for more";
    /** Records of others that lie in the first object. */
    readonly others?: number;
}

interface Queued { readonly Body: string; readonly ReceiptHandle: string }

/** A stream of one shard whose consumer is done at once: predictions in objects of a hundred, bad records in the queue. */
function world({ again, others = 0 }: Faults = {}): TestedWorld & { readonly objects: Map<string, PredictionRecord[]> } {
    const objects = new Map<string, PredictionRecord[]>();
    const queue: Queued[] = [];
    const day = `predictions/date=${new Date().toISOString().slice(0, 10)}`;
    let stored: readonly { data: string; sequenceNumber: string }[] = [];
    const predict = (key: string, sequenceNumber: string, requestId: string): void => {
        const record: PredictionRecord = { requestId, shardId: "shard-0", sequenceNumber, variant: "champion", modelVersion: "v", prediction: 1, arrivedAt: "now" };
        objects.set(key, [...objects.get(key) ?? [], record]);
    };
    const refuse = (sequenceNumber: string, data: string): void => {
        const letter: DeadLetter = { shardId: "shard-0", sequenceNumber, reason: "no JSON", payload: Buffer.from(data).toString("base64"), arrivedAt: "now" };
        queue.push({ Body: JSON.stringify(letter), ReceiptHandle: sequenceNumber });
    };
    const consume = (records: typeof stored): void => records.forEach(({ data, sequenceNumber }, index) => {
        if (data.startsWith("{")) predict(`${day}/${Math.floor(index / 100)}.jsonl`, sequenceNumber, (JSON.parse(data) as { requestId: string }).requestId);
        else refuse(sequenceNumber, data);
    });
    const tested = createVerificationWorld({ answers: {
        PutRecordsCommand: ({ Records }: { Records: readonly { Data: Buffer }[] }) => {
            stored = Records.map(({ Data }, index) => ({ data: Data.toString("utf8"), sequenceNumber: String(index + 1) }));
            consume(stored);
            for (let index = 0; index < others; index++) predict(`${day}/0.jsonl`, `other-${index}`, `other-${index}`);
            return { Records: stored.map(({ sequenceNumber }) => ({ ShardId: "shard-0", SequenceNumber: sequenceNumber })), FailedRecordCount: 0 };
        },
        ListObjectsV2Command: () => ({ Contents: [...objects.keys()].map((Key) => ({ Key, LastModified: new Date() })) }),
        GetObjectCommand: ({ Key }: { Key: string }) => ({ Body: Readable.from((objects.get(Key) ?? []).map((record) => `${JSON.stringify(record)}\n`)) }),
        ReceiveMessageCommand: () => ({ Messages: queue.splice(0, 10) }),
        DeleteMessageCommand: () => ({}),
        DescribeStreamSummaryCommand: () => ({ StreamDescriptionSummary: { StreamARN: "arn:aws:kinesis:eu-central-1:111122223333:stream/stream" } }),
        ListEventSourceMappingsCommand: () => ({ EventSourceMappings: [{ FunctionArn: "arn:consumer" }] }),
        GetShardIteratorCommand: () => ({ ShardIterator: "i" }),
        GetRecordsCommand: () => ({ Records: stored.map(({ sequenceNumber }) => ({ SequenceNumber: sequenceNumber, ApproximateArrivalTimestamp: new Date(1_000_500) })) }),
        InvokeCommand: () => {
            if (again === "a second prediction") predict([...objects.keys()][0] ?? "", "2", `${MARK}-1`);
            if (again === "another object") predict("another.jsonl", "2", `${MARK}-1`);
            if (again === "a second letter") refuse("1", `${MARK}-0 is no record`);
            if (again === "an error") return { FunctionError: "Unhandled", Payload: Buffer.from('{"errorMessage":"no"}') };
            return { Payload: Buffer.from(JSON.stringify({ batchItemFailures: again === "a wish for more" ? [{ itemIdentifier: "1" }] : [] })) };
        },
        ListObjectVersionsCommand: ({ Prefix }: { Prefix: string }) => ({ Versions: [{ Key: Prefix, VersionId: "1" }] }),
        DeleteObjectsCommand: ({ Delete }: { Delete: { Objects: readonly { Key: string }[] } }) => {
            for (const { Key } of Delete.Objects) objects.delete(Key);
            return {};
        },
    } });
    return { ...tested, objects };
}

describe("the check stream", () => {
    it("wants each record answered once although it comes twice, and every bad one in the queue", async () => {
        const made = world();
        expect(await streamDelivery.run(made.world)).to.equal("500 records, each delivered twice: 495 predictions, each once; 5 dead letters with payload and reason");
        expect([...made.objects.keys()]).to.deep.equal([]);
    });

    it("delivers again as Lambda does, cut elsewhere, with the records' own arrival", async () => {
        const made = world();
        await streamDelivery.run(made.world);
        const events = made.phase.sent.filter(({ name }) => name === "InvokeCommand").map(({ input }) => JSON.parse(String(input["Payload"])) as { Records: readonly Record<string, unknown>[] });
        expect(events.map(({ Records }) => Records.length)).to.deep.equal([130, 130, 130, 110]);
        expect(events[0]?.Records[1]).to.deep.include({ eventSource: "aws:kinesis", eventID: "shard-0:2", awsRegion: "eu-central-1" });
        expect(events[0]?.Records[1]).to.have.nested.property("kinesis.approximateArrivalTimestamp", 1000.5);
    });

    const faults: readonly (readonly [NonNullable<Faults["again"]>, string])[] = [
        ["a second prediction", "the number of predictions for the sent records must be 495, got 499"],
        ["another object", "the number of predictions for the sent records must be 495"],
        ["a second letter", "sent 4 dead letters again"],
        ["an error", "failed on the second delivery"],
        ["a wish for more", "wants records again"],
    ];
    for (const [again, message] of faults) {
        it(`fails when a second delivery makes ${again}`, async () => {
            expect(await failureOf(streamDelivery.run(world({ again }).world))).to.have.property("message").that.includes(message);
        });
    }

    it("leaves an object that holds others' predictions too, and says so", async () => {
        const made = world({ others: 1 });
        await streamDelivery.run(made.world);
        expect(made.objects.size).to.equal(1);
        expect(made.phase.notes()).to.deep.equal(["1 objects of predictions stay: they hold others' records too"]);
    });
});
