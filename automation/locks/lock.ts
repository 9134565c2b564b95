/**
 * The driver's lock of a stack. It closes the gap between check and write that Pulumi's own locks in files and in S3 leave, between drivers;
 * a `pulumi up` by hand knows nothing of it and meets Pulumi's lock only.
 */

/** Who holds a lock. */
export interface LockOwner {
    readonly host: string;
    /** Where the pid counts: machine and container, hashed, since host names repeat. Owners of two such places are never compared. */
    readonly machine: string;
    readonly pid: number;
    /** Changes with every start of the machine; empty where the system does not tell. */
    readonly bootId: string;
    /** When the process started, in clock ticks since boot, since pids are reused; empty where the system does not tell. */
    readonly started: string;
    readonly user: string;
    /** ISO 8601. */
    readonly since: string;
    /** `up`, `destroy`, ... */
    readonly command: string;
}

export interface HeldLock {
    readonly owner: LockOwner;
    /** Idempotent. */
    release(): Promise<void>;
}

/** Where locks are kept: beside the state of the stack. */
export interface LockStore {
    /** Where, for people. */
    readonly place: string;
    /** What is not covered here, for people. @default nothing: drivers exclude each other */
    readonly gap?: string;
    /** Takes the lock if nobody holds it, or if `isDead` says so of its owner; atomic against other drivers. The owner that is in the way, otherwise. */
    acquire(owner: LockOwner, isDead: (other: LockOwner) => boolean): Promise<{ readonly held: HeldLock; readonly cleared?: LockOwner } | { readonly heldBy: LockOwner }>;
    /** Who holds it now. */
    read(): Promise<LockOwner | undefined>;
    /** Removes it whoever holds it (`unlock`); undefined when nobody did. */
    remove(): Promise<LockOwner | undefined>;
}
