/** What was made a moment ago is not known everywhere at once. */
import { setTimeout as delay } from "node:timers/promises";

/** Refusals that pass: S3 still works on the bucket, or another part of S3 or KMS has not heard of it yet. */
const PASSING: readonly string[] = ["OperationAborted", "NoSuchBucket", "NotFoundException", "ConflictException"];
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;

/** Tries again, for about eight seconds in all. @throws the last refusal */
export async function retryWhileNew<T>(call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
        try {
            return await call();
        } catch (error) {
            if (attempt >= ATTEMPTS || !(error instanceof Error) || !PASSING.includes(error.name)) throw error;
            await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
        }
    }
}
