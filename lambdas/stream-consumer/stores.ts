/** Where the consumer writes: predictions in S3, dead letters in SQS, checkpoints in DynamoDB. */
import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { isEmulated, readEnvironment } from "../shared/environment.ts";
import { buildS3Url, parseS3Url } from "../shared/store.ts";
import type { ConsumerDependencies } from "./core.ts";
import { packLetters } from "./letters.ts";
import { padSequenceNumber } from "./sequence.ts";

/** Reads the environment. Throws when a variable is missing. */
export function createStores(): Pick<ConsumerDependencies, "readCheckpoint" | "moveCheckpoint" | "putObject" | "sendDeadLetters"> {
    const { CHECKPOINTS_TABLE, DEAD_LETTER_QUEUE_URL, PREDICTIONS_URL } = readEnvironment(
        "CHECKPOINTS_TABLE",
        "DEAD_LETTER_QUEUE_URL",
        "PREDICTIONS_URL",
    );
    return {
        ...createCheckpoints(CHECKPOINTS_TABLE),
        putObject: createObjectWriter(PREDICTIONS_URL),
        sendDeadLetters: createLetterBox(DEAD_LETTER_QUEUE_URL),
    };
}

function createCheckpoints(TableName: string): Pick<ConsumerDependencies, "readCheckpoint" | "moveCheckpoint"> {
    const dynamodb = new DynamoDBClient({});
    const keyOf = (shardId: string) => ({ ShardId: { S: shardId } });
    return {
        readCheckpoint: async (shardId) => {
            const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf(shardId), ConsistentRead: true }));
            return Item?.["SequenceNumber"]?.S;
        },
        moveCheckpoint: async (shardId, sequenceNumber) => {
            const command = new UpdateItemCommand({
                TableName,
                Key: keyOf(shardId),
                UpdateExpression: "SET SequenceNumber = :to, UpdatedAt = :now",
                ConditionExpression: "attribute_not_exists(SequenceNumber) OR SequenceNumber < :to",
                ExpressionAttributeValues: { ":to": { S: padSequenceNumber(sequenceNumber) }, ":now": { S: new Date().toISOString() } },
            });
            await dynamodb.send(command).catch((error: unknown) => {
                // Another delivery of the same records was faster.
                if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
            });
        },
    };
}

function createObjectWriter(predictionsUrl: string): ConsumerDependencies["putObject"] {
    const s3 = new S3Client({ forcePathStyle: isEmulated() });
    const folder = parseS3Url(predictionsUrl);
    return async (name, body) => {
        const location = { bucket: folder.bucket, key: `${folder.key}/${name}` };
        const ContentType = typeof body === "string" ? "application/x-ndjson" : "application/octet-stream";
        await s3.send(new PutObjectCommand({ Bucket: location.bucket, Key: location.key, Body: body, ContentType }));
        return buildS3Url(location);
    };
}

function createLetterBox(QueueUrl: string): ConsumerDependencies["sendDeadLetters"] {
    // The region's endpoint, as for every other service: the queue is in no other region.
    const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
    return async (letters) => {
        for (const bodies of packLetters(letters)) {
            const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
            const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
            if (Failed.length === 0) continue;
            // Only these: the others have arrived.
            const again = await sqs.send(new SendMessageBatchCommand({
                QueueUrl, Entries: Entries.filter(({ Id }) => Failed.some((failed) => failed.Id === Id)),
            }));
            const [first] = again.Failed ?? [];
            if (first !== undefined) {
                throw new Error(`the dead-letter queue refused a letter twice: ${first.Code ?? ""} ${first.Message ?? ""}`);
            }
        }
    };
}
