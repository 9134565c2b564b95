/** The state of a stack for whoever only looks: read where it lies, or by a CLI that is there already. None is installed for it. */
import { setTimeout as delay } from "node:timers/promises";
import type { AwsTarget } from "../../aws.ts";
import { OperatorError } from "../../errors.ts";
import { parseBackend } from "../../engine/pulumi/backend.ts";
import { listFiles } from "../../engine/pulumi/backendFiles.ts";
import type { StackPlace } from "../../engine/pulumi/backendFiles.ts";
import type { StackExport } from "../../engine/pulumi/checkpoint.ts";
import { readCheckpointFile } from "../../engine/pulumi/checkpointFile.ts";
import { findBackend, placeOf } from "../../locks/backendUrl.ts";
import { parseS3Backend } from "../../locks/s3Backend.ts";
import { describeSilence } from "../account/asking.ts";

export interface StateSource {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly project: string;
    /** The Pulumi stack. */
    readonly stack: string;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    /** Of a backend in S3, where its URL says nothing about it. */
    readonly target: AwsTarget;
    /** Nobody is asked: only a state on this disk is read. */
    readonly isOffline: boolean;
}

/** What `pulumi stack export` would give of a stack that has none. */
const NO_STATE: StackExport = { version: 3, deployment: null };
/** A state that somebody writes at the moment is half a file for an instant. */
const ATTEMPTS = 3;
const PAUSE_MS = 250;

/**
 * Empty when the backend has no such stack.
 *
 * @throws Error that says why the state is not known: no backend is chosen, it may not be read, or only a CLI could read it
 */
export async function findState(source: StateSource): Promise<StackExport> {
    const { projectFolder, project, stack, environment, target, isOffline } = source;
    const found = await findBackend({ projectFolder, environment });
    const backend = parseBackend(found.url, projectFolder);
    if (isOffline && backend.kind !== "file") throw new Error(`it lies in ${placeOf(found)}, and --offline asks nobody`);
    const s3 = backend.kind === "s3" ? new (await import("@aws-sdk/client-s3")).S3Client(parseS3Backend(found.url, target).client) : undefined;
    try {
        const known = await readWhereItLies({ backend, project, stack, s3 });
        if (known !== undefined) return known;
    } catch (error) {
        if (error instanceof OperatorError) throw error;
        throw new Error(`it could not be read in ${placeOf(found)}: ${describeReading(error)}`, { cause: error });
    } finally {
        s3?.destroy();
    }
    return askCli(source, placeOf(found));
}

/** Undefined when only the CLI can tell. */
async function readWhereItLies(place: StackPlace): Promise<StackExport | undefined> {
    for (let attempt = 1; ; attempt++) {
        const state = await readCheckpointFile(place);
        if (state !== undefined) return state;
        if (await isAbsent(place)) return NO_STATE;
        if (attempt === ATTEMPTS || (place.backend.kind !== "file" && place.backend.kind !== "s3")) return undefined;
        await delay(PAUSE_MS);
    }
}

/**
 * Whether the backend has no such stack, in whatever form. Stacks of older backends lie beside the folders of the projects.
 * Source: `StackBasePath` in https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/store.go.
 */
async function isAbsent(place: StackPlace): Promise<boolean> {
    if (place.backend.kind !== "file" && place.backend.kind !== "s3") return false;
    const folders = [`.pulumi/stacks/${place.project}`, ".pulumi/stacks"];
    const files = await Promise.all(folders.map((folder) => listFiles(place, folder, `${place.stack}.json`)));
    return files.flat().every(({ name }) => !/\.json(\.gz|\.zst)?$/.test(name));
}

/** The CLI reads every backend that there is; what runs it is loaded only for those that need it. */
async function askCli({ projectFolder, stack, environment, isOffline }: StateSource, place: string): Promise<StackExport> {
    const { isRecentEnough, lookOnPath } = await import("../../engine/pulumi/cli.ts");
    const cli = isOffline ? undefined : await lookOnPath(environment);
    if (cli === undefined || !isRecentEnough(cli.version)) {
        const lack = isOffline ? "--offline asks nobody" : "there is no recent one on PATH";
        throw new Error(`only the Pulumi CLI can read it in ${place}, and ${lack}`);
    }
    const [{ CommandRunner }, { StackNotFoundError }] = await Promise.all([
        import("../../engine/pulumi/command.ts"), import("@pulumi/pulumi/automation/errors.js"),
    ]);
    try {
        const args = ["stack", "export", "--stack", stack];
        return JSON.parse(await new CommandRunner(cli, environment).read(args, { folder: projectFolder, environment: {} })) as StackExport;
    } catch (error) {
        if (error instanceof StackNotFoundError) return NO_STATE;
        throw new Error(`the Pulumi CLI could not read it in ${place}: ${findReason(error)}`, { cause: error });
    }
}

/** What stands behind `error:` in the CLI's own words. */
function findReason(error: unknown): string {
    const text = error instanceof Error ? error.message : String(error);
    return /error: (.+)/.exec(text)?.[1] ?? text.split("\n")[0] ?? "";
}

/** A folder's error names the file; a bucket's is told as those of the account are. */
function describeReading(error: unknown): string {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EACCES" || code === "ENOTDIR" || code === "EPERM") return message;
    return describeSilence("s3:ListBucket or s3:GetObject", error).message;
}
