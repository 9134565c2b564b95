import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { VARIANTS } from "../shared/documents.ts";
import { readEnvironment } from "../shared/environment.ts";
import { describeError, log } from "../shared/log.ts";
import { createAwsRouter } from "../shared/router/awsRouter.ts";
import { createRouterMetrics } from "../shared/router/metrics.ts";
import { consumeShard, type ShardBatch, type ShardResult } from "./core.ts";
import { createStores } from "./stores.ts";

/** Left of the function's time when the last try ends: for the writes, with their retries. */
const RESERVE_MILLISECONDS = 15_000;
/** An endpoint ends a request of its own accord after 60 s; a batch is not held up so long by one that hangs. */
const MAX_TRY_MILLISECONDS = 30_000;

const router = createAwsRouter();
const stores = createStores();
const metrics = createRouterMetrics(readEnvironment("METRICS_NAMESPACE").METRICS_NAMESPACE);

/** Called by the stream's event source. Throws when something could not be written: the batch is delivered again. */
export async function handler(
    event: KinesisStreamEvent,
    context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<KinesisStreamBatchResponse> {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const batch of readBatches(event)) {
        const result = await consumeShard(batch, {
            ...router,
            ...stores,
            remainingMilliseconds: () => context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS,
            maxTryMilliseconds: MAX_TRY_MILLISECONDS,
            onFailure: ({ variant }, error) => log("error", "a variant did not answer", {
                shardId: batch.shardId, variant, error: describeError(error),
            }),
            onUnanswered: (records, error) => log("error", "records are not done", {
                shardId: batch.shardId, records, error: describeError(error),
            }),
        });
        report(batch, result);
        if (result.firstNotDone !== undefined) batchItemFailures.push({ itemIdentifier: result.firstNotDone });
    }
    return { batchItemFailures };
}

/** Lambda hands over one shard at a time; a hand that invokes the function may not. */
function readBatches({ Records }: KinesisStreamEvent): readonly ShardBatch[] {
    const byShard = Map.groupBy(Records, ({ eventID }) => eventID.split(":")[0] ?? "");
    return [...byShard].map(([shardId, records]) => ({ shardId, records: records.map(readRecord) }));
}

function readRecord({ kinesis }: KinesisStreamRecord): ShardBatch["records"][number] {
    return {
        sequenceNumber: kinesis.sequenceNumber,
        arrivedAt: new Date(kinesis.approximateArrivalTimestamp * 1000).toISOString(),
        data: Buffer.from(kinesis.data, "base64"),
    };
}

function report({ shardId, records }: ShardBatch, { predictions, badRecords, skipped, firstNotDone }: ShardResult): void {
    for (const variant of VARIANTS) {
        metrics.countPredictions(variant, predictions.filter(({ model }) => model.variant === variant).length);
        metrics.countFallbacks(
            variant,
            predictions.filter(({ assigned, model }) => assigned === variant && model.variant !== variant).length,
        );
    }
    metrics.countBadRecords(badRecords);
    log("info", "batch", {
        shardId,
        records: records.length,
        predictions: predictions.length,
        badRecords, skipped,
        ...(firstNotDone === undefined ? {} : { firstNotDone }),
    });
}
