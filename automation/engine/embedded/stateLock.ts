/** Keeps two runs from mixing in one state: a lock beside it, of the kind that drivers take. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createFileLockStore } from "../../locks/fileLockStore.ts";
import type { LockOwner, LockStore } from "../../locks/lock.ts";
import { currentOwner, isDead } from "../../locks/owner.ts";
import { EngineError } from "../engine.ts";
import type { EngineLock } from "../engine.ts";

function storeOf(stateFile: string): LockStore {
    const folder = path.dirname(stateFile);
    mkdirSync(folder, { recursive: true });
    return createFileLockStore({ backendFolder: folder, folder: `${stateFile}.lock` });
}

/**
 * Takes the lock of a state file and returns the function that gives it back. A lock whose owner is dead is taken over.
 * @throws EngineError when a living process holds it.
 */
export async function lockState(stateFile: string): Promise<() => Promise<void>> {
    const taken = await storeOf(stateFile).acquire(currentOwner("embedded engine"), isDead);
    if ("heldBy" in taken) throw new EngineError(`${stateFile} is in use by process ${taken.heldBy.pid}; wait for it to end, or stop it`);
    return () => taken.held.release();
}

/** Who holds the lock of a state file, dead or alive; empty when nobody does. */
export async function readLock(stateFile: string): Promise<readonly EngineLock[]> {
    const owner = await storeOf(stateFile).read();
    return owner === undefined ? [] : [toEngineLock(owner)];
}

/** Removes the lock of a state file whoever holds it. */
export async function removeLock(stateFile: string): Promise<void> {
    await storeOf(stateFile).remove();
}

function toEngineLock({ host, pid, user, since }: LockOwner): EngineLock {
    const time = Date.parse(since);
    return { host, pid, ...(user === "" ? {} : { user }), since: new Date(Number.isNaN(time) ? 0 : time) };
}
