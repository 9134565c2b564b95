/** Faults of a state machine's definition: what Step Functions refuses, what does not end, and what a failure would end badly. */
import { innerMachines, openStates } from "./definitions.ts";
import type { StateFields } from "./definitions.ts";
import { findSchemaFaults } from "./definitionSchema.ts";
import { findLanguageFaults } from "./definitionLanguage.ts";
import type { Fault } from "./remarks.ts";
import { findLoops, findReachable, listOf, targetsOf } from "./stateGraph.ts";
import type { States } from "./stateGraph.ts";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, https://states-language.net/spec.html#states-fields */
const MOST_CHARACTERS = 1_048_576;
const LONGEST_NAME = 80;

/** What a task may call: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
const INTEGRATION = /^arn:aws[a-z-]*:states:::[a-zA-Z0-9-]+(:[a-zA-Z0-9-]+)+(\.(sync(:2)?|waitForTaskToken))?$/;
const FUNCTION_OR_ACTIVITY = /^arn:aws[a-z-]*:(lambda:[a-z0-9-]+:\d{12}:function:|states:[a-z0-9-]+:\d{12}:activity:)\S+$/;

/**
 * One sentence per fault. What Step Functions refuses, or what does not end, is certain; a task that neither retries nor catches goes
 * wrong only when something else does, so that is a warning.
 *
 * @param definition JSON of the state machine
 */
export function findDefinitionFaults(definition: string): readonly Fault[] {
    const machine = parseMachine(definition);
    if (machine === undefined) return [{ what: "its definition is no JSON object" }];
    const own = findOwnFaults(machine, definition.length);
    // The schema is asked last: what is found here is said better, and would be said twice.
    const refused = own.some(({ severity }) => severity !== "warning") ? [] : findSchemaFaults(definition);
    return [...own, ...refused.map((what) => ({ what }))];
}

function findOwnFaults(machine: StateFields, characters: number): readonly Fault[] {
    const names = openStates(machine).map(({ name }) => name);
    // https://states-language.net/spec.html#toplevelfields: unique within the whole machine, since histories know no more than the name.
    const repeated = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
    return [
        ...(characters <= MOST_CHARACTERS ? [] : [{
            what: `its definition has ${characters} characters, and Step Functions takes ${MOST_CHARACTERS}`,
        }]),
        ...repeated.map((name) => ({ what: `${name} is the name of two states` })),
        ...judgeLevel(machine, machine["QueryLanguage"] === "JSONata" ? "JSONata" : "JSONPath"),
        ...(isPeriod(machine["TimeoutSeconds"]) ? [] : [warn("the state machine has no timeout")]),
    ];
}

type Language = "JSONPath" | "JSONata";

/** The machine, or what is in a map or a branch; there a failure may be caught by the state around it. */
function judgeLevel(level: StateFields, usual: Language, isCaught = false): readonly Fault[] {
    const states = (level["States"] ?? {}) as States;
    const start = String(level["StartAt"]);
    const reachable = findReachable(start, states);
    const language = (fields: StateFields): Language => (fields["QueryLanguage"] === "JSONata" ? "JSONata" : usual);
    return [
        ...(start in states ? [] : [{ what: `StartAt names ${start}, which is no state` }]),
        ...Object.keys(states).filter((name) => !reachable.has(name)).map((name) => ({ what: `${name} is never reached` })),
        ...Object.entries(states).flatMap(([name, fields]) => [
            ...findRefusals(name, fields, states), ...findLanguageFaults(name, fields, language(fields)), ...findWeaknesses(name, fields, isCaught),
        ]),
        ...findEndlessLoops(states),
        ...Object.values(states).flatMap((fields) => innerMachines(fields)
            .flatMap((inner) => judgeLevel(inner, usual, isCaught || catchesAll(fields)))),
    ];
}

function findRefusals(name: string, fields: StateFields, states: States): readonly Fault[] {
    const type = fields["Type"];
    const isEnd = type === "Succeed" || type === "Fail" || fields["End"] === true;
    const hasNext = fields["Next"] !== undefined;
    const faults = targetsOf(fields).filter((target) => !(target in states))
        .map((target) => `${name} goes to ${target}, which is no state`);
    if (!isEnd && type !== "Choice" && !hasNext) faults.push(`${name} goes nowhere`);
    if (isEnd && hasNext) faults.push(`${name} ends, and goes on`);
    if (name.length > LONGEST_NAME) faults.push(`${name} is longer than ${LONGEST_NAME} characters`);
    if (type === "Task" && !isResource(fields["Resource"])) {
        faults.push(`${name} calls ${String(fields["Resource"])}, which is neither an integration nor a function`);
    }
    return [...faults, ...findWaitFaults(name, fields), ...findRetryFaults(name, fields), ...findAllFaults(name, fields)].map((what) => ({ what }));
}

/** Parts that are not known yet stand in angle brackets. */
function isResource(resource: unknown): boolean {
    return typeof resource === "string" && (INTEGRATION.test(resource) || FUNCTION_OR_ACTIVITY.test(resource) || resource.includes("<"));
}

/** A beat has to come before the end, and whoever is waited for has to be told the token by which it answers. */
function findWaitFaults(name: string, fields: StateFields): readonly string[] {
    const { HeartbeatSeconds: beat, TimeoutSeconds: end, Resource } = fields;
    const told = JSON.stringify([fields["Parameters"], fields["Arguments"]]);
    const isTold = /\$\$(\.Task(\.Token)?)?"|\$\$\.Task\.Token|\$states\.context/.test(told);
    return [
        // https://states-language.net/spec.html#task-state
        ...(typeof beat === "number" && typeof end === "number" && beat >= end
            ? [`${name} has HeartbeatSeconds ${beat}, which is not below its TimeoutSeconds ${end}`] : []),
        // https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
        ...(String(Resource).endsWith(".waitForTaskToken") && !isTold
            ? [`${name} waits for an answer to its token, and tells nobody the token ($$.Task.Token)`] : []),
    ];
}

/** https://states-language.net/spec.html#errors */
function findRetryFaults(name: string, fields: StateFields): readonly string[] {
    return listOf(fields["Retry"]).flatMap(({ IntervalSeconds = 1, BackoffRate = 2, MaxAttempts = 3 }) => [
        ...(Number(IntervalSeconds) >= 1 ? [] : [`${name} retries without a pause: IntervalSeconds is ${String(IntervalSeconds)}`]),
        ...(Number(BackoffRate) >= 1 ? [] : [`${name} retries ever faster: BackoffRate is ${String(BackoffRate)}`]),
        ...(Number(MaxAttempts) >= 0 ? [] : [`${name} has MaxAttempts ${String(MaxAttempts)}`]),
    ]);
}

/** `States.ALL` stands alone and last. https://states-language.net/spec.html#errors */
function findAllFaults(name: string, fields: StateFields): readonly string[] {
    return ["Retry", "Catch"].flatMap((field) => {
        const lists = listOf(fields[field]).map(({ ErrorEquals }) => (Array.isArray(ErrorEquals) ? ErrorEquals as readonly unknown[] : []));
        const isWrong = lists.some((errors, index) => errors.includes("States.ALL") && (errors.length > 1 || index < lists.length - 1));
        return isWrong ? [`${name} has States.ALL in its ${field}, and not alone at the end`] : [];
    });
}

function catchesAll(fields: StateFields): boolean {
    const last = listOf(fields["Catch"]).at(-1)?.["ErrorEquals"];
    return Array.isArray(last) && last.join() === "States.ALL";
}

function findWeaknesses(name: string, fields: StateFields, isCaught: boolean): readonly Fault[] {
    const type = fields["Type"];
    const isWork = type === "Task" || type === "Map" || type === "Parallel";
    const weaknesses: string[] = [];
    if (isWork && !isCaught && !catchesAll(fields)) weaknesses.push(`${name} does not catch everything`);
    if (type === "Task" && listOf(fields["Retry"]).length === 0) weaknesses.push(`${name} retries nothing`);
    if (type === "Task" && !isPeriod(fields["TimeoutSeconds"] ?? fields["TimeoutSecondsPath"])) weaknesses.push(`${name} has no timeout`);
    if (type === "Choice" && typeof fields["Default"] !== "string") weaknesses.push(`${name} has no default`);
    if (type === "Wait" && fields["Seconds"] !== undefined && !isPeriod(fields["Seconds"])) weaknesses.push(`${name} waits for no time`);
    return weaknesses.map(warn);
}

/** A number above zero, or what gives one. */
function isPeriod(value: unknown): boolean {
    return typeof value === "number" ? value > 0 : typeof value === "string";
}

/**
 * A loop is left by a state that counts the rounds and a choice that compares the count, or by a choice that looks at the time.
 * Otherwise it goes on until the history is full. https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
function findEndlessLoops(states: States): readonly Fault[] {
    const uncounted = findLoops(states, (fields) => counts(fields) || readsTime(fields));
    const unread = findLoops(states, (fields) => compares(fields) || readsTime(fields))
        .filter((loop) => !uncounted.some((other) => other.some((name) => loop.includes(name))));
    return [
        ...uncounted.map((loop) => ({ what: `nothing counts the rounds of the loop ${loop.join(", ")}` })),
        ...unread.map((loop) => ({ what: `no choice compares the count of the loop ${loop.join(", ")}` })),
    ];
}

function counts(fields: StateFields): boolean {
    const parts = [fields, ...listOf(fields["Choices"])];
    const text = JSON.stringify(parts.map(({ Parameters, ResultSelector, Assign, Output }) => [Parameters, ResultSelector, Assign, Output]));
    // To add nothing is not to count.
    return /States\.MathAdd\((?![^()]*,\s*-?0\s*\))/.test(text) || /\{%[^]*(\s[+-]\s|[\w)\]][+-]\d)[^]*%\}/.test(text);
}

function compares(fields: StateFields): boolean {
    return fields["Type"] === "Choice" && /"Numeric|"Condition":"\{%[^"]*[<>=]/.test(JSON.stringify(fields["Choices"]));
}

function readsTime(fields: StateFields): boolean {
    return fields["Type"] === "Choice" && /"Timestamp|\$(millis|now|toMillis)\(/.test(JSON.stringify(fields["Choices"]));
}

function warn(what: string): Fault {
    return { severity: "warning", what };
}

function parseMachine(definition: string): StateFields | undefined {
    try {
        const machine: unknown = JSON.parse(definition);
        return typeof machine === "object" && machine !== null && !Array.isArray(machine) ? machine as StateFields : undefined;
    } catch {
        return undefined;
    }
}
