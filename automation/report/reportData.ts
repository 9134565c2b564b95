/** All that the report shows, gathered from the events of the run and from what the cloud says. Pure. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Evaluation, Variant, Weights } from "../../lambdas/shared/documents.ts";
import type { OperationCounts } from "../engine/engine.ts";
import { mergeResults } from "../preflight/result.ts";
import type { PreflightResult } from "../preflight/result.ts";
import type { DriverEvent, PhaseName } from "../progress/reporter.ts";
import type { EnforcementGap, UsageRecord } from "../rehearsal/cloud/cloud.ts";
import { areEqual } from "../phases/prediction.ts";
import type { SamplePrediction } from "../phases/prediction.ts";
import type { ResourceReport } from "./resourceStatus.ts";

/** One row, three times: by the transform job, by the deployed API, by a process of its own that loads the artifact. */
export interface ComparedPrediction extends SamplePrediction {
    /** Absent when no second process computed it. */
    readonly independent?: readonly number[];
    /** All that were computed are equal to 1e-6. */
    readonly agrees: boolean;
}

export interface PhaseReport {
    readonly phase: PhaseName;
    readonly status: "done" | "failed" | "skipped";
    readonly durationMs: number;
    readonly counts?: OperationCounts;
}

/** A variant as the run left it. */
export interface VariantReport {
    readonly variant: Variant;
    /** Absent when no endpoint was declared for it. */
    readonly endpointName?: string;
    readonly modelVersion?: string;
    readonly evaluation?: Evaluation;
    readonly predictions: readonly ComparedPrediction[];
}

/** A check of the phase verify. */
export interface CheckReport {
    readonly name: string;
    readonly status: "done" | "failed";
    readonly measured: string;
    readonly durationMs: number;
}

export interface ReportData {
    readonly stack: string;
    /** Which engine deployed, and its version. */
    readonly engine: string;
    readonly dataFile: string;
    readonly phases: readonly PhaseReport[];
    readonly preflight?: PreflightResult;
    readonly apiUrl: string;
    /** Variants that were trained or served, champion first. */
    readonly variants: readonly VariantReport[];
    /** What the configuration gives each variant, in percent. */
    readonly weights: Weights;
    readonly checks: readonly CheckReport[];
    /** Services that the VPC cannot reach, in words; absent without a VPC. */
    readonly unreachableServices?: readonly string[];
    /** Addresses that were asked whether they want alerts and have not answered. */
    readonly unconfirmedSubscriptions: readonly string[];
    readonly resources: readonly ResourceReport[];
    readonly gaps: readonly EnforcementGap[];
    readonly peakMemoryMiB: { readonly cloud: number; readonly driver: number };
    readonly totalMs: number;
    /** Calls that the cloud refused. A run to which no permission is missing has none, even where a refusal stops nothing. */
    readonly denied: readonly UsageRecord[];
    /** What still exists after the teardown; absent when nothing was torn down. */
    readonly leftovers?: readonly string[];
    /** Where the run's files lie; absent when they were removed. */
    readonly keptFolder?: string;
}

/** What the events tell of a variant. */
export interface VariantSummary {
    readonly variant: Variant;
    readonly modelVersion?: string;
    readonly evaluation?: Evaluation;
    readonly samples: readonly SamplePrediction[];
}

/** The part of the report that the events tell. */
export type EventSummary = Pick<ReportData, "phases" | "preflight" | "checks"> & { readonly variants: readonly VariantSummary[] };

export function summarizeEvents(events: readonly DriverEvent[]): EventSummary {
    const counts = new Map(events.filter((event) => event.kind === "counts").map((event) => [event.phase, event.counts]));
    const phases = events.filter((event) => event.kind === "phase").flatMap((event): PhaseReport[] => {
        if (event.status === "started") return [];
        const done = counts.get(event.phase);
        return [{ phase: event.phase, status: event.status, durationMs: event.durationMs ?? 0, ...(done === undefined ? {} : { counts: done }) }];
    });
    const preflight = mergeResults(events.filter((event) => event.kind === "preflight").map(({ result }) => result));
    const checks = events.filter((event) => event.kind === "check").map(({ kind: _kind, ...check }) => check);
    const variants = VARIANTS.flatMap((variant) => summarizeVariant(variant, events) ?? []);
    return { phases, checks, variants, ...(preflight === undefined ? {} : { preflight }) };
}

/** Undefined for a variant that was neither trained nor asked. */
function summarizeVariant(variant: Variant, events: readonly DriverEvent[]): VariantSummary | undefined {
    const evaluated = events.filter((event) => event.kind === "evaluation").findLast((event) => event.variant === variant);
    const predicted = events.filter((event) => event.kind === "predictions").findLast((event) => event.variant === variant);
    const modelVersion = predicted?.modelVersion ?? evaluated?.modelVersion;
    if (modelVersion === undefined) return undefined;
    return { variant, modelVersion, ...(evaluated === undefined ? {} : { evaluation: evaluated.evaluation }), samples: predicted?.samples ?? [] };
}

/** @param independent scores by the second process, in the order of the samples; undefined when it did not run */
export function comparePredictions(samples: readonly SamplePrediction[], independent: readonly (readonly number[])[] | undefined): readonly ComparedPrediction[] {
    return samples.map((sample, index) => {
        const own = independent?.[index];
        const agrees = areEqual(sample.golden, sample.served) && (independent === undefined || areEqual(sample.served, own ?? []));
        return { ...sample, ...(own === undefined ? {} : { independent: own }), agrees };
    });
}
