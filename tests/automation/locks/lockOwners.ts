/** Owners for tests of locks. */
import { currentOwner } from "../../../automation/locks/owner.ts";
import type { LockOwner } from "../../../automation/locks/lock.ts";

/** Above every limit of process ids (`/proc/sys/kernel/pid_max` is at most 2^22). */
const NO_PROCESS = 2 ** 22 + 1;

/** Lives as long as the test. */
export function living(command = "up"): LockOwner {
    return currentOwner(command);
}

/** A process of this host that has ended. */
export function dead(command = "up"): LockOwner {
    return { ...currentOwner(command), pid: NO_PROCESS };
}

/** On another host. */
export function foreign(command = "up"): LockOwner {
    return { ...currentOwner(command), host: "elsewhere", pid: NO_PROCESS };
}
