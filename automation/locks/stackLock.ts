/** The lock that the driver takes before it changes anything of a stack. */
import { LockedError } from "../errors.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { HeldLock, LockStore } from "./lock.ts";
import { currentOwner, describeOwner, isDead } from "./owner.ts";

export interface StackLockOptions {
    readonly store: LockStore;
    /** The stack as people name it. */
    readonly stack: string;
    /** What is about to be done: `up`, `destroy`, ... */
    readonly command: string;
    readonly reporter: Reporter;
}

/**
 * Takes the lock of a stack, also from a driver that died on this host. Give it back when everything has ended, whatever the end was.
 *
 * @throws LockedError when another driver holds it; nothing was touched
 * @throws OperatorError, CloudRefusal when the place of the lock cannot be written
 */
export async function acquireStackLock({ store, stack, command, reporter }: StackLockOptions): Promise<HeldLock> {
    const taken = await store.acquire(currentOwner(command), isDead);
    if ("heldBy" in taken) {
        throw new LockedError(`stack ${stack} is locked: ${describeOwner(taken.heldBy)}; the lock is ${store.place}`,
            `wait until it has ended; only if that machine or process is gone: node automation/deploy.ts unlock --stack ${stack}`);
    }
    if (taken.cleared !== undefined) reporter.report({ kind: "lock", status: "cleared", message: `the lock of a run that has died: ${describeOwner(taken.cleared)}` });
    if (store.gap === undefined) reporter.report({ kind: "lock", status: "acquired", message: store.place });
    else reporter.report({ kind: "note", message: store.gap });
    let released: Promise<void> | undefined;
    return { owner: taken.held.owner, release: () => released ??= release(taken.held, { store, reporter }) };
}

async function release(held: HeldLock, { store, reporter }: Pick<StackLockOptions, "store" | "reporter">): Promise<void> {
    await held.release();
    if (store.gap === undefined) reporter.report({ kind: "lock", status: "released", message: store.place });
}
