/**
 * The Python packages of the rehearsal cloud, installed once into the project folder: pinned, each with its hashes.
 *
 * The folder is named after what determines its content, so a changed requirement or another Python makes a new one. A marker written
 * last says that the install was finished; one that was killed half way is done again.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { OperatorError } from "../errors.ts";

const run = promisify(execFile);
const REQUIREMENTS = path.join(import.meta.dirname, "cloud", "python", "requirements.txt");
const MARKER = "finished.json";
/** Measured: 356 MB installed on Linux x86_64 with Python 3.11, and the downloads beside them while pip works. */
const NEEDED_BYTES = 1.5e9;
const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const OLDEST = [3, 10] as const;
const LOCK_POLL_MS = 500;
const PIP_LOG_LINES = 15;

export interface PythonEnvironmentOptions {
    /** The project's folder; the packages go to `.firstlight/python/` in it. */
    readonly folder: string;
    /** Told what happens, with sizes and times, in lines for people. */
    readonly onProgress?: (line: string) => void;
}

export interface PythonEnvironment {
    /** Absolute path of the interpreter that sees the packages. */
    readonly python: string;
}

interface FoundPython {
    readonly command: string;
    /** `3.11.7` */
    readonly version: string;
}

/**
 * Returns the prepared environment, and makes it on first use.
 * @throws OperatorError when something is missing: Python 3.10 or newer, its venv module, disk space, libomp on macOS, a package.
 */
export async function preparePythonEnvironment(options: PythonEnvironmentOptions): Promise<PythonEnvironment> {
    const found = await findPython();
    const requirements = await readFile(REQUIREMENTS, "utf8");
    const identity = JSON.stringify({ requirements, version: found.version, platform: process.platform, arch: process.arch });
    const parent = path.join(options.folder, ".firstlight", "python");
    const target = path.join(parent, createHash("sha256").update(identity).digest("hex").slice(0, 16));
    if (isFinished(target)) return { python: interpreterOf(target) };
    await mkdir(parent, { recursive: true });
    const release = await takeLock(`${target}.lock`);
    try {
        if (!isFinished(target)) await install(found, target, options.onProgress ?? (() => undefined));
    } finally {
        await release();
    }
    return { python: interpreterOf(target) };
}

async function install(found: FoundPython, target: string, onProgress: (line: string) => void): Promise<void> {
    await checkDisk(path.dirname(target));
    onProgress(`Installing the rehearsal cloud's Python packages with Python ${found.version}: about 120 MB to download, 360 MB on disk, `
        + "half a minute to three minutes; once per project.");
    const started = Date.now();
    await rm(target, { recursive: true, force: true });
    await makeVenv(found, target);
    await runPip(interpreterOf(target));
    await checkImports(interpreterOf(target));
    await writeFile(path.join(target, MARKER), JSON.stringify({ python: found.version }));
    onProgress(`Python packages ready after ${Math.round((Date.now() - started) / 1000)} s: ${target}`);
}

function isFinished(target: string): boolean {
    return existsSync(path.join(target, MARKER)) && existsSync(interpreterOf(target));
}

function interpreterOf(target: string): string {
    return process.platform === "win32" ? path.join(target, "Scripts", "python.exe") : path.join(target, "bin", "python");
}

async function findPython(): Promise<FoundPython> {
    const seen: string[] = [];
    for (const command of CANDIDATES) {
        const version = await versionOf(command);
        if (version === undefined) continue;
        if (isRecent(version)) return { command, version };
        seen.push(`${command} is ${version}`);
    }
    throw new OperatorError(
        `Python ${OLDEST.join(".")} or newer is needed and not on PATH${seen.length > 0 ? ` (${seen.join(", ")})` : ""}.`,
        "install Python 3.12: `sudo apt install python3 python3-venv`, `brew install python@3.12`, or https://www.python.org/downloads/",
    );
}

async function versionOf(command: string): Promise<string | undefined> {
    try {
        const { stdout } = await run(command, ["-c", "import sys; print('.'.join(map(str, sys.version_info[:3])))"], { env: withoutAws() });
        return /^\d+\.\d+\.\d+$/.exec(stdout.trim())?.[0];
    } catch {
        return undefined;
    }
}

function isRecent(version: string): boolean {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function makeVenv(found: FoundPython, target: string): Promise<void> {
    try {
        await run(found.command, ["-m", "venv", target], { env: withoutAws() });
    } catch (error) {
        const minor = found.version.split(".").slice(0, 2).join(".");
        throw new OperatorError(
            `${found.command} (Python ${found.version}) cannot make a virtual environment: ${lastLines(error, 3)}`,
            `install its venv module: \`sudo apt install python${minor}-venv\`, or use another Python`,
            { cause: error },
        );
    }
}

/** PIP_* variables of the user (mirrors, certificates, wheel folders) stay in effect; hashes hold whatever the source. */
async function runPip(python: string): Promise<void> {
    const args = ["-m", "pip", "install", "--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "-r", REQUIREMENTS];
    try {
        await run(python, args, { env: withoutAws(), maxBuffer: 64 * 2 ** 20 });
    } catch (error) {
        throw new OperatorError(
            `pip could not install ${path.basename(REQUIREMENTS)}:\n${lastLines(error, PIP_LOG_LINES)}`,
            "see pip's last lines above; behind a proxy or mirror set PIP_INDEX_URL or PIP_CERT, then run the same command again",
            { cause: error },
        );
    }
}

async function checkImports(python: string): Promise<void> {
    try {
        await run(python, ["-c", "import ministack.app, xgboost, scipy"], { env: withoutAws() });
    } catch (error) {
        const text = lastLines(error, PIP_LOG_LINES);
        const fix = /libomp/.test(text) ? "`brew install libomp`, then run the same command again" : "remove .firstlight/python and run the same command again";
        throw new OperatorError(`The installed Python packages cannot be loaded:\n${text}`, fix, { cause: error });
    }
}

async function checkDisk(folder: string): Promise<void> {
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= NEEDED_BYTES) return;
    throw new OperatorError(
        `${folder} has ${(bavail * bsize / 1e9).toFixed(1)} GB of free disk space; the Python packages need ${NEEDED_BYTES / 1e9} GB while they are installed.`,
        "free some space, or clone the project onto another disk",
    );
}

/** The caller's environment: pip may need its proxy and its certificates, but has no use for an AWS account. */
function withoutAws(): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
}

function lastLines(error: unknown, count: number): string {
    const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message: string };
    const text = [stdout, stderr].filter(Boolean).join("\n").trim() || message;
    return text.split("\n").slice(-count).join("\n");
}

/** Waits while another living process installs; a lock whose process is gone is taken over. Returns the function that gives it back. */
async function takeLock(file: string): Promise<() => Promise<void>> {
    for (;;) {
        try {
            await writeFile(file, String(process.pid), { flag: "wx" });
            return () => rm(file, { force: true });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        }
        if (await isAbandoned(file)) await rm(file, { force: true });
        else await delay(LOCK_POLL_MS);
    }
}

async function isAbandoned(file: string): Promise<boolean> {
    const owner = Number(await readFile(file, "utf8").catch(() => ""));
    // Empty: taken this instant and not yet written.
    if (!Number.isInteger(owner) || owner <= 0) return false;
    try {
        process.kill(owner, 0);
        return false;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
}
