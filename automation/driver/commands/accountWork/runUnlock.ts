/** Removes the locks of a run that has ended without giving them back. */
import type { EngineLock } from "../../../engine/engine.ts";
import { OperatorError } from "../../../errors.ts";
import { isOwnerAlive } from "../../../locks/engineLocks.ts";
import { describeOwner, isAlive } from "../../../locks/owner.ts";
import type { Session } from "../../session.ts";

/** Before anybody is asked: whose lock it is decides the answer. @throws OperatorError when its owner runs on this machine */
export async function sayHolder(session: Session): Promise<void> {
    const store = await session.locks();
    const owner = await store.read();
    if (owner === undefined) return;
    if (isAlive(owner)) throw atWork(session, describeOwner(owner), owner.pid);
    session.reporter.report({ kind: "note", message: `the lock is held: ${describeOwner(owner)}` });
}

/** The driver's lock, and those of the engine. Who held them is said. @throws OperatorError when the engine is at work on this machine */
export async function runUnlock(session: Session): Promise<void> {
    const store = await session.locks();
    const owner = await store.remove();
    session.reporter.report({ kind: "lock", status: "cleared", message: owner === undefined ? `nobody held ${store.place}` : `${store.place} of ${describeOwner(owner)}` });
    const engine = await session.engine();
    const locks = await engine.locks();
    if (locks.length === 0) return session.reporter.report({ kind: "note", message: "the engine has no lock of this stack" });
    const working = locks.find(isOwnerAlive);
    if (working !== undefined) throw atWork(session, `Pulumi's, of ${describeEngineOwner(working)}`, working.pid);
    await engine.clearLocks();
    for (const lock of locks) session.reporter.report({ kind: "lock", status: "cleared", message: `Pulumi's, of ${describeEngineOwner(lock)}` });
}

function describeEngineOwner({ user, host, pid, since }: EngineLock): string {
    return `${user ?? "somebody"} on ${host} (process ${pid}), since ${since.toISOString()}`;
}

function atWork({ pulumiStack }: Session, whose: string, pid: number): OperatorError {
    return new OperatorError(`the lock of ${pulumiStack} is in use: ${whose}, and that process runs on this machine`,
        `wait until it has ended, or end it (kill ${pid}): the next run then takes its lock over by itself`);
}
