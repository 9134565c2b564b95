/** Locks of the Pulumi engine in the backends that it keeps itself, a file for each run. Source: `pkg/backend/diy/lock.go` of Pulumi. */
import { readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import type { EngineLock } from "../engine.ts";
import type { Backend } from "./backend.ts";

/** What every stack of such a backend belongs to. */
const ORGANIZATION = "organization";

interface LockFile { readonly pid?: number; readonly username?: string; readonly hostname?: string; readonly timestamp?: string }

export interface LockPlace {
    readonly backend: Backend;
    readonly project: string;
    readonly stack: string;
    /** Reads locks in S3; without it those are not seen. */
    readonly s3?: Pick<S3Client, "send"> | undefined;
}

/** Empty for backends that keep no lock files: a service knows its own. */
export async function readEngineLocks(place: LockPlace): Promise<readonly EngineLock[]> {
    const files = await listLockFiles(place);
    return parseLocks((await Promise.all(files.map((file) => file.read()))).flat());
}

/** `pulumi cancel` knows no stack whose state is gone, and leaves its locks; the next run that makes the stack anew would meet them. */
export async function removeEngineLocks(place: LockPlace): Promise<void> {
    for (const file of await listLockFiles(place)) await file.remove();
}

interface StoredLock {
    /** Nothing when its owner has removed it between the list and the read. */
    read(): Promise<readonly string[]>;
    remove(): Promise<void>;
}

async function listLockFiles({ backend, project, stack, s3 }: LockPlace): Promise<readonly StoredLock[]> {
    const folder = [".pulumi", "locks", ORGANIZATION, project, stack].join("/");
    if (backend.kind === "file") return listFolder(path.join(backend.folder, folder));
    if (backend.kind === "s3" && s3 !== undefined) return listBucket(s3, backend.bucket, `${backend.prefix}${folder}/`);
    return [];
}

async function listFolder(folder: string): Promise<readonly StoredLock[]> {
    const names = await readdir(folder).catch(noneWhenGone);
    const files = names.filter((name) => name.endsWith(".json")).map((name) => path.join(folder, name));
    return files.map((file) => ({
        read: () => readFile(file, "utf8").then((text) => [text], noneWhenGone),
        remove: () => rm(file, { force: true }),
    }));
}

async function listBucket(s3: Pick<S3Client, "send">, bucket: string, prefix: string): Promise<readonly StoredLock[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    return Contents.map(({ Key = "" }) => ({
        read: () => readObject(s3, bucket, Key),
        remove: async () => void await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
    }));
}

async function readObject(s3: Pick<S3Client, "send">, bucket: string, key: string): Promise<readonly string[]> {
    try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body === undefined ? [] : [await Body.transformToString()];
    } catch (error) {
        if ((error as Error).name === "NoSuchKey") return [];
        throw error;
    }
}

/** A lock whose file is still empty, or was cut off when its writer was killed, has an owner that nobody knows. */
function parseLocks(texts: readonly string[]): readonly EngineLock[] {
    return texts.map((text) => {
        const { pid, hostname, username, timestamp } = parseLock(text);
        const user = username === undefined ? {} : { user: username };
        return { host: hostname ?? "", pid: pid ?? 0, since: new Date(timestamp ?? 0), ...user };
    });
}

function parseLock(text: string): LockFile {
    try {
        return JSON.parse(text) as LockFile;
    } catch {
        return {};
    }
}

function noneWhenGone(error: unknown): never[] {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
}
