/** Where the state of a stack is kept, and the engine's locks with it. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { parse } from "yaml";

/** A backend that Pulumi itself keeps (`file`, `s3`: locks can be read), another bucket, or a service. */
export type Backend =
    | { readonly kind: "file"; readonly folder: string }
    /** The prefix is empty or ends with a slash. */
    | { readonly kind: "s3"; readonly bucket: string; readonly prefix: string }
    | { readonly kind: "bucket" }
    | { readonly kind: "service" };

const BUCKET_SCHEMES = new Set(["azblob:", "gs:", "postgres:"]);
const SERVICE: Backend = { kind: "service" };

/** What the CLI takes: PULUMI_BACKEND_URL, else `backend.url` of `Pulumi.yaml`, else the login's URL. Undefined without a login. */
export async function findBackendUrl(projectFolder: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
    const { backendUrl } = await readProject(projectFolder);
    const home = environment["PULUMI_HOME"] ?? path.join(environment["HOME"] ?? homedir(), ".pulumi");
    return nonEmpty(environment["PULUMI_BACKEND_URL"]) ?? backendUrl ?? nonEmpty(await readLogin(path.join(home, "credentials.json")));
}

/** Relative folders begin at the project's, `~` at home. Source: `massageBlobPath` in `pkg/backend/diy/backend.go` of Pulumi. */
export function parseBackend(url: string | undefined, projectFolder: string): Backend {
    if (url === undefined || !URL.canParse(url)) return SERVICE;
    const { protocol, hostname, pathname } = new URL(url);
    if (protocol === "s3:") return { kind: "s3", bucket: hostname, prefix: pathname.replace(/^\/+/, "").replace(/([^/])$/, "$1/") };
    if (BUCKET_SCHEMES.has(protocol)) return { kind: "bucket" };
    if (protocol !== "file:") return SERVICE;
    const given = decodeURIComponent(url.slice("file://".length).split("?")[0] ?? "");
    const folder = given === "~" || given.startsWith("~/") ? path.join(homedir(), given.slice(1)) : path.resolve(projectFolder, given);
    return { kind: "file", folder };
}

/** Name and backend as `Pulumi.yaml` says them. */
export async function readProject(projectFolder: string): Promise<{ readonly name: string; readonly backendUrl: string | undefined }> {
    const text = await readFile(path.join(projectFolder, "Pulumi.yaml"), "utf8");
    const settings = parse(text) as { name?: unknown; backend?: { url?: unknown } };
    const url = settings.backend?.url;
    return { name: String(settings.name), backendUrl: typeof url === "string" ? nonEmpty(url) : undefined };
}

async function readLogin(file: string): Promise<string | undefined> {
    try {
        const { current } = JSON.parse(await readFile(file, "utf8")) as { current?: unknown };
        return typeof current === "string" ? current : undefined;
    } catch {
        // Nobody has logged in yet.
        return undefined;
    }
}

function nonEmpty(text: string | undefined): string | undefined {
    return text === "" ? undefined : text;
}
