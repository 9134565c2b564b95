/**
 * Locks in S3, beside the state of an `s3://` backend: one object per stack, written only on conditions that S3 checks as it writes
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html).
 *
 * A free lock is taken by `If-None-Match: *`, a dead owner's by `If-Match` with the ETag that was read, and given back by a delete with `If-Match`.
 * Of several that saw the same, S3 lets one through; the others get 412 (or 409 while the first is being written, or 404 when it was just given
 * back) and look again. An answer that is lost on its way leaves open who won: the object is read back, and its token tells. A put that
 * arrives later than its sender waits can only succeed while the lock is still as that sender saw it, and then names an owner that has ended.
 */
import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { OperatorError } from "../errors.ts";
import type { HeldLock, LockOwner, LockStore } from "./lock.ts";
import { createRecord, readRecord, writeRecord } from "./lockRecord.ts";
import type { LockRecord } from "./lockRecord.ts";
import { explainS3Error } from "./s3Errors.ts";

/** Every failed attempt means that another driver got further; so many in a row are no coincidence. */
const ATTEMPTS = 20;
const PAUSE_MS = 200;
const CONFLICTS: readonly string[] = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

export interface S3LockPlace {
    readonly client: S3Client;
    readonly bucket: string;
    readonly key: string;
    /** Whether something else than AWS answers: then it is tried out whether it heeds conditions. @default false */
    readonly isForeign?: boolean;
}

interface StoredRecord {
    readonly record: LockRecord;
    readonly etag: string;
}

type Condition = { readonly IfNoneMatch: "*" } | { readonly IfMatch: string };

export function createS3LockStore(place: S3LockPlace): LockStore {
    return new S3LockStore(place);
}

class S3LockStore implements LockStore {
    readonly place: string;
    readonly #s3: S3LockPlace;

    constructor(s3: S3LockPlace) {
        this.place = `s3://${s3.bucket}/${s3.key}`;
        this.#s3 = s3;
    }

    async acquire(owner: LockOwner, isDead: (other: LockOwner) => boolean): Promise<{ held: HeldLock; cleared?: LockOwner } | { heldBy: LockOwner }> {
        const mine = createRecord(owner);
        let condition: Condition = { IfNoneMatch: "*" };
        let cleared: LockOwner | undefined;
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
            const { etag, refusal } = await this.#put(mine, condition);
            // The SDK may have sent it twice, and the refusal be that of the second: one's own put may stand all the same.
            const current = etag === undefined ? await this.#get() : { record: mine, etag };
            if (current?.record.token === mine.token) {
                if (this.#s3.isForeign === true) await this.#expectConditions(mine);
                return { held: this.#hold(current.etag, owner), ...(cleared === undefined ? {} : { cleared }) };
            }
            const holder = current?.record.owner;
            if (holder !== undefined && !isDead(holder)) return { heldBy: holder };
            if (!isConflict(refusal)) throw explainS3Error(refusal, this.#s3);
            condition = current === undefined ? { IfNoneMatch: "*" } : { IfMatch: current.etag };
            cleared = holder;
            if (attempt > 0) await delay(PAUSE_MS * Math.random());
        }
        throw new OperatorError(`the lock ${this.place} changed ${ATTEMPTS} times while it was being taken`, "end the other runs of this stack, and try again");
    }

    async read(): Promise<LockOwner | undefined> {
        return (await this.#get())?.record.owner;
    }

    async remove(): Promise<LockOwner | undefined> {
        const current = await this.#get();
        // When it has changed meanwhile, the lock that was seen is gone already, and a later one is nobody's to remove.
        if (current !== undefined) await this.#delete(current.etag);
        return current?.record.owner;
    }

    #hold(etag: string, owner: LockOwner): HeldLock {
        let released: Promise<void> | undefined;
        return { owner, release: () => released ??= this.#delete(etag) };
    }

    /** The new ETag, or why there is none: the condition did not hold, or there was no answer. @throws every other refusal */
    async #put(record: LockRecord, condition: Condition): Promise<{ readonly etag?: string; readonly refusal?: unknown }> {
        const { client, bucket, key } = this.#s3;
        const object = { Bucket: bucket, Key: key, Body: writeRecord(record), ContentType: "application/json" };
        try {
            const { ETag } = await client.send(new PutObjectCommand({ ...object, ...condition }));
            return ETag === undefined ? {} : { etag: ETag };
        } catch (refusal) {
            if (isConflict(refusal) || isUnanswered(refusal)) return { refusal };
            throw explainS3Error(refusal, this.#s3);
        }
    }

    async #get(): Promise<StoredRecord | undefined> {
        const { client, bucket, key } = this.#s3;
        try {
            const { Body, ETag = "" } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
            return { record: readRecord(await Body?.transformToString() ?? ""), etag: ETag };
        } catch (error) {
            if (nameOf(error) === "NoSuchKey") return undefined;
            throw explainS3Error(error, this.#s3);
        }
    }

    /** Another's lock is left as it is, and one that is gone is gone. */
    async #delete(etag: string): Promise<void> {
        const { client, bucket, key } = this.#s3;
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag })).catch((error: unknown) => {
            if (!isConflict(error)) throw explainS3Error(error, this.#s3);
        });
    }

    /** A store that does not heed conditions lets two drivers through. */
    async #expectConditions(record: LockRecord): Promise<void> {
        const { client, bucket, key } = this.#s3;
        const again = { Bucket: bucket, Key: key, Body: writeRecord(record), ContentType: "application/json", IfNoneMatch: "*" };
        const refusal = await client.send(new PutObjectCommand(again)).then(() => undefined, (error: unknown) => error);
        if (isConflict(refusal)) return;
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
        throw new OperatorError(`${this.place}: this store does not heed If-None-Match, so it cannot keep two drivers apart`,
            "use a store with conditional writes: S3 itself, or a newer version of this one");
    }
}

function nameOf(error: unknown): string {
    return error instanceof Error ? error.name : "";
}

function isConflict(error: unknown): boolean {
    return CONFLICTS.includes(nameOf(error)) || statusOf(error) === 412;
}

/** No answer, or one that says nothing about what was done. */
function isUnanswered(error: unknown): boolean {
    const status = statusOf(error);
    return status === undefined || status >= 500;
}

function statusOf(error: unknown): number | undefined {
    return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}
