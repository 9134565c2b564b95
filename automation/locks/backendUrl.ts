/** Where Pulumi keeps the state: found as the CLI finds it (GetCurrentCloudURL in pkg/workspace/creds.go of pulumi/pulumi). */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { OperatorError } from "../errors.ts";

export interface Backend {
    readonly url: string;
    /** Who says so, for people. */
    readonly source: "PULUMI_BACKEND_URL" | "Pulumi.yaml" | "pulumi login" | "PULUMI_ACCESS_TOKEN";
}

export interface BackendOptions {
    /** Folder that holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly environment: NodeJS.ProcessEnv;
}

/** For people: without the settings of its client. */
export function placeOf({ url }: Backend): string {
    return url.split("?")[0] ?? url;
}

/** Where a token without a login leads: pkg/backend/httpstate of pulumi/pulumi. */
const SERVICE_URL = "https://api.pulumi.com";

/** @throws OperatorError when nothing says it, or what `pulumi login` left cannot be read */
export async function findBackend(options: BackendOptions): Promise<Backend> {
    const found = await lookForBackend(options);
    if (found !== undefined) return found;
    throw new OperatorError("no Pulumi backend is chosen", "set PULUMI_BACKEND_URL=s3://BUCKET?region=REGION (`node automation/deploy.ts bootstrap` makes one), or `pulumi login`");
}

/** Undefined when nothing says it. @throws OperatorError when what `pulumi login` left cannot be read */
export async function lookForBackend({ projectFolder, environment }: BackendOptions): Promise<Backend | undefined> {
    const fromEnvironment = environment["PULUMI_BACKEND_URL"];
    if (isText(fromEnvironment)) return { url: fromEnvironment, source: "PULUMI_BACKEND_URL" };
    const fromProject = await readProjectUrl(projectFolder);
    if (fromProject !== undefined) return { url: fromProject, source: "Pulumi.yaml" };
    const fromLogin = await readLogin(environment);
    if (fromLogin !== undefined) return { url: fromLogin, source: "pulumi login" };
    if (isText(environment["PULUMI_ACCESS_TOKEN"])) return { url: environment["PULUMI_API"] || SERVICE_URL, source: "PULUMI_ACCESS_TOKEN" };
    return undefined;
}

async function readProjectUrl(projectFolder: string): Promise<string | undefined> {
    const text = await readIfThere(path.join(projectFolder, "Pulumi.yaml"));
    const project = parse(text ?? "") as { backend?: { url?: unknown } } | null;
    const url = project?.backend?.url;
    return isText(url) ? url : undefined;
}

/** Only the name of the backend is taken from the file; the tokens beside it are left alone. */
async function readLogin(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
    const folder = environment["PULUMI_CREDENTIALS_PATH"] || environment["PULUMI_HOME"] || path.join(environment["HOME"] || homedir(), ".pulumi");
    const file = path.join(folder, "credentials.json");
    const text = await readIfThere(file);
    if (text === undefined) return undefined;
    try {
        const { current } = JSON.parse(text) as { current?: unknown };
        if (isText(current)) return current;
    } catch (error) {
        throw new OperatorError(`${file} cannot be read as JSON`, "set PULUMI_BACKEND_URL, or `pulumi login` again", { cause: error });
    }
    // Newer CLIs may encrypt the file as a whole; which backend is chosen then stands in it and cannot be told from here.
    if (/"(ciphertext|backend|version)"/.test(text)) throw new OperatorError(`${file} is encrypted`, "set PULUMI_BACKEND_URL to the backend that `pulumi whoami -v` names");
    return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
    return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
        throw new OperatorError(`${file} cannot be read: ${error.message}`, "set PULUMI_BACKEND_URL, or give this user the right to read it", { cause: error });
    });
}

function isText(value: unknown): value is string {
    return typeof value === "string" && value !== "";
}
