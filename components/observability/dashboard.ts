/** The dashboard's body, as data: a row of graphs for each part of the platform. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import { awsMetric, ownMetric } from "../facts/metrics.ts";
import type { Metric } from "../facts/metrics.ts";
import type { Watched } from "./watched.ts";

/**
 * Columns that CloudWatch's grid has:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export const GRID_COLUMNS = 24;
const GRAPH_ROWS = 6;
const TITLE_ROWS = 1;
/** Seconds. */
const PERIOD = 300;
const DAY = 86_400;

/** One line of a graph. */
interface Line {
    readonly metric: Metric;
    readonly label: string;
    /** @default "Sum" */
    readonly stat?: string;
}

interface Graph {
    readonly title: string;
    /** Lines, or a search for metrics whose names are not known beforehand. */
    readonly lines: readonly Line[] | { readonly search: string };
    /** @default 300 seconds */
    readonly period?: number;
}

interface Section { readonly title: string; readonly graphs: readonly Graph[] }

export interface Widget {
    readonly type: "metric" | "text";
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly properties: Readonly<Record<string, unknown>>;
}

export interface DashboardBody { readonly widgets: readonly Widget[] }

/** One dashboard for all of the platform; three are free, each further one is 3 USD a month: https://aws.amazon.com/cloudwatch/pricing/ */
export function buildDashboard(watched: Watched, region: string): DashboardBody {
    const sections = [buildEndpoints(watched), buildVariants(watched), buildFunctions(watched), buildStream(watched), buildRuns(watched)];
    const widgets: Widget[] = [];
    let y = 0;
    for (const { title, graphs } of sections) {
        widgets.push({ type: "text", x: 0, y, width: GRID_COLUMNS, height: TITLE_ROWS, properties: { markdown: `## ${title}` } });
        const width = GRID_COLUMNS / graphs.length;
        graphs.forEach((graph, index) => widgets.push(placeGraph(graph, { x: index * width, y: y + TITLE_ROWS, width, region })));
        y += TITLE_ROWS + GRAPH_ROWS;
    }
    return { widgets };
}

function placeGraph(
    { title, lines, period = PERIOD }: Graph,
    place: { readonly x: number; readonly y: number; readonly width: number; readonly region: string },
): Widget {
    const { region, ...position } = place;
    const metrics = "search" in lines ? [[{ expression: lines.search, id: "found" }]] : lines.map(writeLine);
    return { type: "metric", ...position, height: GRAPH_ROWS, properties: { title, metrics, region, period, view: "timeSeries" } };
}

/** `[namespace, name, dimension, value, ..., { how }]` */
function writeLine({ metric, label, stat = "Sum" }: Line): readonly unknown[] {
    return [metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat(), { label, stat }];
}

function buildEndpoints({ endpointNames }: Watched): Section {
    type VariantMetric = Parameters<typeof awsMetric<"variant">>[1];
    const perVariant = (name: VariantMetric, stats: readonly string[] = ["Sum"]): readonly Line[] => VARIANTS.flatMap((variant) => (
        stats.map((stat) => ({
            metric: awsMetric("variant", name, endpointNames[variant], variant),
            stat,
            label: stats.length > 1 ? `${variant} ${stat}` : variant,
        }))
    ));
    const failed = VARIANTS.flatMap((variant) => (["Invocation4XXErrors", "Invocation5XXErrors"] as const).map((name) => (
        {
            metric: awsMetric("variant", name, endpointNames[variant], variant),
            label: `${variant} ${name.slice("Invocation".length, -"Errors".length)}`,
        }
    )));
    return {
        title: "Endpoints",
        graphs: [
            { title: "Invocations", lines: perVariant("Invocations") },
            { title: "Model latency (microseconds)", lines: perVariant("ModelLatency", ["p50", "p95", "p99"]) },
            { title: "Overhead and set-up (microseconds, p95)", lines: [
                ...perVariant("OverheadLatency", ["p95"]).map((line) => ({ ...line, label: `${line.label} overhead` })),
                ...perVariant("ModelSetupTime", ["p95"]).map((line) => ({ ...line, label: `${line.label} set-up` })),
            ] },
            { title: "Failed invocations", lines: failed },
        ],
    };
}

function buildVariants({ metricsNamespace: namespace }: Watched): Section {
    const routed = (name: "Predictions" | "Fallbacks"): readonly Line[] => VARIANTS.map((variant) => (
        { metric: ownMetric({ namespace, family: "routing", name }, variant), label: variant }
    ));
    return {
        title: "Champion and challenger",
        graphs: [
            { title: "Split: predictions by variant", lines: routed("Predictions") },
            { title: "Fallbacks: answered by the other variant", lines: routed("Fallbacks") },
            // Which metrics a model has depends on the task.
            {
                title: "Accuracy of registered models",
                lines: { search: `SEARCH('{"${namespace}","Variant","Metric"} MetricName="ModelMetric"', 'Average', ${DAY})` },
                period: DAY,
            },
        ],
    };
}

function buildFunctions({ functionNames }: Watched): Section {
    const functions = Object.entries(functionNames);
    type FunctionMetric = Parameters<typeof awsMetric<"function">>[1];
    const each = (name: FunctionMetric, stat = "Sum"): readonly Line[] => functions.map(([label, functionName]) => (
        { metric: awsMetric("function", name, functionName), label, stat }
    ));
    return {
        title: "Functions",
        graphs: [
            { title: "Errors", lines: each("Errors") },
            { title: "Duration (milliseconds, p95)", lines: each("Duration", "p95") },
            { title: "Throttles", lines: each("Throttles") },
            { title: "Concurrent executions", lines: each("ConcurrentExecutions", "Maximum") },
        ],
    };
}

function buildStream({ streamName, consumerName, deadLetterQueueName, metricsNamespace: namespace }: Watched): Section {
    return {
        title: "Stream",
        graphs: [
            { title: "Incoming records", lines: [{ metric: awsMetric("stream", "IncomingRecords", streamName), label: "records" }] },
            { title: "Age of the oldest record (milliseconds)", lines: [
                { metric: awsMetric("function", "IteratorAge", consumerName), label: "when the consumer got it", stat: "Maximum" },
                { metric: awsMetric("stream", "GetRecords.IteratorAgeMilliseconds", streamName), label: "in the stream", stat: "Maximum" },
            ] },
            { title: "Dead letters", lines: [
                {
                    metric: awsMetric("queue", "ApproximateNumberOfMessagesVisible", deadLetterQueueName),
                    label: "waiting",
                    stat: "Maximum",
                },
                { metric: ownMetric({ namespace, family: "records", name: "BadRecords" }), label: "bad records" },
            ] },
        ],
    };
}

function buildRuns({ stateMachineArn }: Watched): Section {
    const line = (name: Parameters<typeof awsMetric<"stateMachine">>[1], label: string): Line => ({
        metric: awsMetric("stateMachine", name, stateMachineArn), label,
    });
    return {
        title: "Training runs",
        graphs: [
            { title: "Started and succeeded", lines: [line("ExecutionsStarted", "started"), line("ExecutionsSucceeded", "succeeded")] },
            {
                title: "Ended otherwise",
                lines: [line("ExecutionsFailed", "failed"), line("ExecutionsTimedOut", "timed out"), line("ExecutionsAborted", "aborted")],
            },
        ],
    };
}
