/** Permissions to write logs. */
import type { Location } from "../context.ts";
import { logGroupArn } from "./arns.ts";
import type { Statement } from "./policy.ts";

/** A function writes into its own log group, and cannot make another. */
export function lambdaLogs(location: Location, logGroupName: string): Statement {
    return {
        sid: "WriteOwnLogs",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [`${logGroupArn(location, logGroupName)}:*`],
    };
}

export interface AccessLogScope {
    /** Letters; distinguishes the statement. */
    readonly part: string;
    /** Bucket whose access is logged. */
    readonly bucketArn: string;
    /** Pattern of the objects that are written. */
    readonly folderArn: string;
}

/**
 * S3 writes the access logs of one of our buckets. https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export function deliverAccessLogs({ accountId }: Location, { part, bucketArn, folderArn }: AccessLogScope): Statement {
    return {
        sid: `Deliver${part.charAt(0).toUpperCase()}${part.slice(1)}AccessLogs`,
        actions: ["s3:PutObject"],
        resources: [folderArn],
        principals: { Service: ["logging.s3.amazonaws.com"] },
        conditions: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": bucketArn } },
    };
}
