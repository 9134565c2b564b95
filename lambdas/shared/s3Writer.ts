/** Writes objects of any size to S3 part by part; at most two parts are in memory. The bucket's default encrypts them. */
import {
    AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand,
    type CompletedPart, type S3Client,
} from "@aws-sdk/client-s3";
import type { FileWriter } from "./runFiles.ts";
import type { ObjectLocation } from "./store.ts";

/** Above S3's minimum of 5 MiB; 10,000 parts (S3's maximum) then hold 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;

/** A small file is put in one request; a larger one becomes a multipart upload. */
export function createS3Writer(s3: S3Client, location: ObjectLocation): FileWriter {
    return new S3Writer(s3, location);
}

class S3Writer implements FileWriter {
    readonly #s3: S3Client;
    readonly #target: { readonly Bucket: string; readonly Key: string };
    readonly #parts: CompletedPart[] = [];
    #chunks: Buffer[] = [];
    #bufferedBytes = 0;
    #totalBytes = 0;
    #uploadId: string | undefined;

    constructor(s3: S3Client, { bucket, key }: ObjectLocation) {
        this.#s3 = s3;
        this.#target = { Bucket: bucket, Key: key };
    }

    async write(text: string): Promise<void> {
        const chunk = Buffer.from(text);
        this.#chunks.push(chunk);
        this.#bufferedBytes += chunk.length;
        this.#totalBytes += chunk.length;
        if (this.#bufferedBytes >= PART_BYTES) await this.#uploadPart();
    }

    async close(): Promise<number> {
        if (this.#uploadId === undefined) {
            await this.#s3.send(new PutObjectCommand({ ...this.#target, Body: this.#takeBuffer(), ContentType: "text/csv" }));
            return this.#totalBytes;
        }
        if (this.#bufferedBytes > 0) await this.#uploadPart();
        const MultipartUpload = { Parts: this.#parts };
        await this.#s3.send(new CompleteMultipartUploadCommand({ ...this.#target, UploadId: this.#uploadId, MultipartUpload }));
        return this.#totalBytes;
    }

    async abort(): Promise<void> {
        this.#takeBuffer();
        if (this.#uploadId !== undefined) {
            await this.#s3.send(new AbortMultipartUploadCommand({ ...this.#target, UploadId: this.#uploadId }));
        }
    }

    async #uploadPart(): Promise<void> {
        this.#uploadId ??= await this.#start();
        const PartNumber = this.#parts.length + 1;
        const command = new UploadPartCommand({ ...this.#target, UploadId: this.#uploadId, PartNumber, Body: this.#takeBuffer() });
        const { ETag, ChecksumCRC32 } = await this.#s3.send(command);
        this.#parts.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
    }

    async #start(): Promise<string> {
        const { UploadId } = await this.#s3.send(new CreateMultipartUploadCommand({ ...this.#target, ContentType: "text/csv" }));
        if (UploadId === undefined) throw new Error(`S3 gave no upload id for s3://${this.#target.Bucket}/${this.#target.Key}`);
        return UploadId;
    }

    #takeBuffer(): Buffer {
        const body = Buffer.concat(this.#chunks);
        this.#chunks = [];
        this.#bufferedBytes = 0;
        return body;
    }
}
