/** The lock store that belongs to a Pulumi backend. */
import { homedir } from "node:os";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { AwsTarget } from "../aws.ts";
import { OperatorError } from "../errors.ts";
import { createFileLockStore } from "./fileLockStore.ts";
import type { LockStore } from "./lock.ts";
import { createS3LockStore } from "./s3LockStore.ts";
import { parseS3Backend } from "./s3Backend.ts";

export interface LockStoreOptions {
    /** As Pulumi takes it: `file://...`, `s3://...`, `https://...`. */
    readonly backendUrl: string;
    readonly project: string;
    /** The Pulumi stack, with the suffix of a pull request's environment. */
    readonly stack: string;
    /** Where a relative `file://` URL begins: the folder in which the CLI is run. */
    readonly projectFolder: string;
    /** Region, credentials and endpoint of an `s3://` backend, where its URL says nothing about them. */
    readonly aws?: AwsTarget;
}

/** @throws OperatorError when the URL is none that Pulumi takes */
export function lockStoreOf(options: LockStoreOptions): LockStore {
    const { backendUrl } = options;
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(backendUrl)?.[1];
    switch (scheme) {
        case "file":
            return fileStore(options);
        case "s3":
            return s3Store(options);
        case "http":
        case "https":
            return withoutLocks(backendUrl, "Pulumi Cloud keeps two updates of a stack apart by itself; phases that ask AWS alone (train, verify) are not kept apart");
        case undefined:
            throw new OperatorError(`PULUMI_BACKEND_URL ${JSON.stringify(backendUrl)} has no scheme`, "write it as s3://BUCKET?region=REGION, file://FOLDER or https://api.pulumi.com");
        default:
            return withoutLocks(backendUrl, `no lock of our own in ${scheme}:// backends: two drivers that start at once meet Pulumi's lock alone, which checks and then writes`);
    }
}

/** Resolves `~` and relative paths as the CLI does. */
export function backendFolder(backendUrl: string, projectFolder: string): string {
    const [place = ""] = backendUrl.slice("file://".length).split("?");
    if (place === "~") return homedir();
    return place.startsWith("~/") ? path.join(homedir(), place.slice(2)) : path.resolve(projectFolder, place);
}

function fileStore({ backendUrl, projectFolder, ...lock }: LockStoreOptions): LockStore {
    const folder = backendFolder(backendUrl, projectFolder);
    return createFileLockStore({ backendFolder: folder, folder: path.join(folder, ...placeOf(lock)) });
}

function s3Store({ backendUrl, aws, ...lock }: LockStoreOptions): LockStore {
    const backend = parseS3Backend(backendUrl, aws);
    const key = [backend.prefix, ...placeOf(lock)].filter((part) => part !== "").join("/");
    return createS3LockStore({ client: new S3Client(backend.client), bucket: backend.bucket, key: `${key}.json`, isForeign: backend.isForeign });
}

/** Names as parts of a path: none may lead out of the folder. */
function placeOf({ project, stack }: Pick<LockStoreOptions, "project" | "stack">): readonly string[] {
    return [".firstlight", "locks", ...[project, stack].map((name) => encodeURIComponent(name).replace(/^\.+$/, (dots) => "%2E".repeat(dots.length)))];
}

/** Lets everybody through. */
function withoutLocks(place: string, gap: string): LockStore {
    return {
        place, gap,
        acquire: async (owner) => ({ held: { owner, release: async () => {} } }),
        read: async () => undefined,
        remove: async () => undefined,
    };
}
