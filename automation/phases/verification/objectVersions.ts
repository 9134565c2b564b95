import { DeleteObjectsCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { AwsClients } from "../../aws.ts";

/** Deletes all versions, and the marks of earlier deletions, of the objects below the prefix. How many there were. */
export async function deleteVersions({ s3 }: AwsClients, { bucket, prefix }: { readonly bucket: string; readonly prefix: string }): Promise<number> {
    let deleted = 0;
    for (;;) {
        // What was listed is deleted, so the next page is the first again.
        const { Versions = [], DeleteMarkers = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
        const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
        if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
        deleted += Objects.length;
        if (IsTruncated !== true || Objects.length === 0) return deleted;
    }
}
