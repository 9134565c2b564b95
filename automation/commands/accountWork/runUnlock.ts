/** Removes the locks of a run that has ended without giving them back. */
import { describeOwner } from "../../locks/owner.ts";
import type { Session } from "../../session.ts";

/** The driver's lock, and those of the engine. Who held them is said. */
export async function runUnlock(session: Session): Promise<void> {
    const store = await session.locks();
    const owner = await store.remove();
    session.reporter.report({ kind: "lock", status: "cleared", message: owner === undefined ? `nobody held ${store.place}` : `${store.place} of ${describeOwner(owner)}` });
    const engine = await session.engine();
    const locks = await engine.locks();
    if (locks.length === 0) return session.reporter.report({ kind: "note", message: "the engine has no lock of this stack" });
    await engine.clearLocks();
    for (const { user, host, pid, since } of locks) {
        session.reporter.report({ kind: "lock", status: "cleared", message: `Pulumi's, of ${user ?? "somebody"} on ${host} (process ${pid}), since ${since.toISOString()}` });
    }
}
