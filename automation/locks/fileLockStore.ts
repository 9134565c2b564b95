/**
 * Locks in files, beside the state of a `file://` backend.
 *
 * The lock is a row of numbered files, its generations; the highest says how things stand, and none is ever changed. Whoever wants to change
 * something (take, take over, give back) writes a draft and makes it the next generation by link(2), which fails when that name exists
 * already, and which shows the file with its whole content or not at all. So of all that saw generation n, one alone makes n + 1. What could go wrong:
 *
 * - Two contenders find the lock free, or its owner dead: both link n + 1, one gets EEXIST, looks again and finds the other alive.
 * - A contender sleeps between looking and linking, and others go on meanwhile: n + 1 exists, EEXIST as before. No name becomes free again
 *   while somebody may still want it: the last KEPT generations are never deleted, the highest never at all, so numbers only grow.
 * - It sleeps through KEPT generations or more, and n + 1 has been deleted: its link succeeds, below the highest. Therefore a winner looks
 *   once more: it has won only if its generation is the highest. An outdated generation in between misleads nobody, since the highest counts.
 * - It dies before the link: a draft is left, which is no generation. After the link: its generation names a dead owner, and is taken over.
 * - The owner gives back while others look: giving back is a generation too. One that was cleared by `unlock` and comes back gets EEXIST, since
 *   it links the generation after its own.
 */
import { randomUUID } from "node:crypto";
import { access, constants, link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { explainFileError } from "./fileErrors.ts";
import type { HeldLock, LockOwner, LockStore } from "./lock.ts";
import { createRecord, readRecord, writeRecord } from "./lockRecord.ts";
import type { LockRecord } from "./lockRecord.ts";
import { OperatorError } from "../errors.ts";

/** Generations that are kept. A folder that is listed in several pieces, while others change it, may miss one of them, not all. */
const KEPT = 8;
/** Every failed attempt means that another driver got further; so many in a row are no coincidence. */
const ATTEMPTS = 50;
const PAUSE_MS = 20;
const GENERATION = /^(\d{10,})\.json$/;
const DRAFT = /\.draft$/;
/** A draft lives for milliseconds; one that is older was left by a process that died. */
const OLD_DRAFT_MS = 3_600_000;

interface Generation {
    /** 0 before the first. */
    readonly number: number;
    readonly record: LockRecord;
}

/** @param folder of this one lock; made when needed, but not the backend's own folder above it */
export function createFileLockStore({ backendFolder, folder }: { readonly backendFolder: string; readonly folder: string }): LockStore {
    return new FileLockStore(backendFolder, folder);
}

class FileLockStore implements LockStore {
    readonly place: string;
    readonly #backendFolder: string;
    readonly #folder: string;

    constructor(backendFolder: string, folder: string) {
        this.place = folder;
        this.#backendFolder = backendFolder;
        this.#folder = folder;
    }

    async acquire(owner: LockOwner, isDead: (other: LockOwner) => boolean): Promise<{ held: HeldLock; cleared?: LockOwner } | { heldBy: LockOwner }> {
        await this.#makeFolder();
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            const current = await this.#current();
            const holder = current.record.owner;
            if (holder !== undefined && !isDead(holder)) return { heldBy: holder };
            const mine: Generation = { number: current.number + 1, record: createRecord(owner) };
            if (await this.#link(mine) && (await this.#current()).record.token === mine.record.token) {
                await this.#sweep(mine.number);
                return { held: this.#hold(mine, owner), ...(holder === undefined ? {} : { cleared: holder }) };
            }
            await delay(PAUSE_MS * Math.random());
        }
        throw new OperatorError(`the lock in ${this.#folder} changed ${ATTEMPTS} times while it was being taken`, "end the other runs of this stack, and try again");
    }

    async read(): Promise<LockOwner | undefined> {
        return (await this.#current()).record.owner;
    }

    async remove(): Promise<LockOwner | undefined> {
        const { number, record } = await this.#current();
        // When this is not the next generation, the lock that was seen is gone already, and a later one is nobody's to remove.
        if (record.owner !== undefined) await this.#link({ number: number + 1, record: createRecord() });
        return record.owner;
    }

    #hold({ number }: Generation, owner: LockOwner): HeldLock {
        let released: Promise<boolean> | undefined;
        return {
            owner,
            release: async () => {
                await (released ??= this.#link({ number: number + 1, record: createRecord() }));
            },
        };
    }

    /** The highest generation. */
    async #current(): Promise<Generation> {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            const number = await this.#highest();
            if (number === 0) return { number, record: createRecord() };
            const text = await this.#guard(() => readIfThere(this.#file(number)));
            // Gone: others have got KEPT generations further since.
            if (text !== undefined) return { number, record: readRecord(text) };
        }
        throw new OperatorError(`the lock in ${this.#folder} changes faster than it can be read`, "end the other runs of this stack, and try again");
    }

    async #highest(): Promise<number> {
        const names = await this.#guard(() => listIfThere(this.#folder));
        return Math.max(0, ...names.map((name) => Number(GENERATION.exec(name)?.[1] ?? 0)));
    }

    /** Makes the next generation. False when there is one already. */
    async #link({ number, record }: Generation): Promise<boolean> {
        const draft = path.join(this.#folder, `${randomUUID()}.draft`);
        try {
            return await this.#guard(async () => {
                await writeToDisk(draft, writeRecord(record));
                return linkNew(draft, this.#file(number));
            });
        } finally {
            await rm(draft, { force: true }).catch(() => {});
        }
    }

    /** What is in nobody's way, and would grow. That it cannot be deleted keeps nobody from working. */
    async #sweep(highest: number): Promise<void> {
        for (const name of await listIfThere(this.#folder).catch(() => [])) {
            const file = path.join(this.#folder, name);
            const number = GENERATION.exec(name)?.[1];
            const isOld = number === undefined ? DRAFT.test(name) && await ageOf(file) > OLD_DRAFT_MS : Number(number) <= highest - KEPT;
            if (isOld) await rm(file, { force: true }).catch(() => {});
        }
    }

    /** The backend's folder is not made: a misspelt URL would become an empty state. */
    async #makeFolder(): Promise<void> {
        await this.#guard(async () => {
            if ((await stat(this.#backendFolder).catch(() => undefined))?.isDirectory() !== true) {
                throw new OperatorError(`the Pulumi backend ${this.#backendFolder} is not a folder`, "make it, or correct PULUMI_BACKEND_URL");
            }
            await mkdir(this.#folder, { recursive: true }).catch(async (error: unknown) => {
                // Of a read-only file system Node says ENOENT here; this says what it is.
                await access(this.#backendFolder, constants.W_OK);
                throw error;
            });
        });
    }

    #file(number: number): string {
        return path.join(this.#folder, `${String(number).padStart(10, "0")}.json`);
    }

    async #guard<T>(work: () => Promise<T>): Promise<T> {
        try {
            return await work();
        } catch (error) {
            throw explainFileError(error, this.#folder);
        }
    }
}

async function writeToDisk(file: string, text: string): Promise<void> {
    const handle = await open(file, "wx", 0o644);
    try {
        await handle.writeFile(text);
        // After a power cut the name must not be there without the text.
        await handle.sync();
    } finally {
        await handle.close();
    }
}

async function linkNew(draft: string, file: string): Promise<boolean> {
    try {
        await link(draft, file);
        return true;
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // ENOENT: the draft was taken for an old one, because this process slept for an hour.
        if (code === "EEXIST" || code === "ENOENT") return false;
        throw error;
    }
}

async function readIfThere(file: string): Promise<string | undefined> {
    return readFile(file, "utf8").catch(ignoreMissing(undefined));
}

async function listIfThere(folder: string): Promise<readonly string[]> {
    return readdir(folder).catch(ignoreMissing([]));
}

function ignoreMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
    return (error) => {
        if (error.code === "ENOENT") return instead;
        throw error;
    };
}

async function ageOf(file: string): Promise<number> {
    return stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs, () => 0);
}
