/** Which Pulumi CLI is used: the one on PATH when it is recent enough, otherwise one of our own. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import semver from "semver";
import { OperatorError } from "../../errors.ts";
import { withoutSecretVariables } from "../../secretVariables.ts";

/** What everything here was tried on, and what is installed. An older one was not compared; the next major version may speak another protocol. */
export const TRIED_VERSION = "3.259.0";
const ACCEPTED = `^${TRIED_VERSION}`;
const FILE_NAME = process.platform === "win32" ? "pulumi.exe" : "pulumi";
const VERSION_LIMIT_MS = 30_000;
const MS_PER_SECOND = 1_000;
/** Hundred megabytes over a slow line. */
const INSTALL_LIMIT_MS = 180_000;

/** Which CLI an engine runs. */
export interface Cli {
    readonly version: string;
    /** Absolute. */
    readonly path: string;
}

export interface CliSearch {
    /** Ours is installed below its `.firstlight` folder. */
    readonly projectFolder: string;
    /** Its PATH is looked at. */
    readonly environment: NodeJS.ProcessEnv;
    /** What was found there, by whoever looked already. @default it is looked at */
    readonly onPath?: Promise<Cli | undefined> | undefined;
    /** Whether one is downloaded when there is none. @default true */
    readonly installs?: boolean;
    /** Program that is run with the folder to install into; for tests. @default the Automation API's own installation */
    readonly installer?: string;
    /** @default 3 minutes */
    readonly installLimitMs?: number;
}

/** @throws OperatorError when there is none and none can be installed, with what to do. */
export async function findCli(search: CliSearch): Promise<Cli> {
    const onPath = await (search.onPath ?? lookOnPath(search.environment));
    if (onPath !== undefined && isRecentEnough(onPath.version)) return onPath;
    const root = path.join(search.projectFolder, ".firstlight", "pulumi", TRIED_VERSION);
    // Where an installation puts it.
    const own = path.join(root, "bin", FILE_NAME);
    const installed = await lookAt(own, search.environment);
    if (installed !== undefined) return installed;
    const found = onPath === undefined
        ? "there is no Pulumi CLI on PATH"
        : `the Pulumi CLI on PATH is ${onPath.version}; ${TRIED_VERSION} or a later ${semver.major(TRIED_VERSION)}.x is needed`;
    if (search.installs === false) throw new OperatorError(`${found}, and this command installs none`, describeFix(root));
    mkdirSync(root, { recursive: true });
    const problem = await install(search.installer ?? path.join(import.meta.dirname, "installCli.ts"), root, search);
    const made = problem === undefined ? await lookAt(own, search.environment) : undefined;
    if (made !== undefined) return made;
    const why = problem ?? "the installation left no CLI";
    throw new OperatorError(`${found}, and ${TRIED_VERSION} could not be installed: ${why}`, describeFix(root));
}

/** Whether the engine works with a CLI of this version. */
export function isRecentEnough(version: string): boolean {
    return semver.satisfies(version, ACCEPTED);
}

/** The first that PATH leads to. Takes a fifth of a second; never throws. */
export async function lookOnPath(environment: NodeJS.ProcessEnv): Promise<Cli | undefined> {
    const folders = (environment["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
    const file = folders.map((folder) => path.resolve(folder, FILE_NAME)).find((candidate) => existsSync(candidate));
    return file === undefined ? undefined : lookAt(file, environment);
}

/** Undefined when it is not there, or is something else. */
async function lookAt(file: string, environment: NodeJS.ProcessEnv): Promise<Cli | undefined> {
    try {
        const options = { timeout: VERSION_LIMIT_MS, env: { ...withoutSecretVariables(environment), PULUMI_SKIP_UPDATE_CHECK: "true" } };
        const { stdout } = await promisify(execFile)(file, ["version"], options);
        return { version: stdout.trim().replace(/^v/, ""), path: file };
    } catch {
        return undefined;
    }
}

/**
 * In a process of its own, since it cannot be stopped otherwise, and without secrets: it runs what it downloads. It goes through the proxy of the
 * environment, as the installation itself does. Gives what went wrong.
 */
function install(installer: string, root: string, search: CliSearch): Promise<string | undefined> {
    const { environment, installLimitMs: limitMs = INSTALL_LIMIT_MS } = search;
    const child = spawn(process.execPath, [installer, root, TRIED_VERSION], { stdio: ["ignore", "ignore", "pipe"], detached: true, env: { ...withoutSecretVariables(environment), NODE_USE_ENV_PROXY: "1" } });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => { errors += text; });
    return new Promise((resolve) => {
        let problem: string | undefined;
        const timer = setTimeout(() => {
            problem = `it did not end within ${Math.round(limitMs / MS_PER_SECOND)} s`;
            // The whole group: the installation is a shell that downloads.
            if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        }, limitMs);
        child.on("exit", (code) => {
            clearTimeout(timer);
            resolve(problem ?? (code === 0 ? undefined : errors.trim().split("\n").at(-1) ?? ""));
        });
    });
}

function describeFix(root: string): string {
    return [
        `install Pulumi ${TRIED_VERSION} (https://www.pulumi.com/docs/install/) and put it on PATH, for example:`,
        `    curl -fsSL https://get.pulumi.com | sh -s -- --version ${TRIED_VERSION} --install-root ${root} --no-edit-path`,
        `    export PATH="${path.join(root, "bin")}:$PATH"`,
        `  or take the CLI from npm: npx --yes pulumi@${TRIED_VERSION} version downloads it below ~/.pulumi; put its bin folder on PATH`,
        "  without internet: copy the CLI of another machine into that folder",
    ].join("\n");
}
