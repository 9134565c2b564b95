/** What a month's work is, and what is assumed where the load does not say it. */
import type { PlatformConfig } from "../../../components/config.ts";

/** A month. */
export interface Load {
    /** Predictions asked for over the API, one row each. */
    readonly requests: number;
    /** Rows sent into the stream, evenly over the month. */
    readonly rows: number;
    /** Size in GB of the file that a run trains on. */
    readonly trainedGb: number;
    /** Runs of the pipeline, each of which trains the challenger. */
    readonly retrainRuns: number;
}

const DAYS_PER_MONTH = 730 / 24;
const DAYS_OF = { minute: 1 / 1440, minutes: 1 / 1440, hour: 1 / 24, hours: 1 / 24, day: 1, days: 1 } as const;

/** Of somebody who says nothing: a small service, retrained as the schedule says; where that is a `cron(...)`, weekly. */
export function defaultLoad({ training }: Pick<PlatformConfig, "training">): Load {
    return { requests: 100_000, rows: 100_000, trainedGb: 0.1, retrainRuns: countRuns(training.schedule) };
}

function countRuns(schedule: string): number {
    if (schedule === "off") return 0;
    const [, count, unit] = /^rate\((\d+) (\w+)\)$/.exec(schedule) ?? [];
    const days = count === undefined ? 7 : Number(count) * DAYS_OF[unit as keyof typeof DAYS_OF];
    return Math.round(DAYS_PER_MONTH / days);
}

/** Estimates, but where another source is named. Each stands beside the figures that rest on it. */
export const ASSUMED = {
    secondsPerPrediction: 0.1,
    secondsPerRequest: 0.15,
    secondsPerBatch: 0.3,
    kilobytesPerRow: 1,
    logKilobytesPerRequest: 2,
    logKilobytesPerBatch: 1,
    /** bench/README.md, preprocessing: 5.8 to 6.9 MB/s. */
    pipelineGbPerSecond: 0.006,
    /** Validation and preprocessing read the whole file. */
    pipelinePasses: 2,
    tableWritesPerRun: 20,
    /** Kinesis, queues and functions ask for their keys now and then, whatever the load. */
    keyRequests: 50_000,
} as const;
