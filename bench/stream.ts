/**
 * How many records per second does the stream's consumer do? Services: the rehearsal cloud, with two endpoints that serve a real XGBoost model;
 * the consumer runs in this process with the clients that it has in Lambda. Baselines of the same run, over the same records and services:
 *
 *     one put per record            batches as the consumer's, but each prediction is an object of its own
 *     one record at a time          a batch size of 1: one request, one put and one checkpoint per record
 *
 * Afterwards each batch is delivered again. Run: `node bench/stream.ts`. Fails when the consumer is less than 8 times as fast as one put per
 * record, and when a prediction or a dead letter is missing or there twice.
 */
import { DynamoDBClient, CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ArrivedRecord } from "../lambdas/stream-consumer/record.ts";
import type { ConsumerDependencies, ShardBatch } from "../lambdas/stream-consumer/core.ts";
import { VARIANTS } from "../lambdas/shared/documents.ts";
import type { FeatureSchema, PredictionRecord } from "../lambdas/shared/documents.ts";
import { archive, BUCKET, fixture, REGION, SageMakerWorld } from "../tests/automation/rehearsal/cloud/sagemakerWorld.ts";

const RECORDS = 500;
/** Every hundredth. */
const BAD_RECORDS = 5;
const BATCH = 100;
const MIN_SPEEDUP = 8;
const ROUNDS = 3;

const schema: FeatureSchema = {
    version: 1, task: "binary", label: "y", classes: ["no", "yes"], columnCount: 4,
    features: ["a", "b", "c", "d"].map((name) => ({ name, type: "numeric", imputedValue: 0 })),
};

const world = await SageMakerWorld.open();
try {
    await measureAll();
} finally {
    await world.close();
}

async function measureAll(): Promise<void> {
    const { sqs, queueUrl } = await prepareServices();
    const { consumeShard } = await import("../lambdas/stream-consumer/core.ts");
    const consumer = await createConsumer();
    // The endpoints' first answers load their models.
    await run("warm-up", BATCH, consumer);
    const kinds: Readonly<Record<string, { readonly batch: number; readonly dependencies: ConsumerDependencies }>> = {
        "consumer": { batch: BATCH, dependencies: consumer },
        "baseline: one put per record": { batch: BATCH, dependencies: { ...consumer, putObject: putEach(consumer) } },
        "baseline: one record at a time": { batch: 1, dependencies: consumer },
    };
    const rates = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
        for (const [kind, { batch, dependencies }] of Object.entries(kinds)) rates[kind]!.push(await run(`${kind.replaceAll(/[^a-z]+/g, "-")}-${round}`, batch, dependencies));
    }
    await report(rates, { sqs, queueUrl });

    /** Records per second; the second delivery is not timed. */
    async function run(shardId: string, batchSize: number, dependencies: ConsumerDependencies): Promise<number> {
        const records = Array.from({ length: RECORDS }, (_, index) => buildRecord(shardId, index));
        const batches: ShardBatch[] = [];
        for (let first = 0; first < RECORDS; first += batchSize) batches.push({ shardId, records: records.slice(first, first + batchSize) });
        const startedAt = performance.now();
        for (const batch of batches) await consumeShard(batch, dependencies);
        const seconds = (performance.now() - startedAt) / 1_000;
        for (const batch of batches) await consumeShard(batch, dependencies);
        return RECORDS / seconds;
    }
}

function buildRecord(shardId: string, index: number): ArrivedRecord {
    const good = JSON.stringify({ requestId: `${shardId}/${index}`, features: { a: index / 500, b: (index % 7) / 7, c: 0.3, d: null } });
    return {
        sequenceNumber: String(49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n + BigInt(index)),
        arrivedAt: "2026-11-21T13:00:00.000Z",
        data: Buffer.from(index % (RECORDS / BAD_RECORDS) === 0 ? `${shardId}/${index} is no record` : good),
    };
}

/** Endpoints, parameters, tables and queue as the program makes them, as far as the consumer sees them. */
async function prepareServices(): Promise<{ sqs: SQSClient; queueUrl: string }> {
    const { target } = world.cloud;
    const [dynamodb, ssm, sqs] = [new DynamoDBClient(target), new SSMClient(target), new SQSClient({ ...target, useQueueUrlAsEndpoint: false })];
    const model = archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") });
    const schemaUrl = await world.put("training/job/schema.json", JSON.stringify(schema));
    for (const variant of VARIANTS) {
        await world.deploy(`bench-${variant}`, model);
        await ssm.send(new PutParameterCommand({ Name: `/bench/serving-${variant}`, Type: "String", Value: JSON.stringify({ version: `v-${variant}`, schemaUrl }) }));
    }
    for (const [TableName, AttributeName] of [["ab-tests", "TestId"], ["checkpoints", "ShardId"]] as const) {
        await dynamodb.send(new CreateTableCommand({
            TableName, BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName, AttributeType: "S" }], KeySchema: [{ AttributeName, KeyType: "HASH" }],
        }));
    }
    const queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: "dead-letters" }))).QueueUrl!;
    Object.assign(process.env, {
        AWS_ENDPOINT_URL: target.endpoint, AWS_REGION: REGION, AWS_ACCESS_KEY_ID: target.credentials?.accessKeyId, AWS_SECRET_ACCESS_KEY: target.credentials?.secretAccessKey,
        PARAMETER_PATH: "/bench", AB_TESTS_TABLE: "ab-tests", CHECKPOINTS_TABLE: "checkpoints", DEAD_LETTER_QUEUE_URL: queueUrl, PREDICTIONS_URL: `s3://${BUCKET}/predictions`,
        DEFAULT_WEIGHTS: '{"champion":50,"challenger":50}', ENDPOINT_NAMES: '{"champion":"bench-champion","challenger":"bench-challenger"}',
    });
    return { sqs, queueUrl };
}

/** Imported late: the modules read the environment when they are made. */
async function createConsumer(): Promise<ConsumerDependencies> {
    const { createAwsRouter } = await import("../lambdas/shared/router/awsRouter.ts");
    const { createStores } = await import("../lambdas/stream-consumer/stores.ts");
    const fail = (error: unknown): void => {
        process.exitCode = 1;
        console.error(error);
    };
    return { ...createAwsRouter(), ...createStores(), remainingMilliseconds: () => 60_000, onFailure: (_, error) => fail(error), onUnanswered: (_, error) => fail(error) };
}

function putEach({ putObject }: ConsumerDependencies): ConsumerDependencies["putObject"] {
    return async (name, body) => {
        for (const [index, line] of String(body).trimEnd().split("\n").entries()) await putObject(name.replace(".jsonl", `-${index}.jsonl`), `${line}\n`);
        return name;
    };
}

async function report(rates: Readonly<Record<string, readonly number[]>>, { sqs, queueUrl }: { sqs: SQSClient; queueUrl: string }): Promise<void> {
    const middle = (kind: string): number => rates[kind]!.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
    console.log("records per second".padEnd(34) + "  median   consumer's");
    for (const kind of Object.keys(rates)) console.log(kind.padEnd(34) + middle(kind).toFixed(0).padStart(8) + `${(middle("consumer") / middle(kind)).toFixed(1)} x`.padStart(13));
    if (middle("consumer") < MIN_SPEEDUP * middle("baseline: one put per record")) process.exitCode = 1;
    const runs = 1 + ROUNDS * Object.keys(rates).length;
    const [ids, letters] = [await readRequestIds(), await readLetters(sqs, queueUrl)];
    const lines = [["predictions", ids, runs * (RECORDS - BAD_RECORDS)], ["dead letters", letters, runs * BAD_RECORDS]] as const;
    for (const [what, found, expected] of lines) {
        const distinct = new Set(found).size;
        console.log(`${found.length} ${what}, ${distinct} different, ${expected} expected; every batch was delivered twice`);
        if (found.length !== expected || distinct !== expected) process.exitCode = 1;
    }
}

async function readRequestIds(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: world.s3 }, { Bucket: BUCKET, Prefix: "predictions/date=" })) {
        for (const { Key = "" } of Contents) ids.push(...(await world.read(Key)).trimEnd().split("\n").map((line) => (JSON.parse(line) as PredictionRecord).requestId));
    }
    return ids;
}

async function readLetters(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
    const bodies: string[] = [];
    for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return bodies;
        bodies.push(...Messages.map(({ Body = "" }) => Body));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })) }));
    }
}
