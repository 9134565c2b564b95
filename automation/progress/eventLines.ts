/** Turns events into lines for people. Keeps only what the lines need: which phase runs, since when, and how far it is. */
import type { Drift, OperationCounts } from "../engine/engine.ts";
import { renderPreflight } from "../preflight/render/text.ts";
import type { DriverEvent, PhaseName } from "./reporter.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Evaluation } from "../../lambdas/shared/documents.ts";
import { areEqual } from "../phases/prediction.ts";

export class EventLines {
    readonly #startedAt: number;
    #phase: PhaseName | undefined;
    #phaseStartedAt = 0;
    #doneResources = 0;
    #activity = "";
    readonly #stateEnteredAt = new Map<string, number>();

    constructor(startedAt: number) {
        this.#startedAt = startedAt;
    }

    /** Lines that are worth keeping; none for what only moves the status. */
    describe(event: DriverEvent, now: number): readonly string[] {
        // An answer of many lines, which a time before each would only make harder to read.
        if (event.kind === "preflight") return ["", ...renderPreflight(event.result), ""];
        // The words of a cloud or a function may be several lines.
        return this.#bodyOf(event, now).flatMap((line) => line.split("\n")).map((line) => `${formatSeconds(now - this.#startedAt).padStart(8)}  ${line}`);
    }

    /** One line: phase, count and elapsed time. */
    status(now: number): string {
        if (this.#phase === undefined) return "";
        const count = this.#doneResources === 0 ? "" : ` ${this.#doneResources} resources,`;
        return `${formatSeconds(now - this.#startedAt).padStart(8)}  ${this.#phase}:${count} ${formatSeconds(now - this.#phaseStartedAt)} ${this.#activity}`;
    }

    #bodyOf(event: DriverEvent, now: number): readonly string[] {
        switch (event.kind) {
            case "phase": return this.#describePhase(event, now);
            case "resource": return this.#describeResource(event);
            case "state": return this.#describeState(event, now);
            case "counts": return [`  ${formatCounts(event.counts)}`];
            case "preflight": return [];
            case "evaluation": return describeEvaluation(event.evaluation).map((line) => `  ${event.variant}: ${line}`);
            case "predictions": {
                const right = event.samples.filter(({ golden, served }) => areEqual(golden, served)).length;
                return [`  ${event.variant}: ${right} of ${event.samples.length} golden predictions are answered alike`];
            }
            case "check": return [`  ${event.status === "done" ? "checked" : "FAILED"} ${event.name} ${formatSeconds(event.durationMs)}: ${event.measured}`];
            case "endpoint": return [`  endpoint ${event.endpoint}: ${event.status}`];
            case "note": return [`  ${event.message}`];
            case "diagnostic": return event.severity === "info" ? [] : [`  ${event.severity}: ${event.message}`];
            case "run": return describeRun(event);
            case "end": return [`${event.exitCode === 0 ? "done" : `ended with exit code ${event.exitCode}`} after ${formatSeconds(event.durationMs)}`];
            case "lock": return [`  lock ${event.status}: ${event.message}`];
            case "pending": return [`  ${event.operation} ${nameOfUrn(event.urn)} was not finished; ${event.outcome}: ${event.message}`];
            case "drift": return describeDrift(event.drift);
            case "preview": return describePreview(event);
            // The command prints it: it is an answer, not a step.
            case "status": return [];
            case "retry": return [`  again in ${formatSeconds(event.waitMs)} (attempt ${event.attempt}): ${event.message}`];
            case "weights": return [`  ${describeWeights(event)}`];
        }
    }

    #describePhase(event: Extract<DriverEvent, { kind: "phase" }>, now: number): readonly string[] {
        if (event.status === "started") {
            this.#phase = event.phase;
            this.#phaseStartedAt = now;
            this.#doneResources = 0;
            this.#activity = "";
            return [event.phase];
        }
        this.#phase = undefined;
        const took = event.durationMs === undefined ? "" : ` after ${formatSeconds(event.durationMs)}`;
        return [`${event.phase} ${event.status}${took}`];
    }

    #describeResource(event: Extract<DriverEvent, { kind: "resource" }>): readonly string[] {
        if (event.status === "started") {
            this.#activity = `${event.operation} ${event.name}`;
            return [];
        }
        if (event.status === "failed") return [`  ${event.operation} ${event.name} failed: ${event.message ?? "no reason given"}`];
        this.#doneResources++;
        return [];
    }

    #describeState(event: Extract<DriverEvent, { kind: "state" }>, now: number): readonly string[] {
        if (event.status === "entered") {
            this.#stateEnteredAt.set(event.state, now);
            this.#activity = event.state;
            return [];
        }
        if (event.status === "failed") return [`  ${event.state} failed: ${event.message ?? "no reason given"}`];
        const enteredAt = this.#stateEnteredAt.get(event.state) ?? now;
        return [`  ${event.state} ${formatSeconds(now - enteredAt)}`];
    }
}

function describeRun({ command, stack, versions }: Extract<DriverEvent, { kind: "run" }>): readonly string[] {
    const known = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
    return [`${command} ${stack}${known === "" ? "" : ` (${known})`}`];
}

function describeDrift(drift: readonly Drift[]): readonly string[] {
    if (drift.length === 0) return ["  every resource is as the state says"];
    return drift.map(({ kind, name, type, properties }) => `  ${kind} outside: ${name} (${type})${properties.length === 0 ? "" : `: ${properties.join(", ")}`}`);
}

function describePreview({ counts, changes }: Extract<DriverEvent, { kind: "preview" }>): readonly string[] {
    const lines = changes.map(({ operation, name, type, properties }) => (
        `  ${operation.padEnd("replace".length)} ${name} (${type})${properties.length === 0 ? "" : `: ${properties.join(", ")}`}`));
    return [...lines, `  would be: ${formatCounts(counts)}`];
}

/** `requests: champion 90 %, challenger 10 %`. */
export function describeWeights({ weights, drained }: Pick<Extract<DriverEvent, { kind: "weights" }>, "weights" | "drained">): string {
    const shares = VARIANTS.map((variant) => `${variant} ${weights[variant]} %`).join(", ");
    return `requests: ${shares}${drained === undefined ? "" : `; the ${drained} is drained, its share goes to the other`}`;
}

/** The last part of a URN: what the program calls the resource. */
export function nameOfUrn(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}

export function formatSeconds(milliseconds: number): string {
    const seconds = milliseconds / 1000;
    return seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** `78 created, 2 updated`; what stayed the same is named last. */
export function formatCounts(counts: OperationCounts): string {
    const words = { create: "created", update: "updated", replace: "replaced", delete: "deleted", retain: "retained", read: "read", same: "unchanged" } as const;
    const parts = Object.entries(words).map(([operation, word]) => [counts[operation as keyof OperationCounts] ?? 0, word] as const);
    const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
    return shown.length === 0 ? "nothing to do" : shown.join(", ");
}

export function describeEvaluation({ task, rows, metrics, gate }: Evaluation): readonly string[] {
    const sign = gate.direction === "maximize" ? ">=" : "<=";
    const others = Object.entries(metrics).filter(([name]) => name !== gate.metric).map(([name, value]) => `${name} ${formatMetric(value)}`);
    return [
        `${task} model, judged on ${rows} test rows: ${gate.metric} ${formatMetric(gate.value)} (${sign} ${gate.floor})`,
        ...(others.length === 0 ? [] : [`also ${others.join(", ")}`]),
    ];
}

/** Four digits; whole numbers as they are; a hyphen for none. */
export function formatMetric(value: number | undefined): string {
    if (value === undefined) return "-";
    return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
