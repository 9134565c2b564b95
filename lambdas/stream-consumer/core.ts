/**
 * Predicts on the records of a shard, once each, however often they are delivered (docs/decisions/0011-the-stream-is-written-once.md).
 *
 * 1. Records up to the shard's checkpoint are skipped.
 * 2. The others are decoded, assigned and encoded; those that can never be predicted on become dead letters.
 * 3. Each variant is asked once, or once per 4 MB. What nobody answers is not done, and neither is what comes after it in the shard.
 * 4. What is done is written: one object of predictions, the dead letters, and last the checkpoint.
 *
 * When one of the writes fails, all of it happens again: the object is overwritten by the same predictions. A dead letter comes a second
 * time only when the function ends between sending it and moving the checkpoint.
 */
import type { DeadLetter, PredictionRecord } from "../shared/documents.ts";
import { ProblemError } from "../shared/problem.ts";
import { chooseRoute, readRoutingState, type RouterDependencies, type RoutingState } from "../shared/router/routes.ts";
import type { RowReason } from "../shared/router/rows.ts";
import { MAX_PAYLOAD_BYTES } from "../shared/router/served.ts";
import { buildLetter, MAX_PAYLOAD_IN_LETTER } from "./letters.ts";
import { predict, type PredictDependencies, type Predicted, type PreparedRecord } from "./predict.ts";
import { BadRecordError, decodeRecord, type ArrivedRecord } from "./record.ts";
import { isAfter } from "./sequence.ts";

export interface ShardBatch {
    readonly shardId: string;
    /** In the shard's order. */
    readonly records: readonly ArrivedRecord[];
}

export interface ConsumerDependencies extends RouterDependencies, PredictDependencies {
    /** Sequence number of the last record that is done; undefined when none is. */
    readCheckpoint(shardId: string): Promise<string | undefined>;
    /** Moves the checkpoint, and only forward: whoever is ahead stays there. */
    moveCheckpoint(shardId: string, sequenceNumber: string): Promise<void>;
    /** Writes, or overwrites, an object below the folder of the predictions, and gives its URL. */
    putObject(name: string, body: string | Uint8Array): Promise<string>;
    sendDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
}

export interface ShardResult {
    /** From it on the batch is wanted again; absent when all is done. */
    readonly firstNotDone?: string;
    /** Records that had been done before. */
    readonly skipped: number;
    readonly predictions: readonly Pick<Predicted, "assigned" | "model">[];
    readonly badRecords: number;
}

interface Outcomes {
    readonly predicted: ReadonlyMap<number, Predicted>;
    /** Why it can never be done, by place in the batch. */
    readonly reasons: ReadonlyMap<number, string>;
    readonly requestIds: ReadonlyMap<number, string>;
}

/** @throws whatever a read of the routes, or a write, throws: then nothing is known to be done, and the batch is wanted again. */
export async function consumeShard({ shardId, records }: ShardBatch, dependencies: ConsumerDependencies): Promise<ShardResult> {
    const checkpoint = await dependencies.readCheckpoint(shardId);
    const todo = records.filter(({ sequenceNumber }) => isAfter(sequenceNumber, checkpoint));
    const skipped = records.length - todo.length;
    if (todo.length === 0) return { skipped, predictions: [], badRecords: 0 };
    const outcomes = await decide({ shardId, records: todo }, dependencies);
    const notDone = todo.findIndex((_, index) => !outcomes.predicted.has(index) && !outcomes.reasons.has(index));
    const done = notDone === -1 ? todo : todo.slice(0, notDone);
    const firstNotDone = todo[notDone]?.sequenceNumber;
    await write({ shardId, records: done }, outcomes, dependencies);
    return {
        ...(firstNotDone === undefined ? {} : { firstNotDone }),
        skipped,
        predictions: done.flatMap((_, index) => outcomes.predicted.get(index) ?? []),
        badRecords: done.filter((_, index) => outcomes.reasons.has(index)).length,
    };
}

async function decide({ shardId, records }: ShardBatch, dependencies: ConsumerDependencies): Promise<Outcomes> {
    const state = await readRoutingState(dependencies);
    const reasons = new Map<number, string>();
    const requestIds = new Map<number, string>();
    const prepared: PreparedRecord[] = [];
    records.forEach((record, index) => {
        try {
            const { requestId, assignmentKey, features } = decodeRecord(record.data, `${shardId}:${record.sequenceNumber}`);
            requestIds.set(index, requestId);
            prepared.push({ index, ...prepareRecord({ assignmentKey, features }, state) });
        } catch (error) {
            if (error instanceof BadRecordError) reasons.set(index, error.message);
            else if (error instanceof ProblemError) dependencies.onUnanswered(1, error);
            else throw error;
        }
    });
    const predicted = await predict(prepared, dependencies);
    return { predicted: new Map(predicted.map((each) => [each.index, each])), reasons, requestIds };
}

/** @throws BadRecordError when the features do not fit the model, ProblemError when nothing is served. */
function prepareRecord(
    { assignmentKey, features }: { readonly assignmentKey: string; readonly features: unknown },
    state: RoutingState,
): Omit<PreparedRecord, "index"> {
    const route = chooseRoute(assignmentKey, state);
    const [model] = route.candidates;
    const reasons: RowReason[] = [];
    const line = model.readRow({ pointer: "/features", value: features }, reasons);
    if (line === undefined) throw new BadRecordError(
        `the features do not fit the model ${model.model.version}: ${reasons.map(({ detail }) => detail).join("; ")}`,
    );
    if (line.length > MAX_PAYLOAD_BYTES) {
        throw new BadRecordError(`the features take ${line.length} bytes, but the endpoint accepts ${MAX_PAYLOAD_BYTES}`);
    }
    return { route, features, line };
}

/** The order makes it safe to end anywhere: the checkpoint says that all before it is written. */
async function write(
    { shardId, records }: ShardBatch,
    { predicted, reasons, requestIds }: Outcomes,
    dependencies: ConsumerDependencies,
): Promise<void> {
    const last = records.at(-1);
    if (last === undefined) return;
    const lines = records.flatMap((record, index) => {
        const found = predicted.get(index);
        return found === undefined ? [] : [JSON.stringify(buildPrediction({ shardId, record, requestId: requestIds.get(index)! }, found))];
    });
    const firstPredicted = records.find((_, index) => predicted.has(index));
    if (firstPredicted !== undefined) await dependencies.putObject(namePredictions(shardId, firstPredicted), `${lines.join("\n")}\n`);
    const letters: DeadLetter[] = [];
    for (const [index, record] of records.entries()) {
        const reason = reasons.get(index);
        if (reason !== undefined) letters.push(await writeLetter(shardId, { record, reason }, dependencies));
    }
    if (letters.length > 0) await dependencies.sendDeadLetters(letters);
    await dependencies.moveCheckpoint(shardId, last.sequenceNumber);
}

function buildPrediction(
    { shardId, record, requestId }: { readonly shardId: string; readonly record: ArrivedRecord; readonly requestId: string },
    { model, prediction }: Predicted,
): PredictionRecord {
    const { sequenceNumber, arrivedAt } = record;
    return { requestId, shardId, sequenceNumber, variant: model.variant, modelVersion: model.model.version, prediction, arrivedAt };
}

async function writeLetter(
    shardId: string,
    { record, reason }: { readonly record: ArrivedRecord; readonly reason: string },
    dependencies: ConsumerDependencies,
): Promise<DeadLetter> {
    if (record.data.length <= MAX_PAYLOAD_IN_LETTER) return buildLetter(shardId, record, { reason });
    const payloadUrl = await dependencies.putObject(`rejected/${shardId}-${record.sequenceNumber}`, record.data);
    return buildLetter(shardId, record, { reason, payloadUrl });
}

/**
 * By the first record with a prediction: the same name again, whatever else is delivered with it. A bad record before it does not count,
 * as a batch that is cut behind that one leaves no object that would overwrite this.
 */
function namePredictions(shardId: string, { sequenceNumber, arrivedAt }: ArrivedRecord): string {
    return `date=${arrivedAt.slice(0, 10)}/hour=${arrivedAt.slice(11, 13)}/${shardId}-${sequenceNumber}.jsonl`;
}
