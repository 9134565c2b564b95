/** Data that a stack protects from its own destroy: nothing lifts that unless it was asked for twice. */
import { emptyBucket } from "../../account/removal/emptyBucket.ts";
import { liftTableProtection } from "../../account/removal/storage.ts";
import type { StackResource } from "../../engine/engine.ts";
import { OperatorError } from "../../errors.ts";
import type { PhaseContext } from "../phase.ts";
import type { TeardownAccount } from "./account.ts";
import { idsOf } from "./quietStack.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const TABLE = "aws:dynamodb/table:Table";

/** @throws OperatorError before anything is touched: an engine would stop half way, at the first bucket that holds something. */
export function refuseProtected({ deletesData, stack }: PhaseContext, resources: readonly StackResource[]): void {
    if (deletesData === true) return;
    const kept = resources.filter(isProtected).map(({ id, name }) => id ?? name);
    if (kept.length === 0) return;
    throw new OperatorError(
        `${stack} protects its data (firstlight:destroyData is not true): ${kept.join(", ")}`,
        `if the data may really go, for good: --delete-data --confirm ${stack}`,
    );
}

function isProtected({ type, inputs }: StackResource): boolean {
    return (type === TABLE && inputs["deletionProtectionEnabled"] === true) || (type === BUCKET && inputs["forceDestroy"] !== true);
}

/** At the tables themselves: an `up` that lifts it would also change everything else that differs. */
export async function liftProtection({ reporter }: PhaseContext, { clients }: TeardownAccount, resources: readonly StackResource[]): Promise<void> {
    const progress = (message: string): void => reporter.report({ kind: "note", message });
    for (const tableName of idsOf(resources, TABLE)) await liftTableProtection(tableName, { clients, progress });
}

/** All versions, markers and uploads of all buckets of the stack. */
export async function emptyBuckets({ reporter, signal }: PhaseContext, { clients }: TeardownAccount, resources: readonly StackResource[]): Promise<void> {
    const progress = (message: string): void => reporter.report({ kind: "note", message });
    for (const bucket of idsOf(resources, BUCKET)) {
        const deleted = await emptyBucket(bucket, { clients, signal, progress });
        if (deleted > 0) progress(`emptied bucket ${bucket}: ${deleted} versions and markers`);
    }
}
