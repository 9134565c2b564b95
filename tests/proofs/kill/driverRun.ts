/** Runs the driver as a child process, reads what it tells, and kills it when it is time. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TimedEvent } from "../../../automation/progress/reporter.ts";
import { findOperations } from "./cli.ts";
import { PhaseWatch, watchFor } from "./killPoint.ts";
import type { KillPoint } from "./killPoint.ts";

const DRIVER = path.join(import.meta.dirname, "driverProcess.ts");
/** A driver that has not ended by then hangs. */
const LIMIT_MS = 420_000;
/** Between two looks for a CLI that is to be killed. */
const LOOK_MS = 20;
const KEPT_LINES = 30;

/** What is killed: the driver, the Pulumi CLI that it runs, or the two at once, as when a machine fails. */
export type Victim = "driver" | "cli" | "both";

export interface KillOrder {
    readonly point: KillPoint;
    readonly victim: Victim;
    /** Whether there is a moment only while the Pulumi CLI works, also where the driver alone is killed. */
    readonly needsCli: boolean;
}

export interface DriverRunOptions {
    readonly args: readonly string[];
    readonly environment: NodeJS.ProcessEnv;
    readonly cwd: string;
    readonly kill?: KillOrder;
}

/** How it was killed. */
export interface Death {
    /** What the driver had told last. */
    readonly after: string;
    readonly events: number;
    /** Whether the phase still went on. */
    readonly isWithin: boolean;
    /** Whether a CLI was left running. */
    readonly leftCli: boolean;
}

export interface DriverRun {
    readonly events: readonly TimedEvent[];
    /** Undefined when it was killed. */
    readonly exitCode: number | undefined;
    /** Undefined when nothing was killed. */
    readonly death: Death | undefined;
    /** The last lines of its error stream. */
    readonly said: string;
    readonly durationMs: number;
}

/** @throws Error when it does not end within 7 minutes */
export async function runDriverProcess({ args, environment, cwd, kill }: DriverRunOptions): Promise<DriverRun> {
    const began = Date.now();
    const child = spawn(process.execPath, [DRIVER, ...args], { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const events: TimedEvent[] = [];
    const said: string[] = [];
    const executioner = kill === undefined ? undefined : new Executioner(child, kill, events);
    createInterface({ input: child.stderr! }).on("line", (line) => said.push(line) > KEPT_LINES && said.shift());
    createInterface({ input: child.stdout! }).on("line", (line) => {
        const event = parseEvent(line);
        if (event === undefined) return;
        events.push(event);
        executioner?.observe(event);
    });
    let isHanging = false;
    const limit = setTimeout(() => { isHanging = child.kill("SIGKILL"); }, LIMIT_MS);
    const [code] = await once(child, "close") as [number | null];
    clearTimeout(limit);
    const death = executioner?.end();
    if (isHanging) throw new Error(`the driver did not end within ${LIMIT_MS / 1000} s: ${args.join(" ")}\nits last event: ${describeLast(events)}\n${said.join("\n")}`);
    return { events, exitCode: code ?? undefined, death, said: said.join("\n"), durationMs: Date.now() - began };
}

/** Waits for the moment, and kills. */
class Executioner {
    readonly #child: ChildProcess;
    readonly #order: KillOrder;
    readonly #events: readonly TimedEvent[];
    readonly #hasCome: (event: TimedEvent) => boolean;
    readonly #watch: PhaseWatch;
    #timer: NodeJS.Timeout | undefined;
    #isDecided = false;
    #death: Death | undefined;

    constructor(child: ChildProcess, order: KillOrder, events: readonly TimedEvent[]) {
        this.#child = child;
        this.#order = order;
        this.#events = events;
        this.#hasCome = watchFor(order.point);
        this.#watch = new PhaseWatch(order.point.phase);
    }

    observe(event: TimedEvent): void {
        this.#watch.observe(event);
        if (this.#isDecided || !this.#hasCome(event)) return;
        this.#isDecided = true;
        const { delayMs } = this.#order.point;
        if (delayMs === 0) this.#strike();
        else this.#timer = setTimeout(() => this.#strike(), delayMs);
    }

    /** Events that were on their way when it was killed are known by then. */
    end(): Death | undefined {
        clearTimeout(this.#timer);
        const death = this.#death;
        if (death === undefined || this.#order.victim === "cli") return death;
        return { ...death, isWithin: death.isWithin && this.#watch.isOpen };
    }

    #strike(): void {
        const { exitCode, signalCode, pid } = this.#child;
        if (exitCode !== null || signalCode !== null || pid === undefined) return;
        const { victim, needsCli } = this.#order;
        const clis = needsCli ? findOperations(pid) : [];
        if (needsCli && clis.length === 0) {
            if (this.#watch.isOpen) this.#timer = setTimeout(() => this.#strike(), LOOK_MS);
            return;
        }
        this.#death = {
            after: describeLast(this.#events), events: this.#events.length, isWithin: this.#watch.isOpen, leftCli: victim === "driver" && clis.length > 0,
        };
        const victims = [...victim === "cli" ? [] : [pid], ...victim === "driver" ? [] : clis];
        for (const each of victims) process.kill(each, "SIGKILL");
    }
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
    if (last.kind === "check") return `check ${last.name} ${last.status}`;
    return last.kind === "state" ? `state ${last.state} ${last.status}` : last.kind;
}
