/** Empties a versioned bucket: every version, every marker, every upload that was never completed. */
import { AbortMultipartUploadCommand, DeleteObjectsCommand, ListMultipartUploadsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { ObjectIdentifier } from "@aws-sdk/client-s3";
import { CloudRefusal } from "../../errors.ts";
import { unlessGone } from "../owned/search.ts";
import type { RemovalContext } from "./remover.ts";

type Emptying = Pick<RemovalContext, "clients" | "signal" | "progress">;

/** How often somebody hears of a long deletion. */
const PROGRESS_EVERY = 20_000;

/**
 * How many versions and markers were deleted; none for a bucket that is not there.
 *
 * @throws CloudRefusal for an object that S3 keeps (a lock, a policy)
 */
export async function emptyBucket(bucket: string, context: Emptying): Promise<number> {
    let deleted = 0;
    for (;;) {
        context.signal.throwIfAborted();
        // The first page again and again: what was on it has gone.
        const objects = await listPage(bucket, context);
        if (objects.length === 0) break;
        await deletePage(bucket, objects, context);
        if (Math.floor((deleted + objects.length) / PROGRESS_EVERY) > Math.floor(deleted / PROGRESS_EVERY)) {
            context.progress(`emptying bucket ${bucket}: ${deleted + objects.length} versions and markers so far`);
        }
        deleted += objects.length;
    }
    await abortUploads(bucket, context);
    return deleted;
}

/** At most a thousand, which is as many as one call deletes. */
async function listPage(Bucket: string, { clients }: Emptying): Promise<readonly ObjectIdentifier[]> {
    const page = await unlessGone(() => clients.aws.s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1000 })));
    return [...page?.Versions ?? [], ...page?.DeleteMarkers ?? []].map(({ Key, VersionId }) => ({ Key, VersionId }));
}

async function deletePage(Bucket: string, objects: readonly ObjectIdentifier[], { clients }: Emptying): Promise<void> {
    const { Errors = [] } = await clients.aws.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [...objects], Quiet: true } }));
    const [first] = Errors;
    if (first === undefined) return;
    const { Key = "", VersionId = "none", Code = "", Message = "" } = first;
    throw new CloudRefusal(
        `S3 keeps ${Errors.length} objects of bucket ${Bucket}, the first ${Key} (version ${VersionId}): ${Code} ${Message}`,
        "take away the object lock or the policy that keeps them, then run the same command again",
    );
}

async function abortUploads(Bucket: string, { clients: { aws: { s3 } } }: Emptying): Promise<void> {
    for (;;) {
        const page = await unlessGone(() => s3.send(new ListMultipartUploadsCommand({ Bucket })));
        const uploads = page?.Uploads ?? [];
        for (const { Key, UploadId } of uploads) await unlessGone(() => s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
        if (uploads.length === 0 || page?.IsTruncated !== true) return;
    }
}
