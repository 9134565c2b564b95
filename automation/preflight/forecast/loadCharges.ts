/** What a month's work costs on top of what is there. Pure. */
import type { PlatformConfig } from "../../../components/config.ts";
import type { PriceName } from "../../../components/facts/prices.ts";
import { HOURS_PER_MONTH } from "../../../components/facts/prices.ts";
import { expectState } from "../../../components/facts/provisioningTimes.ts";
import type { Plan } from "../../engine/engine.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import type { Charge } from "./costLine.ts";
import { ASSUMED } from "./load.ts";
import type { Load } from "./load.ts";
import { forecastRun } from "./pipelineTime.ts";

export interface LoadCharges {
    readonly charges: readonly Charge[];
    /** What the load costs and the table has no price for, in words. */
    readonly unpriced: readonly string[];
}

type Config = Pick<PlatformConfig, "functions" | "inference" | "stream" | "training">;

const {
    secondsPerPrediction, secondsPerRequest, secondsPerBatch, kilobytesPerRow, logKilobytesPerRequest, logKilobytesPerBatch,
    pipelineGbPerSecond, pipelinePasses, tableWritesPerRun, keyRequests,
} = ASSUMED;
const MILLION = 1_000_000;
const MEBIBYTES_PER_GB = 1024;

export function findLoadCharges(load: Load, config: Config, plan: Plan): LoadCharges {
    const batches = countBatches(load, config);
    const jobs = chargeJobs(load, config);
    const charges = [
        ...chargeRequests(load, config),
        ...chargeStream(load, batches, config),
        ...chargePredictions(load, batches, config),
        ...jobs.charges,
        ...chargePipeline(load, config, plan),
        ...chargeStores(load, batches),
        ...chargeObservation(load, batches, plan),
    ];
    return { charges: charges.filter(({ quantity }) => quantity > 0), unpriced: jobs.unpriced };
}

/** Rows that come one by one are a batch each, as long as there are fewer than windows; above that they fill batches. */
function countBatches({ rows }: Load, { stream }: Pick<Config, "stream">): number {
    const windows = HOURS_PER_MONTH * 3600 / Math.max(1, stream.batchingWindowSeconds);
    return Math.max(Math.ceil(rows / stream.batchSize), Math.min(rows, Math.floor(windows)));
}

function chargeRequests({ requests }: Load, { functions }: Config): readonly Charge[] {
    const memoryGb = functions.inference.memoryMiB / MEBIBYTES_PER_GB;
    const api = chargeTo("inference-api");
    return [
        api("requests", "httpApiCall.million", requests / MILLION),
        api("calls of functions", "functionCall.million", requests / MILLION),
        api("time of functions", "functionArm.gbSecond", requests * secondsPerRequest * memoryGb, `${secondsPerRequest} s a request`),
    ];
}

function chargeStream({ rows }: Load, batches: number, { functions, stream }: Config): readonly Charge[] {
    const memoryGb = functions.consumer.memoryMiB / MEBIBYTES_PER_GB;
    const to = chargeTo("stream");
    const gb = rows * kilobytesPerRow / MILLION;
    const perRow = `${kilobytesPerRow} kB a row`;
    const taken = stream.mode === "provisioned"
        ? [to("rows put", "putUnit.million", rows / MILLION, "one put unit a row")]
        : [to("rows taken in", "onDemandStream.gbIn", gb, perRow), to("rows read", "onDemandStream.gbOut", gb, perRow)];
    return [
        ...taken,
        to("calls of the consumer", "functionCall.million", batches / MILLION, `${batches.toLocaleString("en-US")} batches, rows evenly over the month`),
        to("time of the consumer", "functionArm.gbSecond", batches * secondsPerBatch * memoryGb, `${secondsPerBatch} s a batch`),
    ];
}

/** A batch asks each variant at most once. */
function chargePredictions({ requests, rows }: Load, batches: number, { inference }: Config): readonly Charge[] {
    const calls = requests + Math.min(rows, 2 * batches);
    const to = chargeTo("serving");
    return [
        to(
            "time of predictions", "serverless.gbSecond", calls * secondsPerPrediction * inference.memoryMiB / MEBIBYTES_PER_GB,
            `${secondsPerPrediction} s a call`,
        ),
        to("rows and scores", "serverless.gb", (requests + rows) * 2 * kilobytesPerRow / MILLION, `${kilobytesPerRow} kB a row, each way`),
    ];
}

/** The whole time of a job is more than what AWS bills, which begins when the instance is there. */
function chargeJobs({ retrainRuns }: Load, { training }: Config): LoadCharges {
    if (retrainRuns === 0) return { charges: [], unpriced: [] };
    if (training.instanceType !== "ml.m5.large") {
        return { charges: [], unpriced: [`training and transform on ${training.instanceType}, ${retrainRuns} runs`] };
    }
    const to = chargeTo("pipeline");
    const hours = (state: string): number => retrainRuns * expectState(state).typical / 3600;
    return {
        charges: [
            to("training jobs", "training.m5Large.hour", hours("TrainModel"), "the usual time of a job on a small table, from start to end"),
            to("transform jobs", "transform.m5Large.hour", hours("TransformTestSet"), "the usual time of a job on a small table, from start to end"),
        ],
        unpriced: [],
    };
}

function chargePipeline({ retrainRuns, trainedGb }: Load, { functions }: Config, { resources }: Plan): readonly Charge[] {
    const definition = resources.find(({ type }) => type === STATE_MACHINE)?.inputs["definition"];
    const transitions = typeof definition === "string" ? forecastRun(definition, 1)?.transitions ?? 0 : 0;
    const seconds = retrainRuns * pipelinePasses * trainedGb / pipelineGbPerSecond;
    const to = chargeTo("pipeline");
    return [
        to("states entered", "transition.thousand", retrainRuns * transitions / 1000),
        to(
            "time of functions", "functionArm.gbSecond", seconds * functions.pipeline.memoryMiB / MEBIBYTES_PER_GB,
            `${pipelinePasses} passes at ${1000 * pipelineGbPerSecond} MB/s`,
        ),
    ];
}

/** In the first month; what is kept grows with each. */
function chargeStores({ rows, trainedGb, retrainRuns }: Load, batches: number): readonly Charge[] {
    const kept = trainedGb * (1 + retrainRuns) + rows * kilobytesPerRow / MILLION;
    const writes = batches + retrainRuns * tableWritesPerRun;
    const storage = chargeTo("storage");
    const tables = chargeTo("tables");
    return [
        storage("data, copies for each run, predictions", "storage.gbMonth", kept, "kept for the first month"),
        storage("objects written", "storagePut.million", batches / MILLION, "one a batch"),
        tables("items written", "tableWrite.million", writes / MILLION, `one a batch, ${tableWritesPerRun} a run`),
        tables("items read", "tableRead.million", batches / MILLION, "one a batch; requests are answered from memory"),
    ];
}

function chargeObservation({ requests }: Load, batches: number, plan: Plan): readonly Charge[] {
    const logGb = (requests * logKilobytesPerRequest + batches * logKilobytesPerBatch) / MILLION;
    const observability = chargeTo("observability");
    return [
        observability("own metrics under alarm", "metric.month", countOwnMetrics(plan), "at least: those that alarms read"),
        observability("logs", "logs.gb", logGb, `${logKilobytesPerRequest} kB a request, ${logKilobytesPerBatch} kB a batch`),
        chargeTo("keys")("requests to keys", "keyRequest.million", keyRequests / MILLION, "whatever the load"),
    ];
}

/** A metric is billed once it has data, by name and dimensions; those in AWS's own namespaces are free. */
function countOwnMetrics({ resources }: Plan): number {
    const own = resources.filter(({ type, inputs }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm"
        && typeof inputs["namespace"] === "string" && !/^\/?aws\//i.test(inputs["namespace"]));
    return new Set(own.map(({ inputs }) => JSON.stringify([inputs["metricName"], inputs["dimensions"]]))).size;
}

function chargeTo(component: string) {
    return (what: string, priceName: PriceName, quantity: number, assumption?: string): Charge => ({
        component, what, priceName, quantity, ...(assumption === undefined ? {} : { assumption }),
    });
}
