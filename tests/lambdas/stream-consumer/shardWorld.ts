/** A shard, and what the consumer writes, without a cloud. */
import type { ConsumerDependencies } from "../../../lambdas/stream-consumer/core.ts";
import type { ArrivedRecord } from "../../../lambdas/stream-consumer/record.ts";
import { isAfter } from "../../../lambdas/stream-consumer/sequence.ts";
import type { DeadLetter, PredictionRecord } from "../../../lambdas/shared/documents.ts";
import { createRouterWorld, row, type RouterWorld, type RouterWorldOptions } from "../support/routerWorld.ts";

export const SHARD = "shardId-000000000000";
/** As long as Kinesis's, beyond what a number holds. */
const FIRST = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

export interface ShardWorld extends ConsumerDependencies {
    readonly router: RouterWorld;
    /** By name below the folder of the predictions. */
    readonly objects: Map<string, string>;
    readonly letters: DeadLetter[];
    readonly unanswered: number[];
    /** In the order in which things were written. */
    readonly writes: string[];
    checkpoint: string | undefined;
    /** The write that fails next, by name as in `writes`. */
    failing: string | undefined;
    predictions(): readonly PredictionRecord[];
}

export function createShardWorld(options: RouterWorldOptions = {}): ShardWorld {
    const router = createRouterWorld(options);
    const write = (name: string): void => {
        if (world.failing === name) {
            world.failing = undefined;
            throw new Error(`${name} failed`);
        }
        world.writes.push(name);
    };
    const world: ShardWorld = {
        ...router, router,
        objects: new Map(), letters: [], unanswered: [], writes: [], checkpoint: undefined, failing: undefined,
        predictions: () => [...world.objects].filter(([name]) => name.startsWith("date=")).flatMap(([, text]) => text.trimEnd().split("\n").map((line) => JSON.parse(line) as PredictionRecord)),
        onUnanswered: (records) => void world.unanswered.push(records),
        readCheckpoint: async () => world.checkpoint,
        moveCheckpoint: async (_, sequenceNumber) => {
            write("checkpoint");
            if (isAfter(sequenceNumber, world.checkpoint)) world.checkpoint = sequenceNumber;
        },
        putObject: async (name, body) => {
            write("object");
            world.objects.set(name, typeof body === "string" ? body : Buffer.from(body).toString());
            return `s3://processed/predictions/${name}`;
        },
        sendDeadLetters: async (letters) => {
            write("letters");
            world.letters.push(...letters);
        },
    };
    return world;
}

/** The record at a place of the shard; every record has its own request id. @default data: a good record */
export function buildRecord(index: number, data?: string | Uint8Array): ArrivedRecord {
    const text = data ?? JSON.stringify({ requestId: `request-${index}`, features: row });
    return {
        sequenceNumber: String(FIRST + BigInt(index) * 7n),
        arrivedAt: new Date(Date.UTC(2026, 10, 21, 13, 59, 59) + index * 1_000).toISOString(),
        data: typeof text === "string" ? Buffer.from(text) : text,
    };
}

/** Records from one place to before another; those that `bad` names are no records. */
export function buildRecords(from: number, to: number, bad: readonly number[] = []): readonly ArrivedRecord[] {
    return Array.from({ length: to - from }, (_, offset) => buildRecord(from + offset, bad.includes(from + offset) ? `bad ${from + offset}` : undefined));
}
