/** Locks of the Pulumi engine in the backends that it keeps itself, a file for each run. Source: `pkg/backend/diy/lock.go` of Pulumi. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
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
export async function readEngineLocks({ backend, project, stack, s3 }: LockPlace): Promise<readonly EngineLock[]> {
    const folder = [".pulumi", "locks", ORGANIZATION, project, stack].join("/");
    if (backend.kind === "file") return parseLocks(await readFolder(path.join(backend.folder, folder)));
    if (backend.kind === "s3" && s3 !== undefined) return parseLocks(await readBucket(s3, backend.bucket, `${backend.prefix}${folder}/`));
    return [];
}

async function readFolder(folder: string): Promise<readonly string[]> {
    const names = await readdir(folder).catch(noneWhenGone);
    const files = names.filter((name) => name.endsWith(".json")).map((name) => path.join(folder, name));
    const texts = files.map((file) => readFile(file, "utf8").then((text) => [text], noneWhenGone));
    return (await Promise.all(texts)).flat();
}

async function readBucket(s3: Pick<S3Client, "send">, bucket: string, prefix: string): Promise<readonly string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const texts = Contents.map(async ({ Key = "" }) => {
        try {
            const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
            return Body === undefined ? [] : [await Body.transformToString()];
        } catch (error) {
            // Its owner ended between the list and the read.
            if ((error as Error).name === "NoSuchKey") return [];
            throw error;
        }
    });
    return (await Promise.all(texts)).flat();
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
