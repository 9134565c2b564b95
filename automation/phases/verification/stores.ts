/** Everything that keeps data, by resource type: with which key it must encrypt, and how the service is asked. */
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { AwsClients } from "../../aws.ts";
import type { StackResource } from "../../engine/engine.ts";

/** The part of a key's alias (components/data/encryptionKeys.ts). */
export type KeyPart = "s3" | "dynamodb" | "kinesis" | "lambda";

export interface Store {
    /** Type token of the resource. */
    readonly type: string;
    /** Plural, for people. */
    readonly what: string;
    readonly keyPart: KeyPart;
    /** Id, ARN or alias of the key in use; `AES256` for S3's own; undefined for none. */
    readKey(aws: AwsClients, resource: StackResource): Promise<string | undefined>;
}

export const STORES: readonly Store[] = [
    {
        type: "aws:s3/bucket:Bucket", what: "buckets", keyPart: "s3",
        async readKey({ s3 }, { id }) {
            const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: id }));
            const rule = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
            return rule?.KMSMasterKeyID ?? rule?.SSEAlgorithm;
        },
    },
    {
        type: "aws:dynamodb/table:Table", what: "tables", keyPart: "dynamodb",
        readKey: async ({ dynamodb }, { id }) => (await dynamodb.send(new DescribeTableCommand({ TableName: id }))).Table?.SSEDescription?.KMSMasterKeyArn,
    },
    {
        type: "aws:kinesis/stream:Stream", what: "streams", keyPart: "kinesis",
        async readKey({ kinesis }, { outputs }) {
            const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: String(outputs["name"]) }));
            return StreamDescriptionSummary?.KeyId;
        },
    },
    {
        type: "aws:sqs/queue:Queue", what: "queues", keyPart: "kinesis",
        async readKey({ sqs }, { id }) {
            const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["KmsMasterKeyId"] }));
            return Attributes?.["KmsMasterKeyId"];
        },
    },
    {
        type: "aws:sns/topic:Topic", what: "topics", keyPart: "lambda",
        readKey: async ({ sns }, { id }) => (await sns.send(new GetTopicAttributesCommand({ TopicArn: id }))).Attributes?.["KmsMasterKeyId"],
    },
    {
        type: "aws:cloudwatch/logGroup:LogGroup", what: "log groups", keyPart: "lambda",
        async readKey({ logs }, { id }) {
            // A prefix is all that can be asked for.
            const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
            return logGroups.find(({ logGroupName }) => logGroupName === id)?.kmsKeyId;
        },
    },
    {
        type: "aws:lambda/function:Function", what: "function environments", keyPart: "lambda",
        readKey: async ({ lambda }, { id }) => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: id }))).KMSKeyArn,
    },
];
