/** Finds structural faults in a state machine definition: what Step Functions would refuse, and what this platform forbids. */
import type { StateMachineDefinition, State, States } from "../../components/inference/states.ts";

/** One sentence per fault. */
export function lintDefinition(definition: StateMachineDefinition): readonly string[] {
    const names = flattenStates(definition.States).map(([name]) => name);
    return [
        ...(definition.TimeoutSeconds > 0 ? [] : ["the state machine has no timeout"]),
        // Also across Maps: a name says which state it was in every history.
        ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is the name of two states`),
        ...lintLevel(definition),
    ];
}

/** All states, those of Maps too, by name. */
export function flattenStates(states: States): readonly (readonly [string, State])[] {
    return Object.entries(states).flatMap(([name, state]) => [[name, state] as const, ...flattenStates(state.ItemProcessor?.States ?? {})]);
}

/** The definition, or what one Map does with each of its elements: nothing leads from one level to another. */
function lintLevel({ StartAt, States }: { readonly StartAt: string; readonly States: States }): readonly string[] {
    const reachable = findReachable(StartAt, States);
    return [
        ...(States[StartAt] === undefined ? [`StartAt names ${StartAt}, which is no state`] : []),
        ...Object.keys(States).filter((name) => !reachable.has(name)).map((name) => `${name} is never reached`),
        ...Object.entries(States).flatMap(([name, state]) => lintState(name, state, States)),
        ...findUncountedLoops(States).map((loop) => `the loop ${loop} has no count, so it may never end`),
        ...Object.values(States).flatMap(({ ItemProcessor }) => (ItemProcessor === undefined ? [] : lintLevel(ItemProcessor))),
    ];
}

function lintState(name: string, state: State, states: States): readonly string[] {
    const faults = targetsOf(state).filter((target) => states[target] === undefined).map((target) => `${name} goes to ${target}, which is no state`);
    const isEnd = state.Type === "Succeed" || state.Type === "Fail" || state.End === true;
    if (!isEnd && state.Type !== "Choice" && state.Next === undefined) faults.push(`${name} goes nowhere`);
    if (isEnd && state.Next !== undefined) faults.push(`${name} ends, and goes on`);
    if (state.Type === "Choice" && typeof state["Default"] !== "string") faults.push(`${name} has no default`);
    if (state.Type === "Wait" && !(typeof state["Seconds"] === "number" && state["Seconds"] > 0)) faults.push(`${name} waits for no time`);
    if (name.length > 80) faults.push(`${name} is longer than 80 characters`);
    if (state.Type === "Task") faults.push(...lintTask(name, state));
    if (state.Type === "Task" || state.Type === "Map") faults.push(...lintCatch(name, state));
    faults.push(...lintLanguage(name, state));
    return faults;
}

function lintCatch(name: string, { Catch }: State): readonly string[] {
    const last = Catch?.at(-1);
    return last === undefined || last.ErrorEquals.join() !== "States.ALL" ? [`${name} does not catch everything`] : [];
}

/** Tasks that do the same each time, and must not be left half done. */
const REPEATABLE = ["ApproveModel", "ApproveWithoutEndpoint"];

function lintTask(name: string, state: State): readonly string[] {
    const faults: string[] = [];
    if (!(typeof state.TimeoutSeconds === "number" && state.TimeoutSeconds > 0)) faults.push(`${name} has no timeout`);
    const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
    if (retried.length === 0) faults.push(`${name} retries nothing`);
    const isRepeatable = REPEATABLE.includes(name);
    for (const error of retried) if (error.startsWith("States.") && !isRepeatable) faults.push(`${name} retries ${error}, which is no throttling`);
    for (const retrier of state.Retry ?? []) {
        if (retrier.IntervalSeconds < 1 || retrier.BackoffRate < 1 || retrier.MaxAttempts > 5) faults.push(`${name} retries without bound or pause`);
    }
    const arn = String(state["Resource"]);
    if (!/^arn:aws[a-z-]*:states:::[a-zA-Z0-9:-]+(\.sync)?$/.test(arn)) faults.push(`${name} calls ${arn}, which is no integration`);
    return faults;
}

/** Fields that Step Functions takes in one of its two languages only. */
const JSONATA_FIELDS = ["Arguments", "Output", "Items"];
const JSONPATH_FIELDS = ["Parameters", "ResultSelector", "ResultPath", "InputPath", "OutputPath", "ItemsPath", "ErrorPath", "CausePath"];

function lintLanguage(name: string, state: State): readonly string[] {
    const isJsonata = state["QueryLanguage"] === "JSONata";
    const foreign = isJsonata ? JSONPATH_FIELDS : JSONATA_FIELDS;
    const parts: readonly object[] = [state, ...state.Catch ?? []];
    const faults = foreign.filter((field) => parts.some((part) => field in part)).map((field) => `${name} has ${field}, which is not of its language`);
    const { ItemProcessor: _, ...own } = state;
    const expressions = [...JSON.stringify(own).matchAll(/"(\{%[^]*?)"(?=[,}\]])/g)].map(([, text]) => text!);
    if (!isJsonata && expressions.length > 0) faults.push(`${name} has an expression in JSONata, which is not its language`);
    for (const text of expressions) if (!text.endsWith("%}")) faults.push(`${name} has an expression that does not end`);
    for (const [, field, value] of JSON.stringify(own).matchAll(/"([^"]+)\.\$":"([^"]*)/g)) {
        if (!/^(\$|States\.)/.test(value!)) faults.push(`${name} has ${field}, which is neither a path nor a function`);
    }
    return faults;
}

/** A way round that passes no state that counts (a Pass with States.MathAdd). */
function findUncountedLoops(states: States): readonly string[] {
    const counted = new Set(Object.entries(states).filter(([, state]) => JSON.stringify(state["Parameters"] ?? {}).includes("States.MathAdd")).map(([name]) => name));
    const waysFrom = (name: string): readonly string[] => targetsOf(states[name] ?? { Type: "Succeed" }).filter((target) => !counted.has(target));
    return Object.keys(states).filter((start) => {
        const seen = new Set(waysFrom(start));
        for (const name of seen) for (const next of waysFrom(name)) seen.add(next);
        return !counted.has(start) && seen.has(start);
    });
}

function targetsOf(state: State): readonly string[] {
    const choices = (state["Choices"] as readonly { Next: string }[] | undefined) ?? [];
    return [state.Next, state["Default"], ...choices.map(({ Next }) => Next), ...(state.Catch ?? []).map(({ Next }) => Next)]
        .filter((target): target is string => typeof target === "string");
}

function findReachable(start: string, states: States): ReadonlySet<string> {
    const found = new Set([start]);
    for (const name of found) for (const target of targetsOf(states[name] ?? { Type: "Succeed" })) found.add(target);
    return found;
}
