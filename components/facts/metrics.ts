/** Metrics that AWS and our functions write: what a name means, in which unit, under which dimensions. Read on 2026-11-21. */

export interface MetricFamily {
    /** Absent for our own, whose namespace is the stack's prefix. */
    readonly namespace?: string;
    /** By which a metric is found: all of them, or there is no such metric. */
    readonly dimensions: readonly string[];
    /** Unit by name of the metric, as CloudWatch calls it. */
    readonly units: Readonly<Record<string, string>>;
    /** Where the names stand. */
    readonly source: string;
}

export const metricFamilies = {
    /** Everything that serverless endpoints publish and we look at; the list there is exhaustive, `InvocationModelErrors` is not on it. */
    variant: {
        namespace: "AWS/SageMaker",
        dimensions: ["EndpointName", "VariantName"],
        units: {
            Invocations: "None",
            Invocation4XXErrors: "None",
            Invocation5XXErrors: "None",
            // Not milliseconds: a threshold taken for some would be a thousand times too low.
            ModelLatency: "Microseconds",
            OverheadLatency: "Microseconds",
            ModelSetupTime: "Microseconds",
        },
        source: "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-monitoring.html",
    },
    function: {
        namespace: "AWS/Lambda",
        dimensions: ["FunctionName"],
        units: {
            Invocations: "Count", Errors: "Count", Throttles: "Count", Duration: "Milliseconds",
            ConcurrentExecutions: "Count", IteratorAge: "Milliseconds",
        },
        source: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
    },
    stream: {
        namespace: "AWS/Kinesis",
        dimensions: ["StreamName"],
        units: { "IncomingRecords": "Count", "IncomingBytes": "Bytes", "GetRecords.IteratorAgeMilliseconds": "Milliseconds" },
        source: "https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html",
    },
    stateMachine: {
        namespace: "AWS/States",
        dimensions: ["StateMachineArn"],
        units: {
            ExecutionsStarted: "Count", ExecutionsSucceeded: "Count", ExecutionsFailed: "Count",
            ExecutionsTimedOut: "Count", ExecutionsAborted: "Count",
        },
        source: "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html",
    },
    queue: {
        namespace: "AWS/SQS",
        dimensions: ["QueueName"],
        units: { ApproximateNumberOfMessagesVisible: "Count", ApproximateAgeOfOldestMessage: "Seconds" },
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
    },
    /** Written by the routers. */
    routing: {
        dimensions: ["Variant"],
        units: { Predictions: "Count", Fallbacks: "Count" },
        source: "lambdas/shared/router/metrics.ts",
    },
    /** Written by the stream's consumer. */
    records: {
        dimensions: [],
        units: { BadRecords: "Count" },
        source: "lambdas/shared/router/metrics.ts",
    },
    /** Written when a model is registered: one value per model and metric of its evaluation. */
    model: {
        dimensions: ["Variant", "Metric"],
        units: { ModelMetric: "None" },
        source: "lambdas/register-model/handler.ts",
    },
} as const satisfies Readonly<Record<string, MetricFamily>>;

export type MetricFamilyName = keyof typeof metricFamilies;
export type MetricName<Family extends MetricFamilyName> = keyof (typeof metricFamilies)[Family]["units"] & string;

/** A metric of one family under given dimensions. */
export interface Metric {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric of AWS's; the values stand in the order of the family's dimensions. */
export function awsMetric<Family extends "variant" | "function" | "stream" | "stateMachine" | "queue">(
    family: Family, name: MetricName<Family>, ...values: readonly string[]
): Metric {
    const { namespace, dimensions } = metricFamilies[family];
    return { namespace, name, dimensions: pair(dimensions, values) };
}

/** A metric of our functions'. */
export function ownMetric<Family extends "routing" | "records" | "model">(
    given: { readonly namespace: string; readonly family: Family; readonly name: MetricName<Family> }, ...values: readonly string[]
): Metric {
    return { namespace: given.namespace, name: given.name, dimensions: pair(metricFamilies[given.family].dimensions, values) };
}

function pair(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
    if (names.length !== values.length) {
        throw new Error(`a metric needs ${names.join(", ") || "no dimension"}, got ${values.length} values`);
    }
    return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}
