/** What routers count, in CloudWatch's embedded metric format: a log line, no call. */
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Variant } from "../documents.ts";

export interface RouterMetrics {
    /** `Predictions` by the variant that made them. */
    countPredictions(variant: Variant, count: number): void;
    /** `Fallbacks` by the variant whose share another one answered. */
    countFallbacks(variant: Variant, count: number): void;
    /** `BadRecords` of the stream. */
    countBadRecords(count: number): void;
}

/** Counts of zero leave no line. */
export function createRouterMetrics(namespace: string): RouterMetrics {
    const count = (name: string, value: number, variant?: Variant): void => {
        if (value === 0) return;
        const metrics = new Metrics({ namespace });
        // Without the library's own dimension `service`: alarms and the dashboard name dimensions exactly.
        metrics.clearDefaultDimensions();
        if (variant === undefined) metrics.addDimensions({});
        else metrics.addDimension("Variant", variant);
        metrics.addMetric(name, MetricUnit.Count, value);
        metrics.publishStoredMetrics();
    };
    return {
        countPredictions: (variant, value) => count("Predictions", value, variant),
        countFallbacks: (variant, value) => count("Fallbacks", value, variant),
        countBadRecords: (value) => count("BadRecords", value),
    };
}
