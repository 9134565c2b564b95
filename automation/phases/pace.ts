/** How often and how long the phases ask. AWS takes minutes for what an emulator does in milliseconds. */
import type { AwsClients } from "../aws.ts";

export interface Pace {
    /** Between two looks at something that runs. */
    readonly intervalMs: number;
    /** Until an upload must have started an execution. S3 events arrive within seconds, now and then in a minute or more. */
    readonly startLimitMs: number;
    /** Until a record of the stream must have been answered: batching window, cold start and retries. */
    readonly deliveryLimitMs: number;
    /** Whole training run. */
    readonly runLimitMs: number;
    /** Before a phase is run again after an error that passes by itself. Changes of IAM are in force within seconds, now and then a minute. */
    readonly retryWaitsMs: readonly number[];
}

const AWS: Pace = { intervalMs: 5000, startLimitMs: 180_000, deliveryLimitMs: 180_000, runLimitMs: 6 * 3_600_000, retryWaitsMs: [15_000, 60_000] };
const EMULATOR: Pace = { intervalMs: 250, startLimitMs: 20_000, deliveryLimitMs: 30_000, runLimitMs: 1_800_000, retryWaitsMs: [250, 1000] };

export function paceOf({ target }: AwsClients): Pace {
    return target.endpoint === undefined ? AWS : EMULATOR;
}
