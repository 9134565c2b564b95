/** Removes the locks of a run that has ended without giving them back. */
import type { EngineLock } from "../../../engine/engine.ts";
import { describeEngineOwner } from "../../../engine/engineLockOwner.ts";
import { OperatorError } from "../../../errors.ts";
import { isOwnerAlive } from "../../../locks/engineLocks.ts";
import { describeOwner, isAlive } from "../../../locks/owner.ts";
import type { Session } from "../../session.ts";

/** Before anybody is asked: whose locks they are decides the answer. @throws OperatorError when one of their owners runs on this machine */
export async function sayHolders(session: Session): Promise<void> {
    const owner = await (await session.locks()).read();
    if (owner !== undefined && isAlive(owner)) throw atWork(session, describeOwner(owner), owner.pid);
    const locks = await readEngineLocks(session);
    if (owner !== undefined) session.reporter.report({ kind: "note", message: `the lock is held: ${describeOwner(owner)}` });
    for (const lock of locks) session.reporter.report({ kind: "note", message: `Pulumi's lock is held: ${describeEngineOwner(lock)}` });
}

/** The driver's lock, and those of the engine. @throws OperatorError when the engine has begun to work on this machine meanwhile */
export async function runUnlock(session: Session): Promise<void> {
    const { reporter } = session;
    const locks = await readEngineLocks(session);
    const store = await session.locks();
    const owner = await store.remove();
    if (owner === undefined) reporter.report({ kind: "note", message: `nobody held ${store.place}` });
    else reporter.report({ kind: "lock", status: "cleared", message: `${store.place} of ${describeOwner(owner)}` });
    if (locks.length === 0) return reporter.report({ kind: "note", message: "the engine has no lock of this stack" });
    await (await session.engine()).clearLocks();
    for (const lock of locks) reporter.report({ kind: "lock", status: "cleared", message: `Pulumi's, of ${describeEngineOwner(lock)}` });
}

async function readEngineLocks(session: Session): Promise<readonly EngineLock[]> {
    const locks = await (await session.engine()).locks();
    const working = locks.find(isOwnerAlive);
    if (working !== undefined) throw atWork(session, `Pulumi's, of ${describeEngineOwner(working)}`, working.pid);
    return locks;
}

function atWork({ pulumiStack }: Session, whose: string, pid: number): OperatorError {
    return new OperatorError(`the lock of ${pulumiStack} is in use: ${whose}, and that process runs on this machine`,
        `wait until it has ended, or end it (kill ${pid}): the next run then takes its lock over by itself`);
}
