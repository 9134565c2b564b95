/** Everything the driver tells anybody goes through one reporter; tests use a recording one. */
import type { EngineEvent } from "./engine/engine.ts";

export type PhaseName = "preflight" | "up" | "train" | "enable-endpoints" | "verify" | "destroy";

export type DriverEvent =
    | EngineEvent
    | { readonly kind: "phase"; readonly phase: PhaseName; readonly status: "started" | "done" | "failed" | "skipped"; readonly durationMs?: number; readonly message?: string }
    /** A state of the training pipeline was entered or left. */
    | { readonly kind: "state"; readonly execution: string; readonly state: string; readonly status: "entered" | "done" | "failed"; readonly message?: string }
    | { readonly kind: "endpoint"; readonly endpoint: string; readonly status: string }
    /** A line for people: what is going on, or what was found. */
    | { readonly kind: "note"; readonly message: string };

export interface Reporter {
    report(event: DriverEvent): void;
}
