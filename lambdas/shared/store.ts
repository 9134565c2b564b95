/** Objects in S3 by `s3://` URL: small documents whole, large files as streams. */
import type { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

export interface ObjectLocation {
    readonly bucket: string;
    readonly key: string;
    /** Absent: the newest. */
    readonly versionId?: string;
}

/** `s3://<bucket>/<key>`. */
export function buildS3Url({ bucket, key }: ObjectLocation): string {
    return `s3://${bucket}/${key}`;
}

/** Throws when the text is no `s3://` URL with a bucket and a key. */
export function parseS3Url(url: string): ObjectLocation {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url) ?? [];
    if (bucket === undefined || key === undefined) throw new Error(`${JSON.stringify(url)} is not an s3://bucket/key URL`);
    return { bucket, key };
}

/** Reads a JSON document. Throws the SDK's errors, and names the object when its text is not JSON. */
export async function readJson<Document>(s3: S3Client, url: string, signal?: AbortSignal): Promise<Document> {
    const { bucket, key } = parseS3Url(url);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), signal === undefined ? {} : { abortSignal: signal });
    const text = (await Body?.transformToString()) ?? "";
    try {
        return JSON.parse(text) as Document;
    } catch (error) {
        throw new Error(`${url} is not JSON: ${(error as Error).message}`, { cause: error });
    }
}

/** Writes a JSON document; the bucket's default encrypts it. */
export async function writeJson(s3: S3Client, url: string, document: unknown): Promise<void> {
    const { bucket, key } = parseS3Url(url);
    const Body = JSON.stringify(document, undefined, 2);
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/json" }));
}

/** Opens an object's bytes, of one version. */
export async function openObject(s3: S3Client, location: ObjectLocation): Promise<Readable> {
    const { bucket, key, versionId } = location;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }));
    return Body as Readable;
}
