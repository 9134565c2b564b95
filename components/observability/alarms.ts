/** The alarms, as data: what each looks at, when it goes off, and where the runbook speaks of it. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { AlarmsConfig } from "../config/alarms.ts";
import { awsMetric } from "../facts/metrics.ts";
import type { Metric } from "../facts/metrics.ts";
import type { Watched } from "./watched.ts";

/** Sections of docs/runbook.md on alarms. */
export type AlarmSection =
    | "model-latency" | "invocation-errors" | "function-errors" | "function-throttles" | "iterator-age"
    | "executions-failed" | "executions-timed-out" | "executions-aborted" | "dead-letters";

export interface AlarmDefinition {
    /** Part of its name. */
    readonly part: string;
    readonly section: AlarmSection;
    /** One sentence, without its full stop. */
    readonly meaning: string;
    readonly metric: Metric;
    /** `Sum`, `Maximum` or a percentile. */
    readonly statistic: "Sum" | "Maximum" | "p95";
    /** In the metric's unit; the alarm goes off above it. */
    readonly threshold: number;
    /** Periods of five minutes looked at, and how many of them must be above the threshold. */
    readonly periods: { readonly looked: number; readonly above: number };
}

/** Seconds. */
export const ALARM_PERIOD = 300;

const MICROSECONDS_PER_MILLISECOND = 1000;
const MILLISECONDS_PER_SECOND = 1000;
const ONCE = { looked: 1, above: 1 };
/** Two of three: one slow spell, a cold start for example, wakes nobody up. */
const LASTING = { looked: 3, above: 2 };

/**
 * One alarm per function and kind, so that its name says where: an expression over all functions costs as much, because CloudWatch bills
 * by the metrics that an alarm looks at. 0.10 USD a month each: https://aws.amazon.com/cloudwatch/pricing/
 */
export function buildAlarms(watched: Watched, thresholds: AlarmsConfig): readonly AlarmDefinition[] {
    return [
        ...buildVariantAlarms(watched, thresholds),
        ...buildFunctionAlarms(watched, thresholds),
        ...buildStreamAlarms(watched, thresholds),
        ...buildPipelineAlarms(watched),
    ];
}

/**
 * The 5XX errors alone: a 4XX is the router's own fault or a throttled call, which the other variant answers. `InvocationModelErrors`
 * would have both, but serverless endpoints do not publish it (see the source of the metrics).
 */
function buildVariantAlarms({ endpointNames }: Watched, thresholds: AlarmsConfig): readonly AlarmDefinition[] {
    return VARIANTS.flatMap((variant): AlarmDefinition[] => [
        {
            part: `model-latency-${variant}`,
            section: "model-latency",
            meaning: `The ${variant} takes longer than ${thresholds.modelLatencyMilliseconds} ms for one request in twenty`,
            metric: awsMetric("variant", "ModelLatency", endpointNames[variant], variant),
            statistic: "p95",
            threshold: thresholds.modelLatencyMilliseconds * MICROSECONDS_PER_MILLISECOND,
            periods: LASTING,
        },
        {
            part: `invocation-errors-${variant}`,
            section: "invocation-errors",
            meaning: `More than ${thresholds.invocationErrors} requests to the ${variant} failed in five minutes`,
            metric: awsMetric("variant", "Invocation5XXErrors", endpointNames[variant], variant),
            statistic: "Sum",
            threshold: thresholds.invocationErrors,
            periods: ONCE,
        },
    ]);
}

function buildFunctionAlarms({ functionNames }: Watched, thresholds: AlarmsConfig): readonly AlarmDefinition[] {
    return Object.entries(functionNames).flatMap(([part, functionName]): AlarmDefinition[] => [
        {
            part: `function-errors-${part}`,
            section: "function-errors",
            meaning: `The function ${part} failed more than ${thresholds.functionErrors} times in five minutes`,
            metric: awsMetric("function", "Errors", functionName),
            statistic: "Sum",
            threshold: thresholds.functionErrors,
            periods: ONCE,
        },
        {
            part: `function-throttles-${part}`,
            section: "function-throttles",
            meaning: `Lambda turned calls of the function ${part} away`,
            metric: awsMetric("function", "Throttles", functionName),
            statistic: "Sum",
            threshold: 0,
            periods: ONCE,
        },
    ]);
}

function buildStreamAlarms(
    { consumerName, deadLetterQueueName }: Watched,
    { iteratorAgeSeconds }: AlarmsConfig,
): readonly AlarmDefinition[] {
    return [
        {
            part: "iterator-age",
            section: "iterator-age",
            meaning: `The stream's consumer is more than ${iteratorAgeSeconds} seconds behind`,
            metric: awsMetric("function", "IteratorAge", consumerName),
            statistic: "Maximum",
            threshold: iteratorAgeSeconds * MILLISECONDS_PER_SECOND,
            periods: ONCE,
        },
        {
            part: "dead-letters",
            section: "dead-letters",
            meaning: "Records that could not be predicted on wait for somebody",
            metric: awsMetric("queue", "ApproximateNumberOfMessagesVisible", deadLetterQueueName),
            statistic: "Maximum",
            threshold: 0,
            periods: ONCE,
        },
    ];
}

function buildPipelineAlarms({ stateMachineArn }: Watched): readonly AlarmDefinition[] {
    const common = { statistic: "Sum", threshold: 0, periods: ONCE } as const;
    return [
        {
            ...common,
            part: "executions-failed",
            section: "executions-failed",
            meaning: "A training run failed",
            metric: awsMetric("stateMachine", "ExecutionsFailed", stateMachineArn),
        },
        {
            ...common,
            part: "executions-timed-out",
            section: "executions-timed-out",
            meaning: "A training run ran out of time",
            metric: awsMetric("stateMachine", "ExecutionsTimedOut", stateMachineArn),
        },
        {
            ...common,
            part: "executions-aborted",
            section: "executions-aborted",
            meaning: "Somebody stopped a training run",
            metric: awsMetric("stateMachine", "ExecutionsAborted", stateMachineArn),
        },
    ];
}

/** What an alarm says of itself, ending with where to read on. */
export function describeAlarm({ meaning, section }: AlarmDefinition): string {
    return `${meaning}. What to do: docs/runbook.md#${section}`;
}
