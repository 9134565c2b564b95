/** What deploying buckets, tables, streams, queues, topics, parameters and keys calls. Sources: `../deployActions.ts`. */
import { arn } from "./entry.ts";
import type { DeployActions } from "./entry.ts";

const BUCKET: Pick<DeployActions, "service" | "schema" | "on"> = {
    service: "s3", schema: "AWS::S3::Bucket", on: ["arn:{partition}:s3:::{bucket}"],
};
const TOPIC: Pick<DeployActions, "service" | "on"> = { service: "sns", on: [arn("sns", "{prefix}-*")] };
const KEY: Pick<DeployActions, "service" | "isToldByTags"> = { service: "kms", isToldByTags: true };

/** By Pulumi type. */
export const stores: Readonly<Record<string, DeployActions>> = {
    "aws:dynamodb/table:Table": {
        service: "dynamodb", schema: "AWS::DynamoDB::Table", on: [arn("dynamodb", "table/{prefix}-*")],
        create: "CreateTable UpdateContinuousBackups UpdateTimeToLive",
        read: "DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource",
        update: "UpdateTable UpdateContinuousBackups UpdateTimeToLive", delete: "DeleteTable", tag: "TagResource UntagResource",
    },
    "aws:kinesis/stream:Stream": {
        service: "kinesis", schema: "AWS::Kinesis::Stream", on: [arn("kinesis", "stream/{prefix}-*")],
        create: "CreateStream IncreaseStreamRetentionPeriod StartStreamEncryption",
        read: "DescribeStreamSummary ListTagsForStream ListTagsForResource",
        update: "UpdateShardCount UpdateStreamMode IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption",
        delete: "DeleteStream", tag: "AddTagsToStream RemoveTagsFromStream TagResource UntagResource",
    },
    "aws:kms/alias:Alias": {
        ...KEY, schema: "AWS::KMS::Alias", on: [arn("kms", "alias/{prefix}-*"), arn("kms", "key/*")],
        create: "CreateAlias", read: "ListAliases", update: "UpdateAlias", delete: "DeleteAlias",
    },
    "aws:kms/key:Key": {
        ...KEY, schema: "AWS::KMS::Key", on: [arn("kms", "key/*")],
        create: "CreateKey",
        read: "DescribeKey",
        atOnce: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags EnableKeyRotation",
        update: "PutKeyPolicy UpdateKeyDescription DisableKeyRotation EnableKey DisableKey", delete: "ScheduleKeyDeletion",
        tag: "TagResource UntagResource",
    },
    "aws:s3/bucket:Bucket": {
        ...BUCKET, create: "CreateBucket", read: "ListBucket GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration "
            + "GetBucketLogging GetBucketCORS GetBucketWebsite GetReplicationConfiguration GetAccelerateConfiguration GetBucketObjectLockConfiguration",
        delete: "DeleteBucket", tag: "PutBucketTagging TagResource UntagResource ListTagsForResource",
        besides: "GetBucketAcl GetBucketLocation GetBucketPolicy GetBucketRequestPayment",
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        ...BUCKET,
        create: "PutLifecycleConfiguration",
        read: "GetLifecycleConfiguration",
        update: "PutLifecycleConfiguration",
        delete: "PutLifecycleConfiguration",
    },
    "aws:s3/bucketLogging:BucketLogging": {
        ...BUCKET,
        create: "PutBucketLogging",
        read: "GetBucketLogging",
        update: "PutBucketLogging",
        delete: "PutBucketLogging",
        besides: "GetBucketAcl",
    },
    "aws:s3/bucketNotification:BucketNotification": {
        ...BUCKET,
        create: "PutBucketNotification",
        read: "GetBucketNotification",
        update: "PutBucketNotification",
        delete: "PutBucketNotification",
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        ...BUCKET, create: "PutBucketOwnershipControls", read: "GetBucketOwnershipControls", update: "PutBucketOwnershipControls",
        delete: "PutBucketOwnershipControls",
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
        ...BUCKET,
        schema: "AWS::S3::BucketPolicy",
        create: "PutBucketPolicy",
        read: "GetBucketPolicy",
        update: "PutBucketPolicy",
        delete: "DeleteBucketPolicy",
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        ...BUCKET, create: "PutBucketPublicAccessBlock", read: "GetBucketPublicAccessBlock", update: "PutBucketPublicAccessBlock",
        delete: "PutBucketPublicAccessBlock",
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        ...BUCKET, create: "PutEncryptionConfiguration", read: "GetEncryptionConfiguration", update: "PutEncryptionConfiguration",
        delete: "PutEncryptionConfiguration",
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        ...BUCKET, create: "PutBucketVersioning", read: "GetBucketVersioning", update: "PutBucketVersioning", delete: "PutBucketVersioning",
    },
    "aws:sns/topic:Topic": {
        ...TOPIC,
        schema: "AWS::SNS::Topic",
        create: "CreateTopic",
        read: "GetTopicAttributes ListTagsForResource",
        update: "SetTopicAttributes",
        delete: "DeleteTopic", tag: "TagResource UntagResource",
    },
    "aws:sns/topicPolicy:TopicPolicy": {
        ...TOPIC, schema: "AWS::SNS::TopicPolicy", create: "SetTopicAttributes", read: "GetTopicAttributes", update: "SetTopicAttributes",
        delete: "SetTopicAttributes",
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        ...TOPIC,
        schema: "AWS::SNS::Subscription",
        create: "Subscribe",
        read: "GetSubscriptionAttributes",
        update: "SetSubscriptionAttributes",
        delete: "Unsubscribe",
    },
    "aws:sqs/queue:Queue": {
        service: "sqs", schema: "AWS::SQS::Queue", on: [arn("sqs", "{prefix}-*")],
        create: "CreateQueue", read: "GetQueueAttributes GetQueueUrl ListQueueTags", update: "SetQueueAttributes", delete: "DeleteQueue",
        tag: "TagQueue UntagQueue",
    },
    "aws:ssm/parameter:Parameter": {
        service: "ssm", schema: "AWS::SSM::Parameter", on: [arn("ssm", "parameter{path}/*")],
        create: "PutParameter", read: "GetParameters GetParameter ListTagsForResource", update: "PutParameter", delete: "DeleteParameter",
        tag: "AddTagsToResource RemoveTagsFromResource", besides: "DescribeParameters",
    },
};
