/** Every setting of the state bucket: how it is read, what it must be, how it is written. In the order in which they are made. */
import {
    GetBucketEncryptionCommand, GetBucketLifecycleConfigurationCommand, GetBucketOwnershipControlsCommand, GetBucketPolicyCommand, GetBucketTaggingCommand,
    GetBucketVersioningCommand, GetPublicAccessBlockCommand, PutBucketEncryptionCommand, PutBucketLifecycleConfigurationCommand,
    PutBucketOwnershipControlsCommand, PutBucketPolicyCommand, PutBucketTaggingCommand, PutBucketVersioningCommand, PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import type { LifecycleRule, S3Client, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import type { Location } from "../../components/context.ts";
import { bucketArn } from "../../components/iam/arns.ts";
import { buildPolicy } from "../../components/iam/policy.ts";
import { stateTags } from "./stateTags.ts";

export interface BucketSetting {
    /** For people. */
    readonly name: string;
    /** Undefined when nothing is set. */
    read(): Promise<unknown>;
    /** What it must be, given what it is: what others have added beside ours is kept where it does no harm. */
    wanted(current: unknown): unknown;
    write(value: unknown): Promise<void>;
}

export interface BucketSettingsOptions {
    readonly s3: S3Client;
    readonly location: Location;
    readonly project: string;
    readonly bucketName: string;
    readonly keyArn: string;
}

/** A state that was replaced can be had back for so long, */
const NONCURRENT_DAYS = 90;
/** and the newest of them for ever: a stack that nobody touches for a year can still be taken back. */
const NONCURRENT_KEPT = 10;
const MULTIPART_DAYS = 7;

export function bucketSettings(options: BucketSettingsOptions): readonly BucketSetting[] {
    return [accessBlock(options), ownership(options), policy(options), tagging(options), encryption(options), versioning(options), lifecycle(options)];
}

function accessBlock({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    return {
        name: "block of public access",
        read: () => orUnset(async () => (await s3.send(new GetPublicAccessBlockCommand(at(bucket)))).PublicAccessBlockConfiguration),
        wanted: () => ({ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true }),
        write: async (value) => void await s3.send(new PutPublicAccessBlockCommand({ ...at(bucket), PublicAccessBlockConfiguration: value as object })),
    };
}

/** No access lists: the bucket's owner owns every object. */
function ownership({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    return {
        name: "ownership of objects",
        read: () => orUnset(async () => (await s3.send(new GetBucketOwnershipControlsCommand(at(bucket)))).OwnershipControls?.Rules?.[0]?.ObjectOwnership),
        wanted: () => "BucketOwnerEnforced",
        write: async () => {
            await s3.send(new PutBucketOwnershipControlsCommand({ ...at(bucket), OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] } }));
        },
    };
}

interface PolicyDocument {
    readonly Version?: string;
    readonly Statement: readonly { readonly Sid?: string }[];
}

/** Refuses everybody without TLS. Statements of others stay: who else may read states is the account's decision. */
function policy({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    const arn = bucketArn(bucket.location, bucket.bucketName);
    const own = JSON.parse(buildPolicy([{
        // All actions, of everybody: without TLS nothing is allowed.
        sid: "DenyWithoutTls", effect: "Deny", principals: "*", actions: ["s3:*"], resources: [arn, `${arn}/*`],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
    }])) as PolicyDocument;
    const ownIds = own.Statement.map(({ Sid }) => Sid);
    return {
        name: "policy",
        read: () => orUnset(async () => JSON.parse((await s3.send(new GetBucketPolicyCommand(at(bucket)))).Policy ?? "null") as unknown),
        wanted: (current) => {
            const others = [(current as PolicyDocument | undefined)?.Statement ?? []].flat().filter(({ Sid }) => !ownIds.includes(Sid));
            return { ...own, Statement: [...own.Statement, ...others] };
        },
        write: async (value) => void await s3.send(new PutBucketPolicyCommand({ ...at(bucket), Policy: JSON.stringify(value) })),
    };
}

/** Tags of others stay. */
function tagging({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    return {
        name: "tags",
        read: () => orUnset(async () => {
            const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand(at(bucket)));
            return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
        }),
        wanted: (current) => ({ ...current as object | undefined, ...stateTags(bucket.project) }),
        write: async (value) => {
            const TagSet = Object.entries(value as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
            await s3.send(new PutBucketTaggingCommand({ ...at(bucket), Tagging: { TagSet } }));
        },
    };
}

function encryption({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    const rule = {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: bucket.keyArn },
        // One data key per bucket instead of one per object: far fewer calls to KMS.
        BucketKeyEnabled: true,
    } as const satisfies ServerSideEncryptionRule;
    return {
        name: "encryption",
        read: () => orUnset(async () => {
            const { Rules = [] } = (await s3.send(new GetBucketEncryptionCommand(at(bucket)))).ServerSideEncryptionConfiguration ?? {};
            return Rules.map(({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) => ({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }));
        }),
        wanted: () => [rule],
        write: async () => void await s3.send(new PutBucketEncryptionCommand({ ...at(bucket), ServerSideEncryptionConfiguration: { Rules: [rule] } })),
    };
}

function versioning({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    return {
        name: "versioning",
        read: async () => (await s3.send(new GetBucketVersioningCommand(at(bucket)))).Status,
        wanted: () => "Enabled",
        write: async () => void await s3.send(new PutBucketVersioningCommand({ ...at(bucket), VersioningConfiguration: { Status: "Enabled" } })),
    };
}

/** Rules of others do not stay: one that expires objects would take the states with it. */
function lifecycle({ s3, ...bucket }: BucketSettingsOptions): BucketSetting {
    const rule: LifecycleRule = {
        ID: "replaced-states", Status: "Enabled", Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: NONCURRENT_DAYS, NewerNoncurrentVersions: NONCURRENT_KEPT },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: MULTIPART_DAYS },
        Expiration: { ExpiredObjectDeleteMarker: true },
    };
    return {
        name: "lifecycle",
        read: () => orUnset(async () => (await s3.send(new GetBucketLifecycleConfigurationCommand(at(bucket)))).Rules),
        wanted: () => [rule],
        write: async () => void await s3.send(new PutBucketLifecycleConfigurationCommand({ ...at(bucket), LifecycleConfiguration: { Rules: [rule] } })),
    };
}

/** Never another account's bucket, even if it lets us. */
function at({ bucketName, location }: Pick<BucketSettingsOptions, "bucketName" | "location">): { Bucket: string; ExpectedBucketOwner: string } {
    return { Bucket: bucketName, ExpectedBucketOwner: location.accountId };
}

/** S3 answers a question about a setting that was never made with an error of its own. */
async function orUnset<T>(read: () => Promise<T>): Promise<T | undefined> {
    const unset = /^(NoSuch(PublicAccessBlockConfiguration|BucketPolicy|TagSet|TagSetError|LifecycleConfiguration)|OwnershipControlsNotFoundError|ServerSideEncryptionConfigurationNotFoundError)$/;
    try {
        return await read();
    } catch (error) {
        if (error instanceof Error && unset.test(error.name)) return undefined;
        throw error;
    }
}
