/** The predictions for a verification's records: read where the consumer writes them, and removed. */
import { paginateListObjectsV2 } from "@aws-sdk/client-s3";
import type { PredictionRecord } from "../../../lambdas/shared/documents.ts";
import { openObject, parseS3Url } from "../../../lambdas/shared/store.ts";
import { text } from "node:stream/consumers";
import type { VerificationWorld } from "./check.ts";
import { deleteVersions } from "./objectVersions.ts";

export interface FoundPrediction {
    /** Of the object that holds it. */
    readonly key: string;
    readonly record: PredictionRecord;
}

/** Clocks differ: an object may seem older than the record in it. */
const CLOCK_SLACK_MS = 60_000;

/** The predictions for this run's records, in objects that were written since. */
export async function readPredictions(world: VerificationWorld, since: Date): Promise<readonly FoundPrediction[]> {
    const objects = await readObjects(world, since);
    return objects.flatMap(({ key, records }) => records.filter(({ requestId }) => requestId.startsWith(world.mark)).map((record) => ({ key, record })));
}

/** Deletes the objects that hold this run's records alone. How many hold others' too, and stay. */
export async function deletePredictions(world: VerificationWorld, since: Date): Promise<number> {
    const { bucket } = parseS3Url(world.outputs.predictionsUrl);
    let kept = 0;
    for (const { key, records } of await readObjects(world, since)) {
        const own = records.filter(({ requestId }) => requestId.startsWith(world.mark)).length;
        if (own === 0) continue;
        if (own === records.length) await deleteVersions(world.context.aws, { bucket, prefix: key });
        else kept++;
    }
    return kept;
}

async function readObjects({ context, outputs }: VerificationWorld, since: Date): Promise<readonly { key: string; records: readonly PredictionRecord[] }[]> {
    const { s3 } = context.aws;
    const { bucket, key: folder } = parseS3Url(outputs.predictionsUrl);
    const keys: string[] = [];
    for (const prefix of listDays(folder, since)) {
        for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
            keys.push(...Contents.filter(({ LastModified }) => (LastModified?.getTime() ?? 0) >= since.getTime() - CLOCK_SLACK_MS).map(({ Key = "" }) => Key));
        }
    }
    return Promise.all(keys.map(async (key) => {
        const lines = (await text(await openObject(s3, { bucket, key }))).split("\n").filter((line) => line !== "");
        return { key, records: lines.map((line) => JSON.parse(line) as PredictionRecord) };
    }));
}

/** Partitions from that day to this one, in UTC: `predictions/date=2026-11-21/`. */
function listDays(folder: string, since: Date): readonly string[] {
    const days = new Set([since, new Date()].map((time) => time.toISOString().slice(0, 10)));
    return [...days].map((day) => `${folder.replace(/\/$/, "")}/date=${day}/`);
}
