/** Where the state of a stack is kept, and the engine's locks with it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { backendFolder } from "../../locks/lockStore.ts";

/** A backend that Pulumi itself keeps (`file`, `s3`: locks can be read), another bucket, or a service. */
export type Backend =
    | { readonly kind: "file"; readonly folder: string }
    /** The prefix is empty or ends with a slash. */
    | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string }
    | { readonly kind: "bucket" }
    | { readonly kind: "service" };

const BUCKET_SCHEMES = new Set(["azblob:", "gs:", "postgres:"]);
const SERVICE: Backend = { kind: "service" };

/** Source: `massageBlobPath` in `pkg/backend/diy/backend.go` of Pulumi. */
export function parseBackend(url: string, projectFolder: string): Backend {
    if (!URL.canParse(url)) return SERVICE;
    const { protocol, hostname, pathname } = new URL(url);
    if (protocol === "s3:") return { kind: "s3", bucket: hostname, prefix: pathname.replace(/^\/+/, "").replace(/([^/])$/, "$1/") };
    if (BUCKET_SCHEMES.has(protocol)) return { kind: "bucket" };
    if (protocol !== "file:") return SERVICE;
    return { kind: "file", folder: backendFolder(url, projectFolder) };
}

/** Name of the project, as `Pulumi.yaml` says it. */
export async function readProjectName(projectFolder: string): Promise<string> {
    const text = await readFile(path.join(projectFolder, "Pulumi.yaml"), "utf8");
    return String((parse(text) as { name?: unknown }).name);
}
