/** What is written where a lock is kept. */
import { randomUUID } from "node:crypto";
import type { LockOwner } from "./lock.ts";

export interface LockRecord {
    /** Of this one taking: tells a lock from an earlier one of the same process, and one's own from all others. */
    readonly token: string;
    /** Absent: nobody holds the lock. */
    readonly owner?: LockOwner;
}

/** Stands for the owner where what is written cannot be read. */
const UNKNOWN_OWNER: LockOwner = { host: "unknown", machine: "", pid: 0, bootId: "", started: "", user: "", since: "unknown", command: "unknown" };

/** @param owner absent for a lock that nobody holds */
export function createRecord(owner?: LockOwner): LockRecord {
    return { token: randomUUID(), ...(owner === undefined ? {} : { owner }) };
}

export function writeRecord(record: LockRecord): string {
    return `${JSON.stringify(record, undefined, 4)}\n`;
}

/** A text that is no record counts as held by somebody unknown, who is never dead: only `unlock` removes it. */
export function readRecord(text: string): LockRecord {
    try {
        const { token, owner } = JSON.parse(text) as Partial<LockRecord>;
        if (typeof token === "string" && (owner === undefined || isOwner(owner))) return { token, ...(owner === undefined ? {} : { owner }) };
    } catch {
        // No JSON: as below.
    }
    return { token: text, owner: UNKNOWN_OWNER };
}

function isOwner(value: unknown): value is LockOwner {
    const owner = value as Record<string, unknown> | null;
    return typeof owner === "object" && owner !== null && typeof owner["pid"] === "number"
        && ["host", "machine", "bootId", "started", "user", "since", "command"].every((name) => typeof owner[name] === "string");
}
