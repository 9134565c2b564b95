/**
 * Pulumi's own locks of a stack, as a killed run leaves them. Only their owner's host, process id and time are written in them, so less can be told than
 * of the driver's lock; but whoever comes here holds the driver's lock, so the owner is no living driver.
 */
import { hostname } from "node:os";
import type { Engine, EngineLock } from "../engine/engine.ts";
import { describeEngineOwner } from "../engine/engineLockOwner.ts";
import { LockedError } from "../errors.ts";
import type { Reporter } from "../progress/reporter.ts";
import { waitFor } from "../waiting.ts";
import { isRunning, startDate } from "./processes.ts";

/** A CLI whose driver was killed ends the steps that it has begun; an endpoint alone may take 30 minutes (components/facts). */
const LIMIT_MS = 45 * 60_000;
const INTERVAL_MS = 1000;
const NEWS_EVERY_MS = 30_000;
/** Clocks are set, and start times are exact to a second or two. */
const CLOCK_TOLERANCE_MS = 5000;

export interface EngineLockOptions {
    readonly stack: string;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** How long a living owner is waited for. @default 45 minutes */
    readonly limitMs?: number;
    /** @default 1 second */
    readonly intervalMs?: number;
}

/**
 * Ends with no lock of the engine's own: clears those of the dead, waits for the living of this host.
 *
 * @throws LockedError when one belongs to another host, or its owner does not end within the limit
 */
export async function settleEngineLocks(engine: Pick<Engine, "locks" | "clearLocks">, options: EngineLockOptions): Promise<void> {
    const { stack, reporter, signal, limitMs = LIMIT_MS, intervalMs = INTERVAL_MS } = options;
    let nextNews = 0;
    const gone = await waitFor(async () => {
        const locks = await engine.locks();
        const foreign = locks.find(({ host }) => host !== hostname());
        if (foreign !== undefined) throw lockedBy(foreign, stack, foreign.host === "" ? "who that is cannot be read" : "whether another machine still works cannot be told from here");
        const alive = locks.find((lock) => !isOwnerDead(lock));
        if (alive === undefined) return locks;
        if (Date.now() >= nextNews) {
            reporter.report({ kind: "lock", status: "waiting", message: `for Pulumi to end, by ${describeEngineOwner(alive)}` });
            nextNews = Date.now() + NEWS_EVERY_MS;
        }
        return undefined;
    }, { intervalMs, limitMs, signal });
    if (gone === undefined) {
        const [first] = await engine.locks();
        if (first !== undefined) throw lockedBy(first, stack, `it has not ended within ${Math.round(limitMs / 60_000)} minutes`);
        return;
    }
    if (gone.length === 0) return;
    await engine.clearLocks();
    for (const lock of gone) reporter.report({ kind: "lock", status: "cleared", message: `Pulumi's lock of a run that has died: ${describeEngineOwner(lock)}` });
}

/** Of this host, and still there. */
export function isOwnerAlive(lock: EngineLock): boolean {
    return lock.host === hostname() && !isOwnerDead(lock);
}

/** Of an owner on this host: its process is gone, or has started later than the lock was made, as all have when the machine was started anew. */
function isOwnerDead({ pid, since }: EngineLock): boolean {
    if (!isRunning(pid)) return true;
    const started = startDate(pid);
    return started !== undefined && since.getTime() + CLOCK_TOLERANCE_MS < started.getTime();
}

function lockedBy(lock: EngineLock, stack: string, why: string): LockedError {
    return new LockedError(`stack ${stack} is locked by Pulumi: ${describeEngineOwner(lock)}; ${why}`,
        `wait until it has ended; only if it is gone: node automation/deploy.ts unlock --stack ${stack}`);
}
