/** How far a run is, from its events alone: what the live view shows. */
import { expectResource, expectState } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import { isProvisioned } from "../../componentTypes.ts";
import type { Operation } from "../../engine/engine.ts";
import type { DriverEvent, PhaseName } from "../reporter.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";

export interface PhaseProgress {
    readonly phase: PhaseName;
    readonly status: "started" | "done" | "failed" | "skipped";
    /** As the model is told the time, in milliseconds. */
    readonly startedAt: number;
    /** Absent while it runs. */
    readonly durationMs?: number;
}

/** Something that has begun and not ended. */
export interface Activity {
    readonly startedAt: number;
    readonly usual: DurationRange;
}

export interface ResourceActivity extends Activity {
    readonly name: string;
    readonly type: string;
    readonly operation: Operation;
}

export interface StateActivity extends Activity {
    readonly state: string;
}

export interface EndpointProgress {
    readonly endpoint: string;
    readonly status: string;
    /** When this status was first seen. */
    readonly since: number;
}

type EventOf<Kind extends DriverEvent["kind"]> = Extract<DriverEvent, { readonly kind: Kind }>;

/** Ended operations of the phase that runs. */
export interface OperationTally {
    readonly done: number;
    readonly failed: number;
    /** Among the done ones. */
    readonly unchanged: number;
}

/** Whoever tells these is at work again. */
const ENDS_WAITING: ReadonlySet<DriverEvent["kind"]> = new Set(["phase", "resource", "state", "end"]);

const NOTHING_DONE: OperationTally = { done: 0, failed: 0, unchanged: 0 };

export class RunModel {
    readonly startedAt: number;
    #phases: readonly PhaseProgress[] = [];
    #tally = NOTHING_DONE;
    /** The driver waits for something else than its phase: a lock, or the next attempt. */
    #waiting: string | undefined;
    readonly #resources = new Map<string, ResourceActivity>();
    readonly #states = new Map<string, StateActivity>();
    readonly #endpoints = new Map<string, EndpointProgress>();

    constructor(startedAt: number) {
        this.startedAt = startedAt;
    }

    get phases(): readonly PhaseProgress[] { return this.#phases; }
    get tally(): OperationTally { return this.#tally; }
    get waiting(): string | undefined { return this.#waiting; }
    get endpoints(): readonly EndpointProgress[] { return [...this.#endpoints.values()]; }

    /** The phase that runs; undefined between phases. */
    get current(): PhaseProgress | undefined {
        const last = this.#phases.at(-1);
        return last?.status === "started" ? last : undefined;
    }

    /** Oldest first. */
    get resources(): readonly ResourceActivity[] {
        return [...this.#resources.values()].sort((left, right) => left.startedAt - right.startedAt);
    }

    /** States that the pipeline is in, by variant; those that are in both stand under `pipeline`. Innermost: the one entered last. */
    get states(): readonly { readonly lane: string; readonly activity: StateActivity }[] {
        const lanes = new Map<string, StateActivity>();
        for (const activity of this.#states.values()) lanes.set(laneOf(activity.state), activity);
        const order = ["pipeline", ...VARIANTS];
        return [...lanes].map(([lane, activity]) => ({ lane, activity })).sort((left, right) => order.indexOf(left.lane) - order.indexOf(right.lane));
    }

    apply(event: DriverEvent, now: number): void {
        if (ENDS_WAITING.has(event.kind)) this.#waiting = undefined;
        switch (event.kind) {
            case "phase": return this.#applyPhase(event, now);
            case "resource": return this.#applyResource(event, now);
            case "state": return this.#applyState(event, now);
            case "endpoint": return this.#applyEndpoint(event, now);
            case "lock": this.#waiting = event.status === "waiting" ? `waiting for the lock: ${event.message}` : undefined; return;
            case "retry": this.#waiting = `${event.phase} begins again (attempt ${event.attempt}): ${event.message}`; return;
            case "end": return this.#clear();
        }
    }

    #applyPhase(event: EventOf<"phase">, now: number): void {
        if (event.status === "started") {
            this.#clear();
            this.#phases = [...this.#phases, { phase: event.phase, status: "started", startedAt: now }];
            return;
        }
        const startedAt = this.current?.phase === event.phase ? this.current.startedAt : now;
        const ended: PhaseProgress = {
            phase: event.phase, status: event.status, startedAt,
            durationMs: event.durationMs ?? now - startedAt,
        };
        this.#phases = [...this.#phases.filter((phase) => phase !== this.current), ended];
        this.#clear();
    }

    /** What a phase began ends with it, told or not. */
    #clear(): void {
        this.#tally = NOTHING_DONE;
        this.#resources.clear();
        this.#states.clear();
        this.#endpoints.clear();
    }

    #applyResource({ urn, type, name, operation, status }: EventOf<"resource">, now: number): void {
        if (!isProvisioned(type)) return;
        if (status === "started") {
            this.#resources.set(urn, { name, type, operation, startedAt: now, usual: expectResource(type, operation) });
            return;
        }
        this.#resources.delete(urn);
        const { done, failed, unchanged } = this.#tally;
        this.#tally = status === "failed"
            ? { done, failed: failed + 1, unchanged }
            : { done: done + 1, failed, unchanged: unchanged + (operation === "same" ? 1 : 0) };
    }

    #applyState({ execution, state, status }: EventOf<"state">, now: number): void {
        const key = `${execution} ${state}`;
        this.#states.delete(key);
        if (status === "entered") this.#states.set(key, { state, startedAt: now, usual: expectState(state) });
    }

    #applyEndpoint({ endpoint, status }: EventOf<"endpoint">, now: number): void {
        const known = this.#endpoints.get(endpoint);
        if (known?.status !== status) this.#endpoints.set(endpoint, { endpoint, status, since: now });
    }
}

/** `champion` of `TrainModel (champion)`; `pipeline` for a state without a variant. */
export function laneOf(state: string): string {
    return / \((\w+)\)$/.exec(state)?.[1] ?? "pipeline";
}
