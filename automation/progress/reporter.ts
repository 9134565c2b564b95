/** Everything the driver tells anybody goes through one reporter; tests use a recording one. */
import type { Drift, EngineEvent, OperationCounts, PlannedChange } from "../engine/engine.ts";
import type { StackStatus } from "../driver/commands/status/stackStatus.ts";
import type { Evaluation, Variant, Weights } from "../../lambdas/shared/documents.ts";
import type { PreflightResult } from "../preflight/result.ts";
import type { SamplePrediction } from "../phases/prediction.ts";

export type PhaseName = "preflight" | "up" | "train" | "enable-endpoints" | "verify" | "destroy";

/** Of events that tell of what somebody else dates: when it happened, in ISO 8601, which is before it was told. Absent where the source does not say. */
interface Dated { readonly happenedAt?: string }

export type DriverEvent =
    | EngineEvent
    /** First of every command. */
    | { readonly kind: "run"; readonly command: string; readonly stack: string; readonly startedAt: string; readonly versions: Readonly<Record<string, string>> }
    /** Last of every command, also of one that failed. */
    | { readonly kind: "end"; readonly exitCode: number; readonly durationMs: number; readonly message?: string }
    /** The driver's lock, or what a dead run left of one. */
    | { readonly kind: "lock"; readonly status: "acquired" | "waiting" | "cleared" | "released"; readonly message: string }
    /** What a killed run had begun, and what became of it. */
    | { readonly kind: "pending"; readonly urn: string; readonly operation: string; readonly outcome: "adopted" | "forgotten" | "deleted"; readonly message: string }
    /** Resources that are not as the state says. */
    | { readonly kind: "drift"; readonly drift: readonly Drift[] }
    /** What an `up` would do. */
    | { readonly kind: "preview"; readonly counts: OperationCounts; readonly changes: readonly PlannedChange[] }
    /** Where the stack is, as far as it could be asked. */
    | { readonly kind: "status"; readonly status: StackStatus }
    /** A phase is run again, because what went wrong passes by itself. */
    | { readonly kind: "retry"; readonly phase: PhaseName; readonly attempt: number; readonly waitMs: number; readonly message: string }
    /** The traffic split as it is served. */
    | { readonly kind: "weights"; readonly weights: Weights; readonly drained?: Variant }
    | { readonly kind: "phase"; readonly phase: PhaseName; readonly status: "started" | "done" | "failed" | "skipped"; readonly durationMs?: number; readonly message?: string }
    /** A state of the training pipeline was entered or left. */
    | { readonly kind: "state"; readonly execution: string; readonly state: string; readonly status: "entered" | "done" | "failed"; readonly message?: string } & Dated
    | { readonly kind: "endpoint"; readonly endpoint: string; readonly status: string } & Dated
    /** What an `up` or a `destroy` did. */
    | { readonly kind: "counts"; readonly phase: PhaseName; readonly counts: OperationCounts }
    | { readonly kind: "preflight"; readonly result: PreflightResult }
    /** A model that a pipeline run ended with, and how it was judged. */
    | { readonly kind: "evaluation"; readonly variant: Variant; readonly modelVersion: string; readonly evaluation: Evaluation }
    /** Golden predictions of a variant, asked again through the deployed API. */
    | { readonly kind: "predictions"; readonly variant: Variant; readonly modelVersion: string; readonly samples: readonly SamplePrediction[] }
    /** A check of the phase verify: what it measured, or why it failed. */
    | { readonly kind: "check"; readonly name: string; readonly status: "done" | "failed"; readonly measured: string; readonly durationMs: number }
    /** A line for people: what is going on, or what was found. */
    | { readonly kind: "note"; readonly message: string };

/** An event with its time, as it stands in a file of events (docs/events.md). */
export type TimedEvent = DriverEvent & { readonly atMs: number };

export interface Reporter {
    report(event: DriverEvent): void;
}
