/** `aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration`. */
import {
    DeleteBucketLifecycleCommand, GetBucketLifecycleConfigurationCommand, PutBucketLifecycleConfigurationCommand,
    type LifecycleRule, type LifecycleRuleFilter, type StorageClass, type TransitionStorageClass,
} from "@aws-sdk/client-s3";
import type { PropertyMap, PropertyRule } from "../../engine/provider.ts";
import type { ResourceDefinition } from "./definition.ts";
import { amount, flag, map, maps, reported, requiredText, text, textMap } from "./inputs.ts";
import { applied, appliedReplaces, appliedFree, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { bucketSetting } from "./s3Configuration.ts";
import { readTags } from "./tags.ts";

const ruleInputs: Readonly<Record<string, PropertyRule>> = {
    "rules.id": applied,
    "rules.status": applied,
    "rules.prefix": applied,
    "rules.filter.prefix": applied,
    "rules.filter.objectSizeGreaterThan": applied,
    "rules.filter.objectSizeLessThan": applied,
    "rules.filter.tag.key": applied,
    "rules.filter.tag.value": applied,
    "rules.filter.and.prefix": applied,
    "rules.filter.and.objectSizeGreaterThan": applied,
    "rules.filter.and.objectSizeLessThan": applied,
    "rules.filter.and.tags": appliedFree,
    "rules.expiration.days": applied,
    "rules.expiration.expiredObjectDeleteMarker": applied,
    "rules.noncurrentVersionExpiration.noncurrentDays": applied,
    "rules.noncurrentVersionExpiration.newerNoncurrentVersions": applied,
    "rules.transitions.days": applied,
    "rules.transitions.storageClass": applied,
    "rules.noncurrentVersionTransitions.noncurrentDays": applied,
    "rules.noncurrentVersionTransitions.storageClass": applied,
    "rules.abortIncompleteMultipartUpload.daysAfterInitiation": applied,
};

function toFilter(filter: PropertyMap): LifecycleRuleFilter {
    const tag = map(filter, "tag");
    const and = map(filter, "and");
    return {
        Prefix: text(filter, "prefix"),
        ObjectSizeGreaterThan: amount(filter, "objectSizeGreaterThan"),
        ObjectSizeLessThan: amount(filter, "objectSizeLessThan"),
        ...(tag === undefined ? {} : { Tag: { Key: requiredText(tag, "key"), Value: text(tag, "value") ?? "" } }),
        ...(and === undefined ? {} : {
            And: {
                Prefix: text(and, "prefix"),
                ObjectSizeGreaterThan: amount(and, "objectSizeGreaterThan"),
                ObjectSizeLessThan: amount(and, "objectSizeLessThan"),
                Tags: Object.entries(textMap(and, "tags") ?? {}).map(([Key, Value]) => ({ Key, Value })),
            },
        }),
    };
}

function toRule(rule: PropertyMap): LifecycleRule {
    const filter = map(rule, "filter");
    const expiration = map(rule, "expiration");
    const noncurrent = map(rule, "noncurrentVersionExpiration");
    const abort = map(rule, "abortIncompleteMultipartUpload");
    const prefix = text(rule, "prefix");
    return {
        ID: requiredText(rule, "id"),
        Status: requiredText(rule, "status") as "Enabled" | "Disabled",
        // S3 wants one of the two; an empty prefix means the whole bucket.
        ...(prefix === undefined ? { Filter: filter === undefined ? { Prefix: "" } : toFilter(filter) } : { Prefix: prefix }),
        ...(expiration === undefined ? {} : {
            Expiration: { Days: amount(expiration, "days"), ExpiredObjectDeleteMarker: flag(expiration, "expiredObjectDeleteMarker") },
        }),
        ...(noncurrent === undefined ? {} : {
            NoncurrentVersionExpiration: {
                NoncurrentDays: amount(noncurrent, "noncurrentDays"),
                NewerNoncurrentVersions: amount(noncurrent, "newerNoncurrentVersions"),
            },
        }),
        Transitions: maps(rule, "transitions")?.map((item) => ({
            Days: amount(item, "days"), StorageClass: requiredText(item, "storageClass") as TransitionStorageClass,
        })),
        NoncurrentVersionTransitions: maps(rule, "noncurrentVersionTransitions")?.map((item) => ({
            NoncurrentDays: amount(item, "noncurrentDays"), StorageClass: requiredText(item, "storageClass") as TransitionStorageClass,
        })),
        ...(abort === undefined ? {} : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: amount(abort, "daysAfterInitiation") } }),
    };
}

function fromFilter(filter: LifecycleRuleFilter): PropertyMap {
    const { And, Tag } = filter;
    return reported({
        prefix: filter.Prefix,
        objectSizeGreaterThan: filter.ObjectSizeGreaterThan,
        objectSizeLessThan: filter.ObjectSizeLessThan,
        tag: Tag === undefined ? undefined : reported({ key: Tag.Key, value: Tag.Value }),
        and: And === undefined ? undefined : reported({
            prefix: And.Prefix,
            objectSizeGreaterThan: And.ObjectSizeGreaterThan,
            objectSizeLessThan: And.ObjectSizeLessThan,
            tags: readTags(And.Tags),
        }),
    });
}

function fromRule(rule: LifecycleRule): PropertyMap {
    const { Expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
    const transition = (days: string, count: number | undefined, storageClass: StorageClass | string | undefined): PropertyMap =>
        reported({ [days]: count, storageClass });
    return reported({
        id: rule.ID,
        status: rule.Status,
        prefix: rule.Prefix,
        filter: rule.Filter === undefined ? undefined : fromFilter(rule.Filter),
        expiration: Expiration === undefined ? undefined : reported({
            days: Expiration.Days, expiredObjectDeleteMarker: Expiration.ExpiredObjectDeleteMarker,
        }),
        noncurrentVersionExpiration: noncurrent === undefined ? undefined : reported({
            noncurrentDays: noncurrent.NoncurrentDays, newerNoncurrentVersions: noncurrent.NewerNoncurrentVersions,
        }),
        transitions: rule.Transitions?.map((item) => transition("days", item.Days, item.StorageClass)),
        noncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map((item) => transition("noncurrentDays", item.NoncurrentDays, item.StorageClass)),
        abortIncompleteMultipartUpload: abort === undefined ? undefined : reported({ daysAfterInitiation: abort.DaysAfterInitiation }),
    });
}

export const s3BucketLifecycle: ResourceDefinition = bucketSetting({
    table: {
        type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        source: registryPage("s3/bucketlifecycleconfiguration"),
        inputs: {
            ...region,
            bucket: appliedReplaces,
            expectedBucketOwner: recordedReplaces,
            transitionDefaultMinimumObjectSize: recorded,
            ...ruleInputs,
        },
        outputs: ["bucket", "expectedBucketOwner", "region", "rules", "timeouts", "transitionDefaultMinimumObjectSize"],
    },
    absentErrors: ["NoSuchLifecycleConfiguration"],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketLifecycleConfigurationCommand({
        Bucket, LifecycleConfiguration: { Rules: (maps(inputs, "rules") ?? []).map(toRule) },
    })),
    async get(Bucket, inputs, { clients }) {
        const answer = await clients.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
        const order = (maps(inputs, "rules") ?? []).map((rule) => text(rule, "id"));
        const rank = (rule: LifecycleRule): number => {
            const index = order.indexOf(rule.ID);
            return index < 0 ? order.length : index;
        };
        return {
            rules: [...(answer.Rules ?? [])].sort((a, b) => rank(a) - rank(b)).map(fromRule),
            // What S3 does when nobody says: objects below 128 KiB stay where they are.
            transitionDefaultMinimumObjectSize: answer.TransitionDefaultMinimumObjectSize ?? "all_storage_classes_128K",
        };
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
});
