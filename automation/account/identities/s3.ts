/** Buckets and what is set on them. A setting has no tags of its own: it is ours when its bucket is. */
import {
    GetBucketEncryptionCommand, GetBucketLifecycleConfigurationCommand, GetBucketLoggingCommand, GetBucketNotificationConfigurationCommand,
    GetBucketOwnershipControlsCommand, GetBucketPolicyCommand, GetBucketTaggingCommand, GetBucketVersioningCommand, GetPublicAccessBlockCommand,
    HeadBucketCommand, type S3Client,
} from "@aws-sdk/client-s3";
import { importPage, knownText, readTags, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

/** A bucket of somebody else refuses the question; names are unique in the world. */
const NOT_OURS = ["NoSuchBucket", "AccessDenied", "PermanentRedirect"];

/** Undefined when there is no such bucket, or it lies in another account or region. */
export async function readBucketTags(s3: S3Client, bucket: string): Promise<Tags | undefined> {
    try {
        return readTags((await s3.send(new GetBucketTaggingCommand({ Bucket: bucket }))).TagSet);
    } catch (error) {
        const name = error instanceof Error ? error.name : "";
        if (name === "NoSuchTagSet") return {};
        if (NOT_OURS.includes(name)) return undefined;
        throw error;
    }
}

/**
 * Its tags come by a second call, before which a run may have been killed: one without any is ours, since nobody else makes that name, which
 * holds account, region and a random part.
 */
const bucket: Lookup = {
    type: "aws:s3/bucket:Bucket",
    source: importPage("s3/bucket"),
    async candidates(inputs, { aws }) {
        const name = knownText(inputs, "bucket");
        const tags = name === undefined ? undefined : await readBucketTags(aws.s3, name);
        if (name === undefined || tags === undefined) return [];
        return [{ id: name, outputs: {}, ...(Object.keys(tags).length === 0 ? {} : { tags }) }];
    },
    /** Also one that lets nobody ask for its tags. */
    async holders(inputs, clients, owner) {
        const name = knownText(inputs, "bucket");
        const readable = await bucket.candidates(inputs, clients, owner);
        if (name === undefined || readable.length > 0) return readable;
        return await hasBucket(clients.aws.s3, name) ? [{ id: name, outputs: {}, tags: {} }] : [];
    },
};

/** Anybody's: only 404 says that the name is free. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
async function hasBucket(s3: S3Client, Bucket: string): Promise<boolean> {
    try {
        await s3.send(new HeadBucketCommand({ Bucket }));
        return true;
    } catch (error) {
        const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
        if (status === 404) return false;
        if (status === 403 || status === 301) return true;
        throw error;
    }
}

/** @param isSet whether the bucket has the setting; errors named in `absent` say that it has not */
function defineSetting(kind: string, absent: readonly string[], isSet: (s3: S3Client, bucket: string) => Promise<boolean>): Lookup {
    return {
        type: `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`,
        source: importPage(`s3/${kind.toLowerCase()}`),
        repeatable: true,
        async candidates(inputs, { aws: { s3 } }) {
            const name = knownText(inputs, "bucket");
            const parentTags = name === undefined ? undefined : await readBucketTags(s3, name);
            if (name === undefined || parentTags === undefined) return [];
            return await unless(absent, () => isSet(s3, name)) === true ? [{ id: name, outputs: {}, parentTags }] : [];
        },
    };
}

export const s3Lookups: readonly Lookup[] = [
    bucket,
    defineSetting("BucketVersioning", [], async (s3, Bucket) => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status !== undefined),
    defineSetting("BucketServerSideEncryptionConfiguration", ["ServerSideEncryptionConfigurationNotFoundError"], async (s3, Bucket) =>
        (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration !== undefined),
    defineSetting("BucketPublicAccessBlock", ["NoSuchPublicAccessBlockConfiguration"], async (s3, Bucket) =>
        (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration !== undefined),
    defineSetting("BucketOwnershipControls", ["OwnershipControlsNotFoundError"], async (s3, Bucket) =>
        (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls !== undefined),
    defineSetting("BucketPolicy", ["NoSuchBucketPolicy"], async (s3, Bucket) =>
        (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy !== undefined),
    defineSetting("BucketLifecycleConfiguration", ["NoSuchLifecycleConfiguration"], async (s3, Bucket) =>
        (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules !== undefined),
    defineSetting("BucketNotification", [], async (s3, Bucket) => {
        // An empty configuration is how S3 says that there is none.
        const { $metadata: _metadata, ...targets } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
        return Object.values(targets).some((target) => target !== undefined);
    }),
    defineSetting("BucketLogging", [], async (s3, Bucket) => (await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled !== undefined),
];
