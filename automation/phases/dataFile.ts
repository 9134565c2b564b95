/** Brings the data file into the raw bucket, where a new version starts a pipeline run. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { AwsClients } from "../aws.ts";
import { OperatorError } from "../errors.ts";

/** Where the SHA-256 of the whole file stands in the object's metadata. S3's own checksum of a multi-part upload is another one. */
const HASH_METADATA = "sha256";
/** Largest object of one PutObject. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const MAX_BYTES = 5 * 1024 ** 3;

export interface DataFile {
    readonly path: string;
    readonly bytes: number;
    /** SHA-256 in base 64. */
    readonly hash: string;
}

export interface DataVersion {
    readonly bucket: string;
    readonly key: string;
    readonly versionId: string;
    /** Absent for an object that somebody else uploaded. */
    readonly hash?: string;
    /** When it was uploaded, for a version that was found. */
    readonly uploadedAt?: Date;
}

/** @throws OperatorError when the file does not exist, is empty, or is too large for one upload. */
export async function describeDataFile(file: string): Promise<DataFile> {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true) throw new OperatorError(`data file ${file} does not exist`, "give a CSV file with --data");
    if (found.size === 0) throw new OperatorError(`data file ${file} is empty`, "give a CSV file with a header and rows");
    if (found.size > MAX_BYTES) {
        throw new OperatorError(`data file ${file} has ${found.size} bytes, but one upload takes ${MAX_BYTES}`, "upload it with `aws s3 cp` to the raw bucket's data prefix");
    }
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return { path: file, bytes: found.size, hash: hash.digest("base64") };
}

/** `data/` and the file's name. */
export function keyOfDataFile(dataPrefix: string, file: string): string {
    return `${dataPrefix}${path.basename(file)}`;
}

/** The newest version of the object, or undefined when there is none. */
export async function findLatestVersion({ s3 }: AwsClients, bucket: string, key: string): Promise<DataVersion | undefined> {
    try {
        const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        const hash = head.Metadata?.[HASH_METADATA];
        const uploadedAt = head.LastModified === undefined ? {} : { uploadedAt: head.LastModified };
        return { bucket, key, versionId: head.VersionId ?? "", ...(hash === undefined ? {} : { hash }), ...uploadedAt };
    } catch (error) {
        if (error instanceof Error && error.name === "NotFound") return undefined;
        throw error;
    }
}

/** Uploads the file; S3 refuses it when what arrives has another checksum. */
export async function uploadDataFile({ s3 }: AwsClients, file: DataFile, place: { bucket: string; key: string }): Promise<DataVersion> {
    const answer = await s3.send(new PutObjectCommand({
        Bucket: place.bucket,
        Key: place.key,
        Body: createReadStream(file.path),
        ContentLength: file.bytes,
        ContentType: "text/csv",
        ChecksumSHA256: file.hash,
        Metadata: { [HASH_METADATA]: file.hash },
    }));
    if (answer.VersionId === undefined) throw new OperatorError(`bucket ${place.bucket} keeps no versions`, "run the phase `up`: the program switches versioning on");
    return { ...place, versionId: answer.VersionId, hash: file.hash };
}
