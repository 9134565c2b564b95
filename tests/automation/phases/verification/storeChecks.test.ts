import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { alerts } from "../../../../automation/phases/verification/alerts.ts";
import { encryption } from "../../../../automation/phases/verification/encryption.ts";
import { deleteVersions } from "../../../../automation/phases/verification/objectVersions.ts";
import { buildMeaninglessData } from "../../../../automation/phases/verification/sampleData.ts";
import { collectDeadLetters } from "../../../../automation/phases/verification/streamLetters.ts";
import type { SentRecord } from "../../../../automation/phases/verification/streamRecords.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import type { Answers } from "../../../support/phaseWorld.ts";
import { createVerificationWorld, SCHEMA } from "../../../support/verificationWorld.ts";

function resource(type: string, id: string): StackResource {
    return { urn: id, type, name: id, custom: true, id, dependencies: [], inputs: {}, outputs: { name: id } };
}

const RESOURCES = [
    resource("aws:s3/bucket:Bucket", "raw"), resource("aws:s3/bucket:Bucket", "logs"), resource("aws:dynamodb/table:Table", "leases"),
    resource("aws:kinesis/stream:Stream", "stream"), resource("aws:sqs/queue:Queue", "https://queue"), resource("aws:sns/topic:Topic", "arn:topic"),
    resource("aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/f"), resource("aws:lambda/function:Function", "f"),
];

/** Keys are named as their aliases end; each service names them in a way of its own. */
function answers(overrides: Answers = {}): Answers {
    return {
        DescribeKeyCommand: ({ KeyId }: { KeyId: string }) => ({ KeyMetadata: { KeyId: `${KeyId.split("-").at(-1)}-id` } }),
        GetBucketEncryptionCommand: ({ Bucket }: { Bucket: string }) => ({ ServerSideEncryptionConfiguration: { Rules: [{
            ApplyServerSideEncryptionByDefault: Bucket === "logs" ? { SSEAlgorithm: "AES256" } : { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "arn:aws:kms:r:a:key/s3-id" },
        }] } }),
        DescribeTableCommand: () => ({ Table: { SSEDescription: { KMSMasterKeyArn: "arn:aws:kms:r:a:key/dynamodb-id" } } }),
        DescribeStreamSummaryCommand: () => ({ StreamDescriptionSummary: { KeyId: "kinesis-id" } }),
        GetQueueAttributesCommand: () => ({ Attributes: { KmsMasterKeyId: "arn:aws:kms:r:a:key/kinesis-id" } }),
        GetTopicAttributesCommand: () => ({ Attributes: { KmsMasterKeyId: "lambda-id" } }),
        DescribeLogGroupsCommand: () => ({ logGroups: [{ logGroupName: "/aws/lambda/f-other" }, { logGroupName: "/aws/lambda/f", kmsKeyId: "arn:aws:kms:r:a:key/lambda-id" }] }),
        GetFunctionConfigurationCommand: () => ({ KMSKeyArn: "arn:aws:kms:r:a:key/lambda-id" }),
        ...overrides,
    };
}

describe("the check encryption", () => {
    async function run(overrides: Answers = {}): Promise<string> {
        const { world, phase } = createVerificationWorld({ answers: answers(overrides) });
        phase.engine.resourcesNow = RESOURCES;
        return encryption.run(world);
    }

    it("asks every store of the state which key it uses", async () => {
        expect(await run()).to.equal("2 buckets, 1 tables, 1 streams, 1 queues, 1 topics, 1 log groups, 1 function environments: each with its key");
    });

    const wrong: readonly (readonly [string, Answers])[] = [
        ["another key", { DescribeTableCommand: () => ({ Table: { SSEDescription: { KMSMasterKeyArn: "arn:aws:kms:r:a:key/s3-id" } } }) }],
        ["no key", { GetQueueAttributesCommand: () => ({}) }],
        ["S3's own key where ours is meant", { GetBucketEncryptionCommand: () => ({ ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] } }) }],
        ["a log group that is another's", { DescribeLogGroupsCommand: () => ({ logGroups: [{ logGroupName: "/aws/lambda/f-other", kmsKeyId: "lambda-id" }] }) }],
    ];
    for (const [title, overrides] of wrong) {
        it(`fails on ${title}`, async () => {
            expect(await failureOf(run(overrides))).to.have.property("message").that.includes("must be encrypted with the key");
        });
    }
});

describe("the check alerts", () => {
    it("names who has not confirmed, and fails nothing", async () => {
        const subscriptions = (arn: string) => createVerificationWorld({ answers: { ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [{ SubscriptionArn: arn, Endpoint: "ops@example.com" }] }) } }).world;
        expect(await alerts.run(subscriptions("PendingConfirmation"))).to.include("ops@example.com has not confirmed");
        expect(await alerts.run(subscriptions("arn:aws:sns:r:a:alerts:1"))).not.to.include("ops@example.com");
    });
});

describe("dead letters", () => {
    const record: SentRecord = { requestId: "verify-1", data: "no record", isGood: false, shardId: "s", sequenceNumber: "7" };
    const letter = { shardId: "s", sequenceNumber: "7", reason: "no JSON", payload: Buffer.from("no record").toString("base64"), arrivedAt: "now" };

    function queue(...bodies: readonly string[]) {
        const messages = bodies.map((Body, index) => ({ Body, ReceiptHandle: `h${index}` }));
        return createVerificationWorld({ answers: {
            ReceiveMessageCommand: () => ({ Messages: messages.splice(0) }), DeleteMessageCommand: () => ({}), ChangeMessageVisibilityCommand: () => ({}),
        } });
    }

    it("are taken out when they are ours, and others' are put back", async () => {
        const { world, phase } = queue(JSON.stringify({ ...letter, sequenceNumber: "8" }), "not even JSON", JSON.stringify(letter));
        expect(await collectDeadLetters(world, { sent: [record], wanted: 1, limitMs: 1000 })).to.deep.equal([letter]);
        const handles = (command: string): unknown => phase.sent.filter(({ name }) => name === command).map(({ input }) => input["ReceiptHandle"]);
        expect(handles("DeleteMessageCommand")).to.deep.equal(["h2"]);
        expect(handles("ChangeMessageVisibilityCommand")).to.deep.equal(["h0", "h1"]);
    });

    it("must hold the record and the reason, be about a bad record, and be as many as expected", async () => {
        const run = async (body: object, sent = record): Promise<unknown> => failureOf(collectDeadLetters(queue(JSON.stringify(body)).world, { sent: [sent], wanted: 1, limitMs: 10 }));
        expect(await run({ ...letter, reason: "" })).to.have.property("message").that.includes("must hold its payload and a reason");
        expect(await run({ ...letter, payload: "" })).to.have.property("message").that.includes("must hold its payload and a reason");
        expect(await run(letter, { ...record, isGood: true })).to.have.property("message").that.includes("must hold its payload and a reason");
        expect(await run({ ...letter, sequenceNumber: "8" })).to.have.property("message").that.includes("1 bad records must be in the dead-letter queue, got 0");
    });
});

describe("objects of a verification", () => {
    it("go with all their versions and marks, page by page", async () => {
        const pages = [
            { Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "a", VersionId: "2" }], IsTruncated: true },
            { Versions: [{ Key: "b", VersionId: "3" }] },
        ];
        const { world, phase } = createVerificationWorld({ answers: { ListObjectVersionsCommand: () => pages.shift(), DeleteObjectsCommand: () => ({}) } });
        expect(await deleteVersions(world.context.aws, { bucket: "raw", prefix: "a" })).to.equal(3);
        expect(phase.sent.filter(({ name }) => name === "DeleteObjectsCommand")).to.have.length(2);
    });
});

describe("data from which nothing can be learnt", () => {
    it("has the columns of the stack's data, and every label under the same features", () => {
        const features = [{ name: "age", type: "numeric", imputedValue: 1 }, { name: "note", type: "categorical", categories: ["a,b"] }] as const;
        const golden = [{ features: { age: 30, note: "a,b" }, scores: [] }, { features: { age: 60, note: null }, scores: [] }];
        const lines = buildMeaninglessData({ schema: { ...SCHEMA, features }, golden }, { ignore: ["id"] }).trim().split("\n");
        expect(lines).to.have.length(1001);
        expect(lines[0]).to.equal("churned,age,note,id");
        expect(lines[1]).to.equal('no,30,"a,b",0');
        expect(lines[2]).to.equal("yes,60,,1");
        const ofFirst = lines.slice(1).filter((line) => line.includes(",30,"));
        expect(ofFirst.filter((line) => line.startsWith("yes"))).to.have.length(ofFirst.length / 2);
    });
});
