/** Keeps two runs from mixing in one state: a file beside it names the process that holds it. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { EngineError } from "../engine.ts";
import type { EngineLock } from "../engine.ts";

interface Owner {
    readonly pid: number;
    /** When that process started, since pids are reused. Empty where the system does not tell (no /proc). */
    readonly started: string;
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); empty when it cannot be read. */
function startTime(pid: number): string {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    } catch {
        return "";
    }
}

function isAlive(owner: Owner): boolean {
    try {
        process.kill(owner.pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    return owner.started === "" || owner.started === startTime(owner.pid);
}

function readOwner(file: string): Owner | undefined {
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Owner;
    } catch {
        return undefined;
    }
}

/** Who holds the lock of a state file, dead or alive; empty when nobody does. */
export function readLock(stateFile: string): readonly EngineLock[] {
    const owner = readOwner(`${stateFile}.lock`);
    if (owner === undefined) return [];
    return [{ host: hostname(), pid: owner.pid, since: statSync(`${stateFile}.lock`).mtime }];
}

/** Removes the lock of a state file whoever holds it. */
export function removeLock(stateFile: string): void {
    rmSync(`${stateFile}.lock`, { force: true });
}

/**
 * Takes the lock of a state file and returns the function that gives it back. A lock whose owner is dead is taken over.
 * @throws EngineError when a living process holds it.
 */
export function lockState(stateFile: string): () => void {
    const file = `${stateFile}.lock`;
    mkdirSync(path.dirname(file), { recursive: true });
    for (let attempt = 0; attempt < 2; attempt++) {
        try {
            const descriptor = openSync(file, "wx", 0o600);
            writeSync(descriptor, JSON.stringify({ pid: process.pid, started: startTime(process.pid) } satisfies Owner));
            closeSync(descriptor);
            return () => rmSync(file, { force: true });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
            const owner = readOwner(file);
            if (owner !== undefined && isAlive(owner)) {
                throw new EngineError(`${stateFile} is in use by process ${owner.pid}; wait for it to end, or stop it`);
            }
            rmSync(file, { force: true });
        }
    }
    throw new EngineError(`${stateFile} is in use: its lock ${file} was taken by another process just now; try again`);
}
