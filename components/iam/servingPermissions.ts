/** What the functions may do that answer requests and records, beside their log and their environment. */
import { AB_TEST_ID, VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Variant } from "../../lambdas/shared/documents.ts";
import { parameterArn, sagemakerArn } from "./arns.ts";
import type { DataScope } from "./dataScope.ts";
import { readKeyThrough, useKeyThrough } from "./encryption.ts";
import { readObjects, writeObjects } from "./objects.ts";
import type { Statement } from "./policy.ts";

/** What a router needs to know beside the data's ARNs. */
export interface RouterScope extends DataScope {
    /** The names that the endpoints have or will have. */
    readonly endpointNames: Readonly<Record<Variant, string>>;
}

export interface ConsumerScope extends RouterScope {
    readonly streamArn: string;
    readonly deadLetterQueueArn: string;
}

/** Chooses a variant, encodes by its schema, asks its endpoint. */
export function inferencePermissions(scope: RouterScope): readonly Statement[] {
    return [
        ...routerPermissions(scope),
        readKeyThrough("s3", scope.s3KeyArn, scope.location),
        readKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}

/** Says which models are served, and how requests are split. */
export function healthPermissions(scope: DataScope): readonly Statement[] {
    return [readServing(scope), readAbTest(scope), readKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location)];
}

/** Lists the models, and a model's versions with their metrics. */
export function modelsPermissions(scope: DataScope): readonly Statement[] {
    return [
        { sid: "ListModels", actions: ["dynamodb:Query", "dynamodb:Scan"], resources: [scope.modelMetadataTableArn] },
        { sid: "ListMetrics", actions: ["dynamodb:Query"], resources: [scope.trainingMetricsTableArn] },
        readKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}

/** Reads and sets the weights of the one A/B test. */
export function abTestsPermissions(scope: DataScope): readonly Statement[] {
    return [
        readAbTest(scope),
        { ...readAbTest(scope), sid: "ChangeAbTest", actions: ["dynamodb:UpdateItem"] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}

/**
 * Routes a batch, writes its predictions, puts bad records aside, and remembers how far it came. Reads the stream, and writes what Lambda
 * gives up, because Lambda does both with the function's role.
 */
export function consumerPermissions(scope: ConsumerScope): readonly Statement[] {
    const { location, processedBucketArn } = scope;
    return [
        ...routerPermissions(scope),
        readStream(scope.streamArn),
        readKeyThrough("kinesis", scope.kinesisKeyArn, location),
        writeObjects({ sid: "Predictions", bucketArn: processedBucketArn, keys: "predictions/*" }),
        writeObjects({ sid: "GivenUp", bucketArn: processedBucketArn, keys: "aws/lambda/*" }),
        // Lambda looks whether the bucket is there, where no prefix could narrow it:
        // https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
        { sid: "FindBucket", actions: ["s3:ListBucket"], resources: [processedBucketArn] },
        useKeyThrough("s3", scope.s3KeyArn, location),
        { sid: "PutBadRecordsAside", actions: ["sqs:SendMessage"], resources: [scope.deadLetterQueueArn] },
        useKeyThrough("sqs", scope.kinesisKeyArn, location),
        { sid: "KeepCheckpoints", actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [scope.streamCheckpointsTableArn] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, location),
    ];
}

/** Without the keys: who only reads and who writes too need different actions of them. */
function routerPermissions(scope: RouterScope): readonly Statement[] {
    return [
        readServing(scope),
        readAbTest(scope),
        {
            sid: "Ask",
            actions: ["sagemaker:InvokeEndpoint"],
            resources: VARIANTS.map((variant) => sagemakerArn(scope.location, "endpoint", scope.endpointNames[variant])),
        },
        readObjects({ sid: "Schema", bucketArn: scope.modelsBucketArn, keys: "training/*" }),
    ];
}

/** Reads which models are served. */
function readServing({ location, parameterPath }: DataScope): Statement {
    return {
        sid: "ReadServing",
        actions: ["ssm:GetParameter"],
        resources: VARIANTS.map((variant) => parameterArn(location, `${parameterPath}/serving-${variant}`)),
    };
}

/** Reads the environment's A/B test, and no other item that somebody may put beside it. */
function readAbTest({ abTestsTableArn }: DataScope): Statement {
    return {
        sid: "ReadAbTest",
        actions: ["dynamodb:GetItem"],
        resources: [abTestsTableArn],
        conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [AB_TEST_ID] } },
    };
}

/**
 * What Lambda reads a stream with. Not ListStreams, which AWS's managed policy has on everything: Lambda is told the stream, and does
 * without it (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html).
 */
function readStream(streamArn: string): Statement {
    return {
        sid: "ReadStream",
        actions: [
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
        resources: [streamArn],
    };
}
