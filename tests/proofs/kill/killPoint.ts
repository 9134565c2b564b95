/** When a driver is killed: at an edge of a phase, or somewhere within it. */
import type { PhaseName, TimedEvent } from "../../../automation/progress/reporter.ts";

export interface KillPoint {
    readonly phase: PhaseName;
    /** `started` and `done`: as soon as the phase says so. A number: the event of the phase that changes something, counted from its start. */
    readonly at: "started" | "done" | number;
    /** Waited before the kill, in milliseconds. */
    readonly delayMs: number;
}

/** Says of each event of a run, in order, whether the point has come with it. A phase that ends before its event counts as come to. */
export function watchFor(point: KillPoint): (event: TimedEvent) => boolean {
    let seen: number | undefined;
    return (event) => {
        const isEdge = event.kind === "phase" && event.phase === point.phase;
        if (isEdge && event.status === "started") seen = 0;
        else if (seen !== undefined && counts(event)) seen++;
        if (isEdge && (event.status === "done" || event.status === "failed")) return true;
        return seen !== undefined && (point.at === "started" || (typeof point.at === "number" && seen >= point.at));
    };
}

/** Whether a phase goes on. */
export class PhaseWatch {
    readonly #phase: PhaseName;
    isOpen = false;

    constructor(phase: PhaseName) {
        this.#phase = phase;
    }

    observe(event: TimedEvent): void {
        if (event.kind === "phase" && event.phase === this.#phase) this.isOpen = event.status === "started";
    }
}

/** How many events that change something each phase of an undisturbed run had. */
export function countEvents(events: readonly TimedEvent[]): ReadonlyMap<PhaseName, number> {
    const found = new Map<PhaseName, number>();
    let current: PhaseName | undefined;
    for (const event of events) {
        if (event.kind === "phase") current = event.status === "started" ? event.phase : undefined;
        else if (current !== undefined && counts(event)) found.set(current, (found.get(current) ?? 0) + 1);
    }
    return found;
}

/** Engines tell differently of what stays as it is. */
function counts(event: TimedEvent): boolean {
    return event.kind !== "resource" || (event.operation !== "same" && event.operation !== "read");
}
