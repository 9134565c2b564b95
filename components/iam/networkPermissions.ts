/** Permissions of the network: who may write flow logs, and who may go through its endpoints to what. */
import type { Location } from "../context.ts";
import { layerBucketName } from "../facts/vpcEndpoints.ts";
import { logGroupArn, tableArnPattern } from "./arns.ts";
import type { Statement } from "./policy.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, without the right to make log groups. */
export function flowLogPermissions(location: Location, logGroupName: string): readonly Statement[] {
    return [
        {
            sid: "WriteFlowLogs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources: [`${logGroupArn(location, logGroupName)}:*`],
        },
        // The service looks for its group among all of the region.
        { sid: "FindLogGroup", actions: ["logs:DescribeLogGroups"], resources: [logGroupArn(location, "*")] },
    ];
}

/** What an endpoint policy may narrow: the stack's own names, in our own account. */
export interface EndpointScope {
    readonly location: Location;
    /** What the names of the stack's tables begin with. */
    readonly prefix: string;
    /** Matches the names of the stack's buckets, which are cut where they are too long. */
    readonly bucketPattern: string;
}

/**
 * The policy of S3's gateway endpoint. A policy of an endpoint gives nothing: it only takes away from what callers' own policies allow.
 * Wildcards: buckets and their keys are named by random suffixes and by runs; callers are everybody of our account.
 */
export function s3EndpointStatements({ location, bucketPattern }: EndpointScope): readonly Statement[] {
    const arn = (bucket: string): string => `arn:${location.partition}:s3:::${bucket}`;
    return [
        {
            sid: "OwnBuckets",
            principals: "*",
            actions: [
                "s3:AbortMultipartUpload", "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket",
                "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts", "s3:PutObject",
            ],
            resources: [arn(bucketPattern), arn(`${bucketPattern}/*`)],
            conditions: { StringEquals: { "aws:PrincipalAccount": location.accountId, "aws:ResourceAccount": location.accountId } },
        },
        // ECR hands out signed addresses of image layers in a bucket of its own.
        { sid: "ImageLayers", principals: "*", actions: ["s3:GetObject"], resources: [arn(`${layerBucketName(location.region)}/*`)] },
    ];
}

/** The policy of DynamoDB's gateway endpoint: items of the stack's tables and their indexes. */
export function dynamodbEndpointStatements({ location, prefix }: EndpointScope): readonly Statement[] {
    const table = tableArnPattern(location, `${prefix}-*`);
    return [{
        sid: "OwnTables",
        principals: "*",
        actions: [
            "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
        ],
        resources: [table],
        conditions: { StringEquals: { "aws:PrincipalAccount": location.accountId } },
    }];
}

/** The policy of an interface endpoint: nobody takes credentials of another account, or data for it, through our network. */
export function ownAccountStatements({ accountId }: Location): readonly Statement[] {
    return [{
        sid: "OwnAccount",
        principals: "*",
        // The callers' own policies say which actions; an endpoint policy can only take away.
        actions: ["*"],
        resources: ["*"],
        conditions: { StringEquals: { "aws:PrincipalAccount": accountId } },
    }];
}
