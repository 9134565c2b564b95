/** Runs the driver as a child process, reads what it tells, and kills it when it is time. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TimedEvent } from "../../../automation/reporter.ts";
import { watchFor } from "./killPoint.ts";
import type { KillPoint } from "./killPoint.ts";

const DRIVER = path.join(import.meta.dirname, "driverProcess.ts");
/** A driver that has not ended by then hangs. */
const LIMIT_MS = 300_000;
const KEPT_LINES = 30;

/** What is killed: the driver, or the Pulumi CLI that it runs. */
export type Victim = "driver" | "cli";

export interface DriverRunOptions {
    readonly args: readonly string[];
    readonly environment: NodeJS.ProcessEnv;
    readonly cwd: string;
    readonly kill?: { readonly point: KillPoint; readonly victim: Victim };
}

export interface DriverRun {
    readonly events: readonly TimedEvent[];
    /** Undefined when it was killed. */
    readonly exitCode: number | undefined;
    /** What the driver had told last when it, or its CLI, was killed; undefined when nothing was. */
    readonly killedAt: string | undefined;
    /** The last lines of its error stream. */
    readonly said: string;
    readonly durationMs: number;
}

/** @throws Error when it does not end within 5 minutes */
export async function runDriverProcess({ args, environment, cwd, kill }: DriverRunOptions): Promise<DriverRun> {
    const began = Date.now();
    const child = spawn(process.execPath, [DRIVER, ...args], { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const events: TimedEvent[] = [];
    const said: string[] = [];
    let killedAt: string | undefined;
    let isHanging = false;
    const executioner = kill === undefined ? () => {} : createExecutioner(child, kill, () => { killedAt = describeLast(events); });
    createInterface({ input: child.stderr! }).on("line", (line) => said.push(line) > KEPT_LINES && said.shift());
    createInterface({ input: child.stdout! }).on("line", (line) => {
        const event = parseEvent(line);
        if (event === undefined) return;
        events.push(event);
        executioner(event);
    });
    const limit = setTimeout(() => { isHanging = child.kill("SIGKILL"); }, LIMIT_MS);
    const [code] = await once(child, "close") as [number | null];
    clearTimeout(limit);
    if (isHanging) throw new Error(`the driver did not end within ${LIMIT_MS / 1000} s: ${args.join(" ")}\nits last event: ${describeLast(events)}\n${said.join("\n")}`);
    return { events, exitCode: code ?? undefined, killedAt, said: said.join("\n"), durationMs: Date.now() - began };
}

function createExecutioner(child: ChildProcess, { point, victim }: { point: KillPoint; victim: Victim }, onKill: () => void): (event: TimedEvent) => void {
    const hasCome = watchFor(point);
    let isDecided = false;
    const strike = (): void => {
        if (child.exitCode !== null || child.pid === undefined) return;
        const victims = victim === "driver" ? [child.pid] : childrenOf(child.pid, "pulumi");
        if (victims.length > 0) onKill();
        for (const pid of victims) process.kill(pid, "SIGKILL");
    };
    return (event) => {
        if (isDecided || !hasCome(event)) return;
        isDecided = true;
        if (point.delayMs === 0) strike();
        else setTimeout(strike, point.delayMs);
    };
}

/** Ids of a process's children that run a program of this name. */
function childrenOf(parent: number, program: string): number[] {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
        try {
            const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
            const [, name, ppid] = /^\d+ \((.*)\) \S+ (\d+)/.exec(stat) ?? [];
            return name === program && Number(ppid) === parent;
        } catch {
            return false;
        }
    });
}

function parseEvent(line: string): TimedEvent | undefined {
    try {
        return JSON.parse(line) as TimedEvent;
    } catch {
        // A driver that is killed leaves half a line.
        return undefined;
    }
}

function describeLast(events: readonly TimedEvent[]): string {
    const last = events.at(-1);
    if (last === undefined) return "its start";
    if (last.kind === "resource") return `${last.operation} ${last.name} ${last.status}`;
    if (last.kind === "phase") return `phase ${last.phase} ${last.status}`;
    return last.kind === "state" ? `state ${last.state} ${last.status}` : last.kind;
}
