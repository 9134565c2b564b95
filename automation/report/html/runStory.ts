/** What happened when: the events of a run as spans of time. Pure. */
import { isProvisioned } from "../../componentTypes.ts";
import type { Operation } from "../../engine/engine.ts";
import { laneOf } from "../../progress/liveView/runModel.ts";
import type { PhaseName, TimedEvent } from "../../progress/reporter.ts";

/** Milliseconds since the command began. */
export interface Span {
    readonly startMs: number;
    readonly endMs: number;
}

export interface PhaseSpan extends Span {
    readonly phase: PhaseName;
    /** `unfinished`: the run ended before the phase did. */
    readonly status: "done" | "failed" | "skipped" | "unfinished";
}

export interface ResourceSpan extends Span {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly operation: Operation;
    readonly status: "done" | "failed" | "unfinished";
    /** Undefined when it happened outside of any phase. */
    readonly phase: PhaseName | undefined;
}

export interface StateSpan extends Span {
    readonly state: string;
    /** A variant, or `pipeline`. */
    readonly lane: string;
    readonly isFinished: boolean;
}

export interface RunStory {
    readonly phases: readonly PhaseSpan[];
    /** Components and what stayed the same are left out: they took no time. */
    readonly resources: readonly ResourceSpan[];
    readonly states: readonly StateSpan[];
    /** Of the whole command. */
    readonly totalMs: number;
}

/** Gathers spans while it goes through the events once. */
class StoryTeller {
    readonly phases: PhaseSpan[] = [];
    readonly resources: ResourceSpan[] = [];
    readonly states: StateSpan[] = [];
    readonly #openPhases = new Map<PhaseName, number>();
    readonly #openResources = new Map<string, ResourceSpan>();
    readonly #openStates = new Map<string, StateSpan>();

    take(event: TimedEvent): void {
        switch (event.kind) {
            case "phase": return this.#takePhase(event);
            case "resource": return this.#takeResource(event);
            case "state": return this.#takeState(event);
        }
    }

    /** What never ended lasted until the end of the run. */
    finish(endMs: number): void {
        for (const [phase, startMs] of this.#openPhases) this.phases.push({ phase, startMs, endMs, status: "unfinished" });
        for (const span of this.#openResources.values()) this.resources.push({ ...span, endMs });
        for (const span of this.#openStates.values()) this.states.push({ ...span, endMs });
    }

    #takePhase({ phase, status, durationMs, atMs }: Extract<TimedEvent, { kind: "phase" }>): void {
        if (status === "started") {
            this.#openPhases.set(phase, atMs);
            return;
        }
        const startMs = this.#openPhases.get(phase) ?? atMs - (durationMs ?? 0);
        this.#openPhases.delete(phase);
        this.phases.push({ phase, startMs, endMs: atMs, status });
    }

    #takeResource({ urn, type, name, operation, status, durationMs, atMs }: Extract<TimedEvent, { kind: "resource" }>): void {
        if (!isProvisioned(type) || operation === "same") return;
        const phase = [...this.#openPhases.keys()].at(-1);
        if (status === "started") {
            this.#openResources.set(urn, { urn, type, name, operation, status: "unfinished", phase, startMs: atMs, endMs: atMs });
            return;
        }
        const startMs = durationMs === undefined ? this.#openResources.get(urn)?.startMs ?? atMs : Math.max(0, atMs - durationMs);
        this.#openResources.delete(urn);
        this.resources.push({ urn, type, name, operation, status, phase, startMs, endMs: atMs });
    }

    #takeState({ execution, state, status, atMs }: Extract<TimedEvent, { kind: "state" }>): void {
        const key = `${execution} ${state}`;
        if (status === "entered") {
            this.#openStates.set(key, {
                state: state.replace(/ \(\w+\)$/, ""), lane: laneOf(state), startMs: atMs, endMs: atMs,
                isFinished: false,
            });
            return;
        }
        const open = this.#openStates.get(key);
        this.#openStates.delete(key);
        if (open !== undefined) this.states.push({ ...open, endMs: atMs, isFinished: true });
    }
}

export function tellStory(events: readonly TimedEvent[]): RunStory {
    const teller = new StoryTeller();
    for (const event of events) teller.take(event);
    const totalMs = events.reduce((latest, { atMs }) => Math.max(latest, atMs), 0);
    teller.finish(totalMs);
    // What contains others stands before them.
    const byStart = (left: Span, right: Span): number => left.startMs - right.startMs || right.endMs - left.endMs;
    return { phases: teller.phases.sort(byStart), resources: teller.resources.sort(byStart), states: teller.states.sort(byStart), totalMs };
}

export function durationOf({ startMs, endMs }: Span): number {
    return endMs - startMs;
}
