/** `aws:s3/bucketLogging:BucketLogging`: where S3 writes down who read and wrote a bucket. */
import { GetBucketLoggingCommand, PutBucketLoggingCommand, type TargetObjectKeyFormat } from "@aws-sdk/client-s3";
import type { PropertyMap } from "../../engine/provider.ts";
import type { ResourceDefinition } from "./definition.ts";
import { map, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { bucketSetting } from "./s3Configuration.ts";

const DATE_SOURCE = "targetObjectKeyFormat.partitionedPrefix.partitionDateSource";

/** By date, or S3's own simple names when the program says nothing. */
function toKeyFormat(inputs: PropertyMap): TargetObjectKeyFormat | undefined {
    const partitioned = map(map(inputs, "targetObjectKeyFormat") ?? {}, "partitionedPrefix");
    if (partitioned === undefined) return undefined;
    return { PartitionedPrefix: { PartitionDateSource: requiredText(partitioned, "partitionDateSource") as "EventTime" | "DeliveryTime" } };
}

function fromKeyFormat(format: TargetObjectKeyFormat | undefined): PropertyMap | undefined {
    const source = format?.PartitionedPrefix?.PartitionDateSource;
    return source === undefined ? undefined : { partitionedPrefix: { partitionDateSource: source } };
}

export const s3BucketLogging: ResourceDefinition = bucketSetting({
    table: {
        type: "aws:s3/bucketLogging:BucketLogging",
        source: registryPage("s3/bucketlogging"),
        inputs: {
            ...region,
            bucket: appliedReplaces,
            expectedBucketOwner: recordedReplaces,
            targetBucket: applied,
            targetPrefix: applied,
            [DATE_SOURCE]: applied,
        },
        outputs: ["bucket", "expectedBucketOwner", "region", "targetBucket", "targetGrants", "targetObjectKeyFormat", "targetPrefix"],
    },
    absentErrors: [],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: {
            LoggingEnabled: {
                TargetBucket: requiredText(inputs, "targetBucket"),
                TargetPrefix: text(inputs, "targetPrefix") ?? "",
                TargetObjectKeyFormat: toKeyFormat(inputs),
            },
        },
    })),
    async get(Bucket, _inputs, { clients }) {
        const { LoggingEnabled: found } = await clients.s3.send(new GetBucketLoggingCommand({ Bucket }));
        if (found === undefined) return undefined;
        return reported({
            targetBucket: found.TargetBucket,
            targetPrefix: found.TargetPrefix ?? "",
            targetObjectKeyFormat: fromKeyFormat(found.TargetObjectKeyFormat),
        });
    },
    // An empty status is how S3 is told to stop.
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} })),
});
