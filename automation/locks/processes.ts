/** What the system says about processes: which boot this is, when a process started, and whether it still runs. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { uptime } from "node:os";

/** Number of the first process namespace on every Linux: PROC_PID_INIT_INO in include/linux/proc_ns.h. */
const FIRST_NAMESPACE = "pid:[4026531836]";

/** Changes with every start of the machine; empty where the system does not tell. */
export function readBootId(): string {
    return readText("/proc/sys/kernel/random/boot_id") || (process.platform === "darwin" ? ask("sysctl", "-n", "kern.bootsessionuuid") : "");
}

/**
 * The machine and the container in which this process's id counts, hashed: `/etc/machine-id` is not to be shown (machine-id(5)).
 * In a container the boot is part of it, because its id may be that of a container on another machine.
 */
export function readMachine(): string {
    const namespace = readLink("/proc/self/ns/pid");
    const container = namespace === "" || namespace === FIRST_NAMESPACE ? "" : `${namespace} ${readBootId()}`;
    const machineId = readText("/etc/machine-id") || (process.platform === "darwin" ? ask("sysctl", "-n", "kern.uuid") : "");
    return createHash("sha256").update(`firstlight lock\0${machineId}\0${container}`).digest("hex").slice(0, 16);
}

/** When a process started: clock ticks since boot (field 22 of proc(5)'s stat), or the date `ps` gives; empty when it cannot be read. */
export function readStart(pid: number): string {
    const stat = readText(`/proc/${pid}/stat`);
    // The second field, a name in brackets, may hold blanks and brackets.
    if (stat !== "") return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return process.platform === "linux" ? "" : ask("ps", "-o", "lstart=", "-p", String(pid));
}

/** Whether a process has this id. That it belongs to somebody else counts as yes. */
export function isRunning(pid: number): boolean {
    if (!Number.isSafeInteger(pid) || pid <= 0) return false;
    try {
        process.kill(pid, 0);
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
    // A process that has ended and was not yet waited for by its parent holds nothing any more.
    const stat = readText(`/proc/${pid}/stat`);
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** When the machine started. */
export function bootTime(): Date {
    return new Date(Date.now() - uptime() * 1000);
}

/** When a process started, as a date; undefined when it cannot be told. Exact to a second or two. */
export function startDate(pid: number): Date | undefined {
    const start = readStart(pid);
    if (start === "") return undefined;
    // USER_HZ is 100 on every Linux architecture that Node runs on (include/asm-generic/param.h).
    const date = /^\d+$/.test(start) ? new Date(bootTime().getTime() + Number(start) * 10) : new Date(start);
    return Number.isNaN(date.getTime()) ? undefined : date;
}

function readText(file: string): string {
    try {
        return readFileSync(file, "utf8").trim();
    } catch {
        return "";
    }
}

function readLink(file: string): string {
    try {
        return readlinkSync(file);
    } catch {
        return "";
    }
}

function ask(command: string, ...args: string[]): string {
    try {
        return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, LC_ALL: "C" } }).trim();
    } catch {
        return "";
    }
}
