import { expect } from "chai";
import fc from "fast-check";
import type { FeatureSchema } from "../../../lambdas/shared/documents.ts";
import { consumeShard, type ShardResult } from "../../../lambdas/stream-consumer/core.ts";
import type { ArrivedRecord } from "../../../lambdas/stream-consumer/record.ts";
import { schema, sdkError } from "../support/routerWorld.ts";
import { buildRecord, buildRecords, createShardWorld, SHARD, type ShardWorld } from "./shardWorld.ts";

const consume = (world: ShardWorld, records: readonly ArrivedRecord[]): Promise<ShardResult> => consumeShard({ shardId: SHARD, records }, world);
const idsOf = (world: ShardWorld): readonly string[] => world.predictions().map(({ requestId }) => requestId).sort();
const idsTo = (to: number, except: readonly number[] = []): readonly string[] => [...Array(to).keys()].filter((index) => !except.includes(index)).map((index) => `request-${index}`).sort();
const lettersOf = (world: ShardWorld): readonly string[] => world.letters.map(({ payload }) => Buffer.from(payload, "base64").toString());

describe("a batch", () => {
    it("asks each variant once and writes one object, named by the first record and its hour", async () => {
        const world = createShardWorld();
        const records = buildRecords(0, 100);
        const result = await consume(world, records);
        expect(world.router.sent.map(({ variant }) => variant).sort()).to.deep.equal(["challenger", "champion"]);
        expect([...world.objects.keys()]).to.deep.equal([`date=2026-11-21/hour=13/${SHARD}-${records[0]!.sequenceNumber}.jsonl`]);
        expect(idsOf(world)).to.deep.equal(idsTo(100));
        expect(result).to.deep.include({ skipped: 0, badRecords: 0 }).and.not.to.have.property("firstNotDone");
        expect(result.predictions).to.have.length(100);
    });

    it("gives each record its own prediction, in the shard's order", async () => {
        const world = createShardWorld({ answers: { champion: byAge, challenger: byAge } });
        const records = [...Array(50).keys()].map((age) => buildRecord(age, JSON.stringify({ features: { age, paperless: true, "contract/type": null } })));
        await consume(world, records);
        const found = world.predictions();
        expect(found.map(({ prediction }) => (prediction as { score: number }).score)).to.deep.equal([...Array(50).keys()].map((age) => age / 100));
        expect(found[3]).to.include({ requestId: `${SHARD}:${records[3]!.sequenceNumber}`, sequenceNumber: records[3]!.sequenceNumber, arrivedAt: records[3]!.arrivedAt });
        expect(found[3]?.modelVersion).to.equal(`v-${found[3]?.variant}`);
    });

    it("writes predictions, letters and last the checkpoint", async () => {
        const world = createShardWorld();
        await consume(world, buildRecords(0, 10, [4]));
        expect(world.writes).to.deep.equal(["object", "letters", "checkpoint"]);
    });

    it("leaves no object when all its records are bad", async () => {
        const world = createShardWorld();
        expect(await consume(world, buildRecords(0, 3, [0, 1, 2]))).to.include({ badRecords: 3 });
        expect(world.writes).to.deep.equal(["letters", "checkpoint"]);
    });
});

/** A score that says which row it is for. */
function byAge(csv: string): string {
    return csv.split("\n").map((line) => Number(line.split(",")[0]) / 100).join("\n");
}

describe("a bad record", () => {
    it("becomes a letter with payload, place and reason, and holds nobody up", async () => {
        const world = createShardWorld();
        const bad: Readonly<Record<number, string | Uint8Array>> = {
            1: "no JSON", 2: "[]", 3: "{}", 4: '{"features":{"age":"old"}}', 5: '{"features":[1,2]}', 6: '{"features":[1,true,"monthly"],"extra":1}',
            7: '{"requestId":5,"features":[1,true,"monthly"]}', 8: Buffer.from([0x22, 0xff, 0x22]),
        };
        const records = [...Array(10).keys()].map((index) => buildRecord(index, bad[index]));
        expect(await consume(world, records)).to.include({ badRecords: 8 });
        expect(idsOf(world)).to.deep.equal(["request-0", "request-9"]);
        expect(world.letters.map(({ sequenceNumber }) => sequenceNumber)).to.deep.equal(records.slice(1, 9).map(({ sequenceNumber }) => sequenceNumber));
        for (const { reason, shardId } of world.letters) {
            expect(reason).to.not.equal("");
            expect(shardId).to.equal(SHARD);
        }
        expect(world.letters[3]?.reason).to.contain("v-").and.contain("age is \"old\"");
        expect(lettersOf(world).slice(0, 2)).to.deep.equal(["no JSON", "[]"]);
    });

    it("that is too large for a message lies beside the predictions", async () => {
        const world = createShardWorld();
        await consume(world, [buildRecord(0, "x".repeat(900_000))]);
        const [letter] = world.letters;
        expect(letter).to.include({ payload: "" });
        expect(letter?.payloadUrl).to.match(/^s3:\/\/processed\/predictions\/rejected\/shardId-000000000000-\d{56}$/);
        expect([...world.objects.values()][0]).to.have.length(900_000);
    });

    it("is told from any other, whatever it holds", async () => {
        const data = fc.oneof(fc.uint8Array(), fc.string(), fc.json(), fc.record({ features: fc.anything() }).map((value) => JSON.stringify(value)));
        await fc.assert(fc.asyncProperty(data, async (bytes) => {
            const world = createShardWorld();
            await consume(world, [buildRecord(0), buildRecord(1, bytes), buildRecord(2)]);
            expect(world.letters.length + world.predictions().length).to.equal(3);
            expect(idsOf(world)).to.include.members(["request-0", "request-2"]);
        }), { numRuns: 200 });
    });
});

describe("records that are delivered again", () => {
    it("are skipped: each result once, each letter once", async () => {
        const world = createShardWorld();
        await consume(world, buildRecords(0, 60, [7, 8]));
        const before = new Map(world.objects);
        expect(await consume(world, buildRecords(0, 60, [7, 8]))).to.deep.equal({ skipped: 60, predictions: [], badRecords: 0 });
        expect(await consume(world, buildRecords(30, 80, [7, 8]))).to.include({ skipped: 30 });
        expect(world.letters).to.have.length(2);
        expect(world.objects.size).to.equal(before.size + 1);
        expect(idsOf(world)).to.deep.equal(idsTo(80, [7, 8]));
    });

    it("are written once wherever the function ended before, however the batch is cut then", async () => {
        const write = fc.constantFrom("object", "letters", "checkpoint", undefined);
        await fc.assert(fc.asyncProperty(fc.array(write, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (failures, sizes) => {
            const world = createShardWorld();
            let position = 0;
            for (let turn = 0; position < 100; turn++) {
                const to = Math.min(100, position + sizes[turn % sizes.length]!);
                world.failing = failures[turn];
                const failed = await consume(world, buildRecords(position, to, [20, 21, 50])).then(() => false, () => true);
                world.failing = undefined;
                if (!failed) position = to;
            }
            expect(idsOf(world)).to.deep.equal(idsTo(100, [20, 21, 50]));
            // Only a letter that was sent just before the checkpoint failed may come again.
            expect([...new Set(lettersOf(world))]).to.deep.equal(["bad 20", "bad 21", "bad 50"]);
            if (!failures.includes("checkpoint")) expect(world.letters).to.have.length(3);
        }), { numRuns: 100, examples: [[["object", "letters", "object", "letters"], [1, 20]]] });
    });
});

describe("an endpoint that fails", () => {
    it("has its share answered by the other", async () => {
        const world = createShardWorld({ answers: { champion: sdkError("ThrottlingException") } });
        const { predictions } = await consume(world, buildRecords(0, 40));
        expect(predictions).to.have.length(40);
        expect(new Set(world.predictions().map(({ variant }) => variant))).to.deep.equal(new Set(["challenger"]));
        expect(predictions.some(({ assigned }) => assigned === "champion")).to.equal(true);
    });

    it("has what it was not asked for done when the other fails too, up to the first record that is not", async () => {
        let calls = 0;
        const wide: FeatureSchema = { ...schema, columnCount: 500_002, features: [...schema.features.slice(0, 2), { name: "contract/type", type: "categorical", categories: [...Array(500_000).keys()].map(String) }] };
        const failLater = (csv: string) => (++calls > 1 ? sdkError("ModelError") : csv.split("\n").map(() => "0.5").join(","));
        const world = createShardWorld({ schemas: { champion: wide, challenger: null }, answers: { champion: failLater } });
        const records = [...Array(10).keys()].map((index) => buildRecord(index, JSON.stringify({ requestId: `request-${index}`, features: [1, true, "5"] })));
        const result = await consume(world, records);
        // Lines of a megabyte: four to a request.
        expect(result.firstNotDone).to.equal(records[4]!.sequenceNumber);
        expect(idsOf(world)).to.deep.equal(idsTo(4));
        expect(world.checkpoint).to.equal(records[3]!.sequenceNumber);
        for (const { csv } of world.router.sent) expect(csv.length).to.be.below(4 * 1024 * 1024);
    });

    it("leaves everything to the next delivery when it answers the wrong number of scores", async () => {
        const world = createShardWorld({ schemas: { challenger: null }, answers: { champion: "0.5" } });
        const records = buildRecords(0, 5);
        expect((await consume(world, records)).firstNotDone).to.equal(records[0]!.sequenceNumber);
        expect(world.writes).to.deep.equal([]);
        expect(world.unanswered).to.deep.equal([5]);
    });

    it("that is not there at all keeps good records, and lets go of bad ones before them", async () => {
        const world = createShardWorld({ schemas: { champion: null, challenger: null } });
        const records = buildRecords(0, 5, [0]);
        expect((await consume(world, records)).firstNotDone).to.equal(records[1]!.sequenceNumber);
        expect(lettersOf(world)).to.deep.equal(["bad 0"]);
        expect(world.checkpoint).to.equal(records[0]!.sequenceNumber);
    });
});
