/** How long a run of the training pipeline takes, from its definition. Pure. */
import { expectState } from "../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../components/facts/provisioningTimes.ts";
import { innerMachines } from "../planReading/definitions.ts";
import type { StateFields } from "../planReading/definitions.ts";
import { addRanges, NO_TIME, repeatRange, widestOf } from "./ranges.ts";

export interface RunStep {
    /** Name of the state; of a state within a Map `<map>: <state>`. */
    readonly state: string;
    readonly seconds: DurationRange;
    /** Whether it waits for a SageMaker job. */
    readonly isJob: boolean;
}

export interface RunTime {
    readonly seconds: DurationRange;
    /** What takes time, in order. */
    readonly steps: readonly RunStep[];
    /** States that are entered, those of a Map once for each element: what Step Functions bills. */
    readonly transitions: number;
}

/**
 * Along the route on which a run does all its work and waits for nobody: that with the most jobs, of those with the fewest pauses, of those
 * with the most tasks. Failures are not followed.
 *
 * @param definition JSON of the state machine
 * @param variants how many go through each Map: two in the first run, one later
 * @returns undefined for a definition by which no run can succeed
 */
export function forecastRun(definition: string, variants: number): RunTime | undefined {
    const route = findRoute(JSON.parse(definition) as StateFields);
    return route === undefined ? undefined : timeRoute(route, variants);
}

interface Stop {
    readonly name: string;
    readonly fields: StateFields;
    /** Routes of what it holds: one for a Map, one for each branch of a Parallel. */
    readonly inner: readonly Route[];
}

type Route = readonly Stop[];

function findRoute(machine: StateFields): Route | undefined {
    const states = (machine["States"] ?? {}) as Readonly<Record<string, StateFields>>;
    const stops = new Map(Object.entries(states).map(([name, fields]): [string, Stop] => {
        const inner = innerMachines(fields).map((each) => findRoute(each) ?? []);
        return [name, { name, fields, inner }];
    }));
    const follow = (name: string, before: ReadonlySet<string>): Route | undefined => {
        const stop = stops.get(name);
        if (stop === undefined || before.has(name) || stop.fields["Type"] === "Fail") return undefined;
        if (stop.fields["End"] === true || stop.fields["Type"] === "Succeed") return [stop];
        const seen = new Set([...before, name]);
        const ways = followersOf(stop.fields).map((next) => follow(next, seen)).filter((way) => way !== undefined);
        const best = ways.sort(compareRoutes)[0];
        return best === undefined ? undefined : [stop, ...best];
    };
    return follow(String(machine["StartAt"]), new Set());
}

/** The fuller one first. */
function compareRoutes(left: Route, right: Route): number {
    const excess = (test: (stop: Stop) => boolean): number => countStops(left, test) - countStops(right, test);
    const isOf = (type: string) => ({ fields }: Stop): boolean => fields["Type"] === type;
    return -excess(isJob) || excess(isOf("Wait")) || -excess(isOf("Task"));
}

/** With those within Maps and branches. */
function countStops(route: Route, test: (stop: Stop) => boolean): number {
    const within = route.flatMap(({ inner }) => inner).map((each) => countStops(each, test));
    return within.reduce((sum, each) => sum + each, route.filter(test).length);
}

function followersOf(fields: StateFields): readonly string[] {
    const choices = (fields["Choices"] ?? []) as readonly StateFields[];
    const names = [...choices.map(({ Next }) => Next), fields["Default"], fields["Next"]].filter((name) => typeof name === "string");
    return [...new Set(names)];
}

function isJob({ fields }: Pick<Stop, "fields">): boolean {
    return fields["Type"] === "Task" && String(fields["Resource"]).endsWith(".sync");
}

function timeRoute(route: Route, variants: number): RunTime {
    const timed = route.map((stop) => timeStop(stop, variants));
    return {
        seconds: addRanges(NO_TIME, ...timed.map(({ seconds }) => seconds)),
        steps: timed.flatMap(({ steps }) => steps),
        transitions: timed.reduce((sum, { transitions }) => sum + transitions, 0),
    };
}

function timeStop(stop: Stop, variants: number): RunTime {
    const { name, fields, inner } = stop;
    if (inner.length === 0) {
        const isWork = fields["Type"] === "Task" || fields["Type"] === "Wait";
        const seconds = isWork ? expectState(name) : NO_TIME;
        return { seconds, steps: isWork ? [{ state: name, seconds, isJob: isJob(stop) }] : [], transitions: 1 };
    }
    const isMap = fields["Type"] === "Map";
    const rounds = isMap ? countRounds(fields, variants) : 1;
    const within = inner.map((route) => timeRoute(route, variants));
    return {
        seconds: repeatRange(widestOf(...within.map(({ seconds }) => seconds)), rounds),
        steps: within.flatMap(({ steps }) => steps)
            .map((step) => ({ ...step, state: `${name}: ${step.state}`, seconds: repeatRange(step.seconds, rounds) })),
        transitions: 1 + within.reduce((sum, { transitions }) => sum + transitions, 0) * (isMap ? variants : 1),
    };
}

/** A Map without a bound does all its elements at once. */
function countRounds(fields: StateFields, variants: number): number {
    const bound = Number(fields["MaxConcurrency"] ?? 0);
    return bound === 0 ? 1 : Math.ceil(variants / bound);
}
