/** Files that Pulumi keeps in backends of its own kind: folders, and buckets of S3. */
import { readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Backend } from "./backend.ts";

/** Where the state of a stack lies. */
export interface StackPlace {
    readonly backend: Backend;
    readonly project: string;
    readonly stack: string;
    /** Looks into a backend in S3; without it nothing is seen there. */
    readonly s3?: Pick<S3Client, "send"> | undefined;
}

export interface StoredFile {
    readonly name: string;
    /** Undefined when somebody has removed it between the list and the read. */
    read(): Promise<string | undefined>;
    remove(): Promise<void>;
}

/** Files of a folder of the backend (`.pulumi/locks/...`) whose names begin so; none in a backend that cannot be looked into. */
export async function listFiles({ backend, s3 }: StackPlace, folder: string, beginning = ""): Promise<readonly StoredFile[]> {
    if (backend.kind === "file") return listFolder(path.join(backend.folder, folder), beginning);
    if (backend.kind === "s3" && s3 !== undefined) return listBucket(s3, backend.bucket, `${backend.prefix}${folder}/${beginning}`);
    return [];
}

async function listFolder(folder: string, beginning: string): Promise<readonly StoredFile[]> {
    const names = await readdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
    });
    return names.filter((name) => name.startsWith(beginning)).map((name) => ({
        name,
        read: () => readFile(path.join(folder, name), "utf8").catch((error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
            throw error;
        }),
        remove: () => rm(path.join(folder, name), { force: true }),
    }));
}

async function listBucket(s3: Pick<S3Client, "send">, bucket: string, prefix: string): Promise<readonly StoredFile[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => ({
        name: path.posix.basename(Key),
        read: () => readObject(s3, bucket, Key),
        remove: async () => void await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
    }));
}

async function readObject(s3: Pick<S3Client, "send">, bucket: string, key: string): Promise<string | undefined> {
    try {
        return await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString();
    } catch (error) {
        if ((error as Error).name === "NoSuchKey") return undefined;
        throw error;
    }
}
