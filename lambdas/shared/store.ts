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

/**
 * Connections that may break while one object is read: two gigabytes take minutes, and S3 does not promise to hold a connection so long.
 */
const MAX_BREAKS = 4;

/**
 * Opens an object's bytes, of one version. A connection that breaks is replaced by one that reads on where it broke.
 * Throws the SDK's errors, here when the object cannot be opened, and while reading when connections keep breaking.
 */
export async function openObject(s3: S3Client, location: ObjectLocation): Promise<AsyncIterable<Uint8Array>> {
    return readOn(await getBody(s3, location, 0), (offset) => getBody(s3, location, offset));
}

async function getBody(s3: S3Client, { bucket, key, versionId }: ObjectLocation, offset: number): Promise<Readable> {
    const version = versionId === undefined ? {} : { VersionId: versionId };
    const range = offset === 0 ? {} : { Range: `bytes=${offset}-` };
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version, ...range }));
    return Body as Readable;
}

async function* readOn(body: AsyncIterable<Uint8Array>, reopen: (offset: number) => Promise<Readable>): AsyncGenerator<Uint8Array> {
    let source = body;
    let offset = 0;
    for (let breaks = 0; ; breaks++) {
        try {
            for await (const chunk of source) {
                offset += chunk.length;
                yield chunk;
            }
            return;
        } catch (error) {
            if (breaks === MAX_BREAKS) throw error;
            source = await reopen(offset);
        }
    }
}
