/** F74: a state machine's definition is one that Step Functions takes, and every way through it ends. */
import { findDefinitionFaults } from "../planReading/definitionFaults.ts";
import { loadSchema } from "../planReading/definitionSchema.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import { checkEach } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F74",
    kind: "plan",
    needs: ["plan"],
    title: "The state machine's definition is one that Step Functions takes, and every way through it ends",
    story: "A state was renamed, and one Next still had the old name: the deployment ended at the state machine with InvalidDefinition, "
        + "after everything else was there. Worse is what is taken: a loop that nothing counts goes on until the execution's history is full, at "
        + "25,000 events, and no Catch sees that; a task without Catch ends the run without a message, and what it holds stays held.",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html",
    prevention: "The definition is made by functions: a wait comes with its count, a task with its retries and its catch.",
    fix: "correct the state that is named; count the rounds of a loop (States.MathAdd), and leave it by a Choice that compares the count",
    prepare: loadSchema,
    applies: ({ plan }) => plan.resources.some(({ type }) => type === STATE_MACHINE),
    check(evidence) {
        const machines = evidence.plan.resources.filter(({ type }) => type === STATE_MACHINE);
        return checkEach(evidence, machines, ({ inputs: { definition } }) => (
            typeof definition === "string" ? findDefinitionFaults(definition) : [{ open: "its definition is not known before the deployment" }]));
    },
    mustFind: [
        { title: "a text that is no JSON", evidence: () => buildEvidence("{ StartAt: Work }") },
        { title: "a state that is missing", evidence: () => buildMachine({ Work: work({ Next: "Gone", End: undefined }) }) },
        { title: "a beginning that is no state", evidence: () => buildMachine({ Work: work() }, { StartAt: "Begin" }) },
        { title: "a state that nothing leads to", evidence: () => buildMachine({ Work: work(), Left: { Type: "Succeed" } }) },
        { title: "a way out of a map", evidence: () => buildMachine({ Each: map("Inner", { Next: "Each", End: undefined }) }) },
        { title: "one name for two states", evidence: () => buildMachine({ Work: map("Work") }) },
        {
            title: "a state that ends and goes on",
            evidence: () => buildMachine({ Work: work({ Next: "Done" }), Done: { Type: "Succeed" } }),
        },
        { title: "a field that no task has", evidence: () => buildMachine({ Work: work({ TimoutSeconds: 60 }) }) },
        { title: "a field of the other language", evidence: () => buildMachine({ Work: work({ Arguments: {} }) }) },
        {
            title: "an expression that cannot be read",
            evidence: () => buildMachine({ Work: work({ QueryLanguage: "JSONata", Output: "{% $states. %}" }) }),
        },
        {
            title: "a function that there is none of",
            evidence: () => buildMachine({ Work: work({ Parameters: { "name.$": "States.Formatted('{}', $.id)" } }) }),
        },
        { title: "a call without an integration", evidence: () => buildMachine({ Work: work({ Resource: "lambda:invoke" }) }) },
        { title: "a retry without a pause", evidence: () => buildMachine({ Work: work({ Retry: [{ ...RETRY, IntervalSeconds: 0 }] }) }) },
        {
            title: "States.ALL before another error",
            evidence: () => buildMachine({ Work: work({ Retry: [{ ...RETRY, ErrorEquals: ["States.ALL"] }, RETRY] }) }),
        },
        { title: "a beat that comes after the end", evidence: () => buildMachine({ Work: work({ HeartbeatSeconds: 60 }) }) },
        {
            title: "an answer to a token that nobody is told",
            evidence: () => buildMachine({
                Work: work({ Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Parameters: { QueueUrl: "letters" } }),
            }),
        },
        {
            title: "a count that stays what it is",
            evidence: () => buildMachine(loop({ Count: { ...UNCOUNTED, Parameters: { "rounds.$": "States.MathAdd($.rounds, 0)" } } })),
        },
        { title: "a loop that nothing counts", evidence: () => buildMachine(loop({ Count: UNCOUNTED })) },
        { title: "a count that nothing looks at", evidence: () => buildMachine(loop({ Decide: decide({ StringEquals: "Updating" }) })) },
        {
            title: "a task that catches one error only",
            evidence: () => buildMachine({ Work: work({ Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Failed" }] }) }),
        },
        { title: "a task that retries nothing", evidence: () => buildMachine({ Work: work({ Retry: undefined }) }) },
        { title: "a task without a timeout", evidence: () => buildMachine({ Work: work({ TimeoutSeconds: undefined }) }) },
        { title: "a machine without a timeout", evidence: () => buildMachine({ Work: work() }, { TimeoutSeconds: undefined }) },
    ],
    mustPass: [
        { title: "one task with all it needs", evidence: () => buildMachine({ Work: work() }) },
        { title: "a function whose ARN is not known yet", evidence: () => buildMachine({ Work: work({ Resource: "<arn of worker>" }) }) },
        { title: "a loop that is counted and left", evidence: () => buildMachine(loop({})) },
        {
            title: "a loop with a deadline",
            evidence: () => buildMachine(loop({ Count: UNCOUNTED, Decide: decide({ TimestampLessThanPath: "$.deadline" }) })),
        },
        { title: "a map over its own states", evidence: () => buildMachine({ Each: map("Inner") }) },
        {
            title: "an expression of several lines, and an empty text",
            evidence: () => buildMachine({
                Work: work({ QueryLanguage: "JSONata", Output: "{% (\n$x := 1;\n$x\n)%}", Arguments: { note: "" } }),
            }),
        },
        {
            title: "a partition that few know",
            evidence: () => buildMachine({ Work: work({ Resource: "arn:aws-iso:states:::sqs:sendMessage" }) }),
        },
        {
            title: "an answer to a token that is told",
            evidence: () => buildMachine({
                Work: work({
                    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", HeartbeatSeconds: 30,
                    Parameters: { MessageBody: { "token.$": "$$.Task.Token" } },
                }),
            }),
        },
        {
            title: "a failure that the map around it catches",
            evidence: () => buildMachine({ Each: { ...map("Inner"), ItemProcessor: INNER } }),
        },
        {
            title: "a choice that counts its own rounds",
            evidence: () => buildMachine({
                Look: work({ QueryLanguage: "JSONata", End: undefined, Next: "Decide" }),
                Decide: {
                    Type: "Choice", QueryLanguage: "JSONata", Default: "Failed",
                    Choices: [{ Condition: "{% $rounds < 10 %}", Assign: { rounds: "{% $rounds + 1 %}" }, Next: "Look" }],
                },
            }),
        },
    ],
});

type Fields = Readonly<Record<string, unknown>>;

const RETRY = { ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 };
const UNCOUNTED = { Type: "Pass", Next: "Look" };

const INNER = {
    StartAt: "Inner", States: { Inner: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", TimeoutSeconds: 60, Retry: [RETRY], End: true } },
};

/** A task that ends; what is undefined is left out of JSON. */
function work(changes: Fields = {}): Fields {
    const whole = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", TimeoutSeconds: 60, Retry: [RETRY], End: true };
    return { ...whole, Catch: catchTo("Failed"), ...changes };
}

function map(name: string, changes: Fields = {}): Fields {
    const states = { [name]: work({ Catch: catchTo("Lost"), ...changes }), Lost: { Type: "Fail" } };
    return { Type: "Map", ItemProcessor: { StartAt: name, States: states }, Catch: catchTo("Failed"), End: true };
}

function catchTo(state: string): readonly Fields[] {
    return [{ ErrorEquals: ["States.ALL"], Next: state }];
}

/** Asks until the answer is there, ten times at most. */
function loop(changes: Readonly<Record<string, Fields>>): Readonly<Record<string, Fields>> {
    return {
        Look: work({ End: undefined, Next: "Decide" }),
        Decide: decide({ NumericLessThan: 10 }),
        Pause: { Type: "Wait", Seconds: 5, Next: "Count" },
        Count: { Type: "Pass", Parameters: { "rounds.$": "States.MathAdd($.rounds, 1)" }, Next: "Look" },
        Done: { Type: "Succeed" },
        ...changes,
    };
}

function decide(comparison: Fields): Fields {
    return { Type: "Choice", Choices: [{ Variable: "$.rounds", ...comparison, Next: "Pause" }], Default: "Done" };
}

function buildMachine(states: Readonly<Record<string, Fields>>, changes: Fields = {}): Evidence {
    const all = { ...states, Failed: { Type: "Fail" } };
    return buildEvidence(JSON.stringify({ StartAt: Object.keys(states)[0], TimeoutSeconds: 3600, States: all, ...changes }));
}

function buildEvidence(definition: string): Evidence {
    return buildPlanEvidence({ type: STATE_MACHINE, name: "pipeline", inputs: { definition } });
}
