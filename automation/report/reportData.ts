/** All that the report shows, gathered from the events of the run and from what the cloud says. Pure. */
import type { Evaluation } from "../../lambdas/shared/documents.ts";
import type { OperationCounts } from "../engine/engine.ts";
import { mergeResults } from "../preflight/result.ts";
import type { PreflightResult } from "../preflight/result.ts";
import type { DriverEvent, PhaseName } from "../reporter.ts";
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

export interface ReportData {
    readonly stack: string;
    readonly dataFile: string;
    readonly phases: readonly PhaseReport[];
    readonly preflight?: PreflightResult;
    readonly endpoint?: { readonly name: string; readonly apiUrl: string; readonly modelVersion?: string };
    readonly evaluation?: Evaluation;
    readonly predictions: readonly ComparedPrediction[];
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

/** The part of the report that the events tell. */
export type EventSummary = Pick<ReportData, "phases" | "preflight" | "evaluation"> & {
    readonly modelVersion?: string;
    readonly samples: readonly SamplePrediction[];
};

export function summarizeEvents(events: readonly DriverEvent[]): EventSummary {
    const counts = new Map(events.filter((event) => event.kind === "counts").map((event) => [event.phase, event.counts]));
    const phases = events.filter((event) => event.kind === "phase").flatMap((event): PhaseReport[] => {
        if (event.status === "started") return [];
        const done = counts.get(event.phase);
        return [{ phase: event.phase, status: event.status, durationMs: event.durationMs ?? 0, ...(done === undefined ? {} : { counts: done }) }];
    });
    const preflight = mergeResults(events.filter((event) => event.kind === "preflight").map(({ result }) => result));
    const evaluated = events.findLast((event) => event.kind === "evaluation");
    const predicted = events.findLast((event) => event.kind === "predictions");
    return {
        phases,
        ...(preflight === undefined ? {} : { preflight }),
        ...(evaluated === undefined ? {} : { evaluation: evaluated.evaluation }),
        ...(predicted === undefined ? {} : { modelVersion: predicted.modelVersion }),
        samples: predicted?.samples ?? [],
    };
}

/** @param independent scores by the second process, in the order of the samples; undefined when it did not run */
export function comparePredictions(samples: readonly SamplePrediction[], independent: readonly (readonly number[])[] | undefined): readonly ComparedPrediction[] {
    return samples.map((sample, index) => {
        const own = independent?.[index];
        const agrees = areEqual(sample.golden, sample.served) && (independent === undefined || areEqual(sample.served, own ?? []));
        return { ...sample, ...(own === undefined ? {} : { independent: own }), agrees };
    });
}
