/** Finds structural faults in a state machine definition: what Step Functions would refuse, and what this platform forbids. */
import type { StateMachineDefinition, State } from "../../components/inference/states.ts";

/** One sentence per fault. */
export function lintDefinition({ StartAt, States, TimeoutSeconds }: StateMachineDefinition): readonly string[] {
    const reachable = findReachable(StartAt, States);
    return [
        ...(States[StartAt] === undefined ? [`StartAt names ${StartAt}, which is no state`] : []),
        ...(TimeoutSeconds > 0 ? [] : ["the state machine has no timeout"]),
        ...Object.keys(States).filter((name) => !reachable.has(name)).map((name) => `${name} is never reached`),
        ...Object.entries(States).flatMap(([name, state]) => lintState(name, state, States)),
    ];
}

function lintState(name: string, state: State, states: Readonly<Record<string, State>>): readonly string[] {
    const faults = targetsOf(state).filter((target) => states[target] === undefined).map((target) => `${name} goes to ${target}, which is no state`);
    const isEnd = state.Type === "Succeed" || state.Type === "Fail";
    if (!isEnd && state.Type !== "Choice" && state.Next === undefined) faults.push(`${name} goes nowhere`);
    if (isEnd && state.Next !== undefined) faults.push(`${name} ends, and goes on`);
    if (state.Type === "Choice" && typeof state["Default"] !== "string") faults.push(`${name} has no default`);
    if (name.length > 80) faults.push(`${name} is longer than 80 characters`);
    if (state.Type === "Task") faults.push(...lintTask(name, state));
    return faults;
}

function lintTask(name: string, state: State): readonly string[] {
    const faults: string[] = [];
    const last = state.Catch?.at(-1);
    if (last === undefined || last.ErrorEquals.join() !== "States.ALL") faults.push(`${name} does not catch everything`);
    if (!(typeof state.TimeoutSeconds === "number" && state.TimeoutSeconds > 0)) faults.push(`${name} has no timeout`);
    const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
    if (retried.length === 0) faults.push(`${name} retries nothing`);
    for (const error of retried) if (error.startsWith("States.")) faults.push(`${name} retries ${error}, which is no throttling`);
    for (const retrier of state.Retry ?? []) {
        if (retrier.IntervalSeconds < 1 || retrier.BackoffRate < 1 || retrier.MaxAttempts > 5) faults.push(`${name} retries without bound or pause`);
    }
    const arn = String(state["Resource"]);
    if (!/^arn:aws[a-z-]*:states:::[a-zA-Z0-9:-]+(\.sync)?$/.test(arn)) faults.push(`${name} calls ${arn}, which is no integration`);
    return faults;
}

function targetsOf(state: State): readonly string[] {
    const choices = (state["Choices"] as readonly { Next: string }[] | undefined) ?? [];
    return [state.Next, state["Default"], ...choices.map(({ Next }) => Next), ...(state.Catch ?? []).map(({ Next }) => Next)]
        .filter((target): target is string => typeof target === "string");
}

function findReachable(start: string, states: Readonly<Record<string, State>>): ReadonlySet<string> {
    const found = new Set([start]);
    for (const name of found) for (const target of targetsOf(states[name] ?? { Type: "Succeed" })) found.add(target);
    return found;
}
