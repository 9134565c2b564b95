/** Who holds a lock, and whether that process is still there. */
import { hostname, userInfo } from "node:os";
import type { LockOwner } from "./lock.ts";
import { isRunning, readBootId, readMachine, readStart } from "./processes.ts";

/** This process. @param command what it does: `up`, `destroy`, ... */
export function currentOwner(command: string): LockOwner {
    return {
        host: hostname(), machine: readMachine(), pid: process.pid, bootId: readBootId(), started: readStart(process.pid),
        user: currentUser(), since: new Date().toISOString(), command,
    };
}

/**
 * Whether the owner has ended for certain. That can be told on its own host alone: the machine was started anew, or no process has that id,
 * or the process with that id is a later one. What runs on another host, or in another container, may be alive for all that is known here.
 */
export function isDead(other: LockOwner): boolean {
    if (other.host !== hostname() || other.machine !== readMachine()) return false;
    const bootId = readBootId();
    if (bootId !== "" && other.bootId !== "" && other.bootId !== bootId) return true;
    if (!isRunning(other.pid)) return true;
    const started = readStart(other.pid);
    return started !== "" && other.started !== "" && other.started !== started;
}

/** Whether the owner runs for certain; of one on another host nothing is certain. */
export function isAlive(other: LockOwner): boolean {
    return other.host === hostname() && other.machine === readMachine() && !isDead(other);
}

/** `up by kim on laptop (process 4711), since 2026-05-04T09:10:11.000Z`. */
export function describeOwner({ command, user, host, pid, since }: LockOwner): string {
    return `${command} by ${user === "" ? "somebody" : user} on ${host} (process ${pid}), since ${since}`;
}

/** Where a user id has no name, as in many containers, the system refuses to tell. */
function currentUser(): string {
    try {
        return userInfo().username;
    } catch {
        return `uid ${process.getuid?.() ?? "unknown"}`;
    }
}
