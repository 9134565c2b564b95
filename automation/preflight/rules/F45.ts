/** F45: the model is watched on validation rows, and judged only by a metric that is there. */
import { parametersOf } from "../planReading/definitions.ts";
import type { StateFields, StateReading } from "../planReading/definitions.ts";
import type { Remark } from "../planReading/remarks.ts";
import { listOf } from "../planReading/stateGraph.ts";
import { checkStates, findTrainings, hasStates } from "../planReading/states.ts";
import type { StateChoice } from "../planReading/states.ts";
import { buildStatesEvidence, buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";

const findJudges: StateChoice = (states) => [...findTrainings(states), ...findComparisons(states)];

export const rule = defineRule({
    id: "F45",
    kind: "plan",
    needs: ["plan"],
    title: "Training has a validation channel, and a missing metric never passes",
    story: "A training job without a validation channel reports no validation metric. The Choice that compared it met a path that did not "
        + "exist, and the execution failed; in another project the missing metric counted as passed, and a bad model went out.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
    prevention: "Both channels are built together; every comparison of a metric is behind IsPresent and IsNumeric, and what matches "
        + "nothing is rejected.",
    fix: "add the validation channel, put IsPresent before the comparison, and let Default reject",
    applies: ({ plan }) => hasStates(plan, findJudges),
    check: (evidence) => checkStates(evidence, findJudges, (state, states) => (
        state.fields["Type"] === "Choice" ? judgeChoice(state, findCounters(states)) : judgeChannels(state))),
    mustFind: [
        {
            title: "a job with training rows alone",
            evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv" }] }),
        },
        { title: "a job without channels", evidence: () => buildTrainingEvidence({}) },
        { title: "a comparison of what may be missing", evidence: () => buildChoice({ Choices: [BARE], Default: "Reject" }) },
        {
            title: "a missing metric that passes",
            evidence: () => buildChoice({
                Choices: [{ Not: { Variable: "$.metric", NumericLessThan: 0.8 }, Next: "Pass" }], Default: "Reject",
            }),
        },
        {
            title: "a question that comes after the comparison",
            evidence: () => buildChoice({ Choices: [{ And: [COMPARED, PRESENT], Next: "Pass" }], Default: "Reject" }),
        },
        {
            title: "a floor that may be missing",
            evidence: () => buildChoice({
                Choices: [{ And: [PRESENT, { Variable: "$.metric", NumericGreaterThanPath: "$.floor" }], Next: "Pass" }], Default: "Reject",
            }),
        },
        { title: "a choice without Default", evidence: () => buildChoice({ Choices: [GUARDED] }) },
    ],
    mustPass: [
        {
            title: "both channels",
            evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train" }, { ChannelName: "validation" }] }),
        },
        { title: "a comparison behind IsPresent, with a Default", evidence: () => buildChoice({ Choices: [GUARDED], Default: "Reject" }) },
        {
            title: "a loop that counts how often it went round",
            evidence: () => buildStatesEvidence({
                Count: {
                    Type: "Pass", Parameters: { "count.$": "States.MathAdd($.waits.count, 1)" }, ResultPath: "$.waits", Next: "Check",
                },
                Check: {
                    Type: "Choice", Choices: [GUARDED, { Variable: "$.waits.count", NumericLessThan: 9, Next: "Count" }], Default: "Reject",
                },
            }),
        },
        {
            title: "a count in JSONata",
            evidence: () => buildChoice({
                Choices: [GUARDED, { Condition: "{% $count($states.input.trained[$exists(error)]) > 0 %}", Next: "Pass" }],
                Default: "Reject",
            }),
        },
        {
            title: "a choice that compares texts",
            evidence: () => buildChoice({
                Choices: [GUARDED, { Variable: "$.status", StringEquals: "InService", Next: "Pass" }], Default: "Reject",
            }),
        },
    ],
});

/** Choices that compare numbers other than the rounds of a loop; in JSONata, what may be one. */
function findComparisons(states: readonly StateReading[]): readonly StateReading[] {
    const counters = findCounters(states);
    return states.filter(({ fields }) => fields["Type"] === "Choice" && listOf(fields["Choices"])
        .some((choice) => isInJsonata(choice) || findCompared(choice).some((path) => !counters.has(path))));
}

/** Paths that a state of the machine counts up. They are set before the loop begins, and are no metric. */
function findCounters(states: readonly StateReading[]): ReadonlySet<string> {
    return new Set(states.flatMap(({ fields }) => Object.entries((fields["Parameters"] ?? {}) as StateFields)
        .filter(([name, value]) => name.endsWith(".$") && String(value).startsWith("States.MathAdd("))
        .map(([name]) => `${String(fields["ResultPath"] ?? "$")}.${name.slice(0, -2)}`)));
}

/** What may be missing there: what is counted never is, and whoever writes $exists has thought of it. */
function isInJsonata(choice: StateFields): boolean {
    const condition = String(choice["Condition"] ?? "").replaceAll(/\$count\((?:[^()]|\([^()]*\))*\)/g, "0");
    return /[<>]/.test(condition) && condition.includes("$") && !condition.includes("$exists(");
}

function judgeChannels(task: StateReading): readonly Remark[] {
    const { InputDataConfig: channels, "InputDataConfig.$": reference } = parametersOf(task);
    if (reference !== undefined || typeof channels === "string") return [{ open: "its channels are not known before it runs" }];
    if (listOf(channels).some(({ ChannelName: name }) => name === "validation")) return [];
    const what = "has no validation channel, so the job has no validation metric and never stops early";
    return [{ what, fix: "add a channel with ChannelName validation to InputDataConfig" }];
}

function judgeChoice({ fields }: StateReading, counters: ReadonlySet<string>): readonly Remark[] {
    const choices = listOf(fields["Choices"]);
    const bare = new Set(choices.flatMap((choice) => findBare(choice, counters)));
    return [
        ...[...bare].map((path): Remark => ({
            what: `compares ${path} without asking before whether it is there`,
            fix: `put { "Variable": "${path}", "IsPresent": true } before it, inside an And`,
        })),
        ...(choices.some(isInJsonata) ? [{ open: "its conditions are in JSONata, which are not read" }] : []),
        ...(fields["Default"] === undefined ? [{
            what: "has no Default: a value that matches nothing ends the run with States.NoChoiceMatched",
            fix: "add a Default that rejects",
        }] : []),
    ];
}

/** Paths of a condition that are compared as numbers, wherever they stand in it. */
function findCompared(condition: StateFields): readonly string[] {
    const numeric = Object.entries(condition).filter(([key]) => key.startsWith("Numeric"));
    const floors = numeric.filter(([key]) => key.endsWith("Path")).map(([, path]) => String(path));
    return [...(numeric.length === 0 ? [] : [String(condition["Variable"]), ...floors]), ...partsOf(condition).flatMap(findCompared)];
}

/** Those of them that nothing asked for before. An And goes on only while its conditions hold, so that what stands before counts. */
function findBare(condition: StateFields, present: ReadonlySet<string>): readonly string[] {
    const parts = partsOf(condition);
    if (parts.length === 0) return findCompared(condition).filter((path) => !present.has(path));
    const before = new Set(present);
    return parts.flatMap((part) => {
        const bare = findBare(part, before);
        if ("And" in condition && part["IsPresent"] === true) before.add(String(part["Variable"]));
        return bare;
    });
}

function partsOf({ And, Or, Not }: StateFields): readonly StateFields[] {
    return [...listOf(And), ...listOf(Or), ...listOf([Not])];
}

const PRESENT = { Variable: "$.metric", IsPresent: true };
const COMPARED = { Variable: "$.metric", NumericGreaterThan: 0.8 };
const BARE = { ...COMPARED, Next: "Pass" };
const GUARDED = { And: [PRESENT, COMPARED], Next: "Pass" };

function buildChoice(fields: object) {
    return buildStatesEvidence({ Check: { Type: "Choice", ...fields } });
}
