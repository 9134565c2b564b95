/** `aws:s3/bucket:Bucket`. Everything about a bucket but its name, tags and end has a resource type of its own: see `s3Configuration.ts`. */
import {
    CreateBucketCommand, DeleteBucketCommand, DeleteBucketTaggingCommand, DeleteObjectsCommand, GetBucketTaggingCommand,
    HeadBucketCommand, ListObjectVersionsCommand, PutBucketTaggingCommand, type S3Client,
} from "@aws-sdk/client-s3";
import type { ResourceDefinition } from "./definition.ts";
import { bucketArn, whenKnown } from "./arn.ts";
import { flag, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";
import { appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { observeTagged, readTags, tagList } from "./tags.ts";
import { unless, waitUntilGone } from "./wait.ts";

const GONE = ["NotFound", "NoSuchBucket"];

/**
 * Outputs that are the same for every bucket here. Left out: `hostedZoneId` and `website*` (no bucket is a website), and `policy`,
 * `versioning`, `serverSideEncryptionConfiguration`, `lifecycleRules`, `acl`, `grants` and the like, the provider's deprecated views of
 * what the types in `s3Configuration.ts` set.
 */
const PLAIN_BUCKET = { objectLockEnabled: false, accelerationStatus: "", requestPayer: "BucketOwner", bucketPrefix: "" };

function bucketNames(place: Place, bucket: string): Record<string, string> {
    return {
        arn: bucketArn(place, bucket),
        bucketDomainName: `${bucket}.s3.${place.dnsSuffix}`,
        bucketRegionalDomainName: `${bucket}.s3.${place.region}.${place.dnsSuffix}`,
        bucketRegion: place.region,
        region: place.region,
    };
}

async function headBucket(bucket: string, s3: S3Client): Promise<true | undefined> {
    const answer = await unless(GONE, () => s3.send(new HeadBucketCommand({ Bucket: bucket })));
    return answer === undefined ? undefined : true;
}

/** Removes all versions and delete markers, a page at a time. */
async function emptyBucket(bucket: string, s3: S3Client): Promise<void> {
    for (;;) {
        const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 }));
        const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }));
        if (objects.length === 0) return;
        const { Errors } = await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }));
        const first = Errors?.[0];
        if (first !== undefined) throw new Error(`bucket ${bucket}: cannot delete ${first.Key} (${first.Code}): ${first.Message}`);
    }
}

export const s3Bucket: ResourceDefinition = {
    table: {
        type: "aws:s3/bucket:Bucket",
        source: registryPage("s3/bucket"),
        inputs: {
            ...region,
            bucket: appliedReplaces,
            bucketPrefix: recordedReplaces,
            // Used by the delete; the cloud knows nothing of it.
            forceDestroy: recorded,
            objectLockEnabled: recordedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "accelerationStatus", "acl", "arn", "bucket", "bucketDomainName", "bucketNamespace", "bucketPrefix", "bucketRegion",
            "bucketRegionalDomainName", "corsRules", "forceDestroy", "grants", "hostedZoneId", "lifecycleRules", "logging",
            "objectLockConfiguration", "objectLockEnabled", "policy", "region", "replicationConfiguration", "requestPayer",
            "serverSideEncryptionConfiguration", "tags", "tagsAll", "versioning", "website", "websiteDomain", "websiteEndpoint",
        ],
        autoName: { property: "bucket", maxLength: 63 },
    },
    usage: {
        actions: ["s3:GetObject", "s3:PutObject", "s3:GetObjectVersion"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict: ({ inputs }, place) => ({
        id: whenKnown(inputs["bucket"], (bucket) => bucket),
        outputs: {
            ...(typeof inputs["bucket"] === "string" ? bucketNames(place, inputs["bucket"]) : {}),
            bucketRegion: place.region,
            region: place.region,
            tagsAll: inputs["tags"] ?? {},
        },
    }),
    async create({ inputs }, { clients }) {
        const bucket = requiredText(inputs, "bucket");
        // The SDK adds the location constraint of its region, and leaves it out where S3 refuses one.
        await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
        const tags = tagList(inputs);
        if (tags.length > 0) await clients.s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: tags } }));
        return bucket;
    },
    async read({ id }, { clients, place }) {
        if ((await headBucket(id, clients.s3)) === undefined) return undefined;
        const tagging = await unless(["NoSuchTagSet"], () => clients.s3.send(new GetBucketTaggingCommand({ Bucket: id })));
        const tags = readTags(tagging?.TagSet);
        return observeTagged({ id, values: { bucket: id }, tags, computed: { ...bucketNames(place, id), ...PLAIN_BUCKET } });
    },
    async update({ id, inputs, oldInputs }, { clients }) {
        if (!hasChanged(oldInputs, inputs, "tags")) return;
        const tags = tagList(inputs);
        if (tags.length > 0) await clients.s3.send(new PutBucketTaggingCommand({ Bucket: id, Tagging: { TagSet: tags } }));
        else await clients.s3.send(new DeleteBucketTaggingCommand({ Bucket: id }));
    },
    /** Without `forceDestroy` a bucket that holds anything stays, and the cloud's BucketNotEmpty is thrown. */
    async delete({ id, inputs }, { clients }) {
        if ((await headBucket(id, clients.s3)) === undefined) return;
        if (flag(inputs, "forceDestroy") === true) await emptyBucket(id, clients.s3);
        await unless(GONE, () => clients.s3.send(new DeleteBucketCommand({ Bucket: id })));
        await waitUntilGone(() => headBucket(id, clients.s3), `bucket ${id}`);
    },
};
