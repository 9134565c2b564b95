/** F45: the model is watched on validation rows, and judged only by a metric that is there. */
import { findTasks, parametersOf, readDefinitions } from "../planReading/definitions.ts";
import type { StateFields, StateReading } from "../planReading/definitions.ts";
import { buildStatesEvidence, buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F45",
    kind: "plan",
    needs: ["plan"],
    title: "Training has a validation channel, and a missing metric never passes",
    story: "A training job without a validation channel reports no validation metric. The Choice that compared it met a path that did not "
        + "exist, and the execution failed; in another project the missing metric counted as passed, and a bad model went out.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
    prevention: "Both channels are built together; every comparison is behind IsPresent and IsNumeric, and what matches nothing is "
        + "rejected.",
    fix: "add the validation channel, put IsPresent before the comparison, and let Default reject",
    applies: ({ plan }) => readDefinitions(plan)
        .some(({ states = [] }) => findTasks(states, "createTrainingJob").length > 0 || findComparisons(states).length > 0),
    check({ plan, stack }): CheckResult {
        const definitions = readDefinitions(plan);
        if (definitions.length === 0) return { findings: [], open: "there is no plan" };
        const findings = definitions.flatMap(({ resource, states = [] }) => {
            const machine = `${stack}/${resource.name}`;
            return [
                ...findTasks(states, "createTrainingJob").flatMap((task) => checkChannels(task, machine)),
                ...findComparisons(states).flatMap((state) => checkChoice(state, machine)),
            ];
        });
        return { findings };
    },
    mustFind: [
        {
            title: "a job with training rows alone",
            evidence: () => buildTrainingEvidence({ InputDataConfig: [{ ChannelName: "train", ContentType: "text/csv" }] }),
        },
        { title: "a comparison of what may be missing", evidence: () => buildChoice({ Choices: [BARE], Default: "Reject" }) },
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
            evidence: () => buildChoice({
                Choices: [GUARDED, { Variable: "$.waits.count", NumericLessThan: 9, Next: "Pass" }], Default: "Reject",
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

const NUMERIC = /^Numeric/;

/** How often a loop of the machine went round, which the machine itself counts from the start: no metric, and never missing. */
const COUNTER = /\.count$/;

/** Choices that compare numbers. */
function findComparisons(states: readonly StateReading[]): readonly StateReading[] {
    return states.filter(({ fields }) => fields["Type"] === "Choice" && choicesOf(fields).some((choice) => comparesNumbers(choice)));
}

function choicesOf(fields: StateFields): readonly StateFields[] {
    return (fields["Choices"] ?? []) as readonly StateFields[];
}

function comparesNumbers(choice: StateFields): boolean {
    return (Object.keys(choice).some((key) => NUMERIC.test(key)) && !COUNTER.test(String(choice["Variable"])))
        || ((choice["And"] ?? []) as readonly StateFields[]).some(comparesNumbers);
}

function checkChannels(task: StateReading, machine: string): Finding[] {
    const channels = parametersOf(task)["InputDataConfig"] as readonly { ChannelName?: unknown }[] | undefined;
    if (channels === undefined || channels.some(({ ChannelName: name }) => name === "validation")) return [];
    return [{
        severity: "blocker", where: `${machine}.${task.name}`,
        what: "there is no validation channel, so the job has no validation metric and never stops early",
    }];
}

function checkChoice({ name, fields }: StateReading, machine: string): Finding[] {
    const where = `${machine}.${name}`;
    const bare = choicesOf(fields).filter((choice) => comparesNumbers(choice) && !isGuarded(choice));
    const findings = bare.map((choice): Finding => ({
        severity: "blocker", where,
        what: `compares ${String(choice["Variable"] ?? "a number")} without asking IsPresent before`,
    }));
    if (fields["Default"] === undefined) {
        findings.push({
            severity: "blocker", where,
            what: "has no Default: a value that matches nothing ends the run with States.NoChoiceMatched",
        });
    }
    return findings;
}

/** Every path that is compared is asked for before. */
function isGuarded(choice: StateFields): boolean {
    const conditions = (choice["And"] ?? []) as readonly StateFields[];
    const present = new Set(conditions.filter((condition) => condition["IsPresent"] === true).map((condition) => condition["Variable"]));
    const compared = conditions.filter(comparesNumbers);
    return compared.length > 0 && compared.every((condition) => present.has(condition["Variable"]));
}

const BARE = { Variable: "$.metric", NumericGreaterThan: 0.8, Next: "Pass" };
const GUARDED = { And: [{ Variable: "$.metric", IsPresent: true }, { Variable: "$.metric", NumericGreaterThan: 0.8 }], Next: "Pass" };

function buildChoice(fields: object) {
    return buildStatesEvidence({ Check: { Type: "Choice", ...fields } });
}
