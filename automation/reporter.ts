/** Everything the driver tells anybody goes through one reporter; tests use a recording one. */
import type { EngineEvent, OperationCounts } from "./engine/engine.ts";
import type { Evaluation, Variant } from "../lambdas/shared/documents.ts";
import type { PreflightResult } from "./preflight/result.ts";
import type { SamplePrediction } from "./phases/prediction.ts";

export type PhaseName = "preflight" | "up" | "train" | "enable-endpoints" | "verify" | "destroy";

export type DriverEvent =
    | EngineEvent
    | { readonly kind: "phase"; readonly phase: PhaseName; readonly status: "started" | "done" | "failed" | "skipped"; readonly durationMs?: number; readonly message?: string }
    /** A state of the training pipeline was entered or left. */
    | { readonly kind: "state"; readonly execution: string; readonly state: string; readonly status: "entered" | "done" | "failed"; readonly message?: string }
    | { readonly kind: "endpoint"; readonly endpoint: string; readonly status: string }
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

export interface Reporter {
    report(event: DriverEvent): void;
}
