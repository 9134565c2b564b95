/** Where artifacts are read from: S3, by ranges, or memory. */
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { parseS3Url } from "../../../lambdas/shared/store.ts";
import type { ArtifactSource } from "../rule.ts";

/** Undefined when there is no such object. */
export async function openS3Artifact(s3: S3Client, url: string): Promise<ArtifactSource | undefined> {
    const { bucket, key } = parseS3Url(url);
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
        if (error instanceof Error && (error.name === "NotFound" || error.name === "NoSuchBucket")) return undefined;
        throw error;
    });
    if (head === undefined) return undefined;
    return {
        url,
        sizeBytes: head.ContentLength ?? 0,
        async read(offset, length) {
            const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${offset}-${offset + length - 1}` }));
            return await Body?.transformToByteArray() ?? new Uint8Array();
        },
    };
}

export function openMemoryArtifact(url: string, bytes: Uint8Array): ArtifactSource {
    return { url, sizeBytes: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}
