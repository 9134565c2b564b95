/** How long each bucket keeps what, and where: pure, one function per bucket. */
import type { StorageConfig } from "../config/storage.ts";

/** A rule of a bucket's lifecycle, as the provider takes it. */
export interface LifecycleRule {
    readonly id: string;
    readonly status: "Enabled";
    /** Without a prefix: all objects. The filter itself must be there, or S3 refuses the rule. */
    readonly filter: { readonly prefix?: string };
    readonly transitions?: { readonly days: number; readonly storageClass: "STANDARD_IA" | "GLACIER_IR" }[];
    readonly expiration?: { readonly days: number } | { readonly expiredObjectDeleteMarker: true };
    readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
    readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
}

/** Days after which parts of an upload that nobody finished are removed. */
const ABORT_UPLOAD_DAYS = 7;

/** Uploads below the data prefix go at their time; images, below another prefix, are kept. */
export function buildRawRules(storage: StorageConfig, dataPrefix: string): readonly LifecycleRule[] {
    return [cleanUp(storage), archive(storage), ...expireIfConfigured(storage, dataPrefix)];
}

/**
 * Files of a run go with the uploads they were made from. Predictions have their own time, and so have the records of which none could be
 * made: Lambda writes those below `aws/lambda/`.
 */
export function buildProcessedRules(storage: StorageConfig, predictionDays: number): readonly LifecycleRule[] {
    return [
        cleanUp(storage),
        archive(storage, "runs/"),
        ...expireIfConfigured(storage, "runs/"),
        expire("predictions/", predictionDays),
        expire("aws/lambda/", predictionDays),
    ];
}

/**
 * Artifacts move to cheaper storage, and never go: no prefix says which of them an endpoint was created from, and SageMaker reads the
 * artifact again whenever a container starts.
 */
export function buildModelsRules(storage: StorageConfig): readonly LifecycleRule[] {
    return [cleanUp(storage), archive(storage)];
}

/** Access logs are kept as long as the other logs. */
export function buildLogsRules(storage: StorageConfig, logRetentionDays: number): readonly LifecycleRule[] {
    return [cleanUp(storage), { id: "expire", status: "Enabled", filter: {}, expiration: { days: logRetentionDays } }];
}

/** What a versioned bucket needs so as not to grow for ever. */
function cleanUp({ noncurrentDays }: StorageConfig): LifecycleRule {
    return {
        id: "clean-up",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays },
        // Of an object that expired, the mark of its deletion is left when its last version has gone.
        expiration: { expiredObjectDeleteMarker: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_UPLOAD_DAYS },
    };
}

/**
 * Glacier Instant Retrieval: what is archived can still be trained on and served. From the other Glacier classes it would have to be
 * restored first, and the run on schedule, or the container that starts, would fail.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
 */
function archive({ infrequentAccessDays, archiveDays }: StorageConfig, prefix?: string): LifecycleRule {
    return {
        id: "archive",
        status: "Enabled",
        filter: prefix === undefined ? {} : { prefix },
        transitions: [
            { days: infrequentAccessDays, storageClass: "STANDARD_IA" },
            { days: archiveDays, storageClass: "GLACIER_IR" },
        ],
    };
}

function expireIfConfigured({ expireDays }: StorageConfig, prefix: string): readonly LifecycleRule[] {
    return expireDays === undefined ? [] : [expire(prefix, expireDays)];
}

function expire(prefix: string, days: number): LifecycleRule {
    return { id: `expire-${prefix.replace(/\/$/, "").replaceAll("/", "-")}`, status: "Enabled", filter: { prefix }, expiration: { days } };
}
