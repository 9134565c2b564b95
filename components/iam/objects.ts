/** Permissions on objects below a prefix of a bucket. */
import type { Statement } from "./policy.ts";

export interface ObjectScope {
    /** Letters and digits; distinguishes the statement. */
    readonly sid: string;
    readonly bucketArn: string;
    /** Key pattern: `runs/*`. */
    readonly keys: string;
}

/** Reading objects, old versions too. */
export function readObjects({ sid, bucketArn, keys }: ObjectScope): Statement {
    return { sid: `Read${sid}`, actions: ["s3:GetObject", "s3:GetObjectVersion"], resources: [`${bucketArn}/${keys}`] };
}

/** Writing objects, in parts too; what was begun can be thrown away. */
export function writeObjects({ sid, bucketArn, keys }: ObjectScope): Statement {
    return { sid: `Write${sid}`, actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: [`${bucketArn}/${keys}`] };
}

/** Listing the keys below a prefix, and no others. */
export function listObjects({ sid, bucketArn, keys }: ObjectScope): Statement {
    return {
        sid: `List${sid}`,
        actions: ["s3:ListBucket"],
        resources: [bucketArn],
        conditions: { StringLike: { "s3:prefix": keys } },
    };
}
