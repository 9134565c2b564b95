/** Starts the rehearsal cloud as a child process that cannot outlive this one, and asks it what happened in it. */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Cloud, CloudOptions, EnforcementGap, UsageRecord } from "./cloud.ts";
import { buildEnvironment, REHEARSAL_ACCOUNT, REHEARSAL_SECRET } from "../environment.ts";
import { OperatorError } from "../../errors.ts";

const LAUNCHER = path.join(import.meta.dirname, "python", "launch.py");
const START_LIMIT_MS = 60_000;
const STOP_GRACE_MS = 5_000;
const LAST_LINES = 20;
/** The bounded waits of a deployment would take minutes otherwise. */
const DEFAULT_WAIT_SCALE = 0.05;

interface Ready {
    readonly port: number;
    readonly gaps: readonly EnforcementGap[];
}

interface Launched {
    readonly child: ChildProcess;
    readonly ready: Promise<Ready>;
}

/**
 * Starts a cloud on a free port of 127.0.0.1. Its log is `cloud.log` in the run's folder.
 * @throws OperatorError with the last log lines when it does not come up within a minute.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
    mkdirSync(options.folder, { recursive: true });
    const { child, ready } = launch(options);
    try {
        const { port, gaps } = await ready;
        return new RunningCloud(options, child, { endpoint: `http://127.0.0.1:${port}`, gaps });
    } catch (error) {
        await end(child);
        throw error;
    }
}

class RunningCloud implements Cloud {
    readonly target: Cloud["target"];
    readonly accountId = REHEARSAL_ACCOUNT;
    readonly enforcementGaps: readonly EnforcementGap[];
    private readonly child: ChildProcess;
    private readonly endpoint: string;

    constructor(options: CloudOptions, child: ChildProcess, running: { endpoint: string; gaps: readonly EnforcementGap[] }) {
        this.child = child;
        this.endpoint = running.endpoint;
        this.enforcementGaps = running.gaps;
        const credentials = { accessKeyId: this.accountId, secretAccessKey: REHEARSAL_SECRET };
        this.target = { region: options.region, endpoint: running.endpoint, credentials };
    }

    async usage(): Promise<readonly UsageRecord[]> {
        return await this.ask("usage") as UsageRecord[];
    }

    async inventory(): Promise<readonly string[]> {
        return await this.ask("inventory") as string[];
    }

    async peakMemoryMiB(): Promise<number> {
        return await this.ask("memory") as number;
    }

    async stop(): Promise<void> {
        await end(this.child);
    }

    private async ask(question: string): Promise<unknown> {
        const response = await fetch(`${this.endpoint}/_firstlight/${question}`);
        if (!response.ok) throw new Error(`the rehearsal cloud answered ${response.status} to ${question}: ${await response.text()}`);
        return response.json();
    }
}

function launch(options: CloudOptions): Launched {
    const environment = {
        ...buildEnvironment({ region: options.region, folder: options.folder, extra: { FIRSTLIGHT_FOLDER: options.folder } }),
        MINISTACK_ACCOUNT_ID: REHEARSAL_ACCOUNT,
        SFN_WAIT_SCALE: String(options.waitScale ?? DEFAULT_WAIT_SCALE),
    };
    const child = spawn(options.python, [LAUNCHER], { cwd: options.folder, env: environment, stdio: ["pipe", "pipe", "pipe"] });
    // Its standard input is the lifeline: when this process ends, however it ends, the cloud reads the end of it.
    child.stdin.on("error", () => undefined);
    const log = createWriteStream(path.join(options.folder, "cloud.log"), { flags: "a" });
    child.once("close", () => log.end());
    return { child, ready: waitUntilReady(child, keepLastLines(child, log, options.onLog)) };
}

/** Copies the child's log to the file and the listener, and keeps the end of it for an error message. */
function keepLastLines(child: ChildProcess, log: WriteStream, onLog: CloudOptions["onLog"]): readonly string[] {
    const lines: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => {
        log.write(`${line}\n`);
        onLog?.(line);
        lines.push(line);
        if (lines.length > LAST_LINES) lines.shift();
    });
    return lines;
}

function waitUntilReady(child: ChildProcess, lastLines: readonly string[]): Promise<Ready> {
    return new Promise((resolve, reject) => {
        const fail = (what: string): void => reject(new OperatorError(
            `The rehearsal cloud ${what}. Its last lines:\n${lastLines.map((line) => `  ${line}`).join("\n")}`,
            "see the lines above; `rm -r .firstlight/python` makes the next run install its packages anew",
        ));
        const limit = setTimeout(() => fail(`was not ready within ${START_LIMIT_MS / 1000} s`), START_LIMIT_MS);
        child.once("error", (error) => fail(`could not be started: ${error.message}`));
        // `close`, not `exit`: by then all of its last words have been read.
        child.once("close", (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`}`));
        createInterface({ input: child.stdout! }).on("line", (line) => {
            const ready = parseReady(line);
            if (ready === undefined) return;
            clearTimeout(limit);
            resolve(ready);
        });
        child.once("close", () => clearTimeout(limit));
    });
}

function parseReady(line: string): Ready | undefined {
    if (!line.startsWith("{\"ready\"")) return undefined;
    return (JSON.parse(line) as { ready: Ready }).ready;
}

async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.stdin?.end();
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
    await closed;
    clearTimeout(kill);
}
