/** F43: hyperparameters are texts. */
import { findTasks, parametersOf, readDefinitions } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import { buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Finding } from "../rule.ts";

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html: a map of at most 100 texts. */
const MOST = 100;

export const rule = defineRule({
    id: "F43",
    kind: "plan",
    needs: ["plan"],
    title: "Hyperparameters in the state machine are texts",
    story: "The definition had num_round: 100. It was taken as it was; the first run, half an hour later, ended with a parameter error, "
        + "because SageMaker takes texts only, and Step Functions converts nothing.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
    prevention: "The pipeline's own function hands out the hyperparameters, all of them texts; the definition passes them on by reference.",
    fix: "put the value in quotes: \"num_round\": \"100\"",
    applies: ({ plan }) => readDefinitions(plan)
        .some(({ states = [] }) => findTasks(states, "createTrainingJob").length > 0),
    check({ plan, stack }): CheckResult {
        const definitions = readDefinitions(plan);
        if (definitions.length === 0) return { findings: [], open: "there is no plan" };
        const findings = definitions.flatMap(({ resource, states = [] }) => findTasks(states, "createTrainingJob")
            .flatMap((task) => checkTask(task, `${stack}/${resource.name}`)));
        return { findings };
    },
    mustFind: [
        { title: "a number", evidence: () => buildTrainingEvidence({ HyperParameters: { num_round: 100, eta: "0.1" } }) },
        {
            title: "a number that is reckoned",
            evidence: () => buildTrainingEvidence({ HyperParameters: { "num_round.$": "States.MathAdd($.data.rounds, 50)" } }),
        },
        { title: "a boolean", evidence: () => buildTrainingEvidence({ HyperParameters: { save_model_on_termination: true } }) },
    ],
    mustPass: [
        { title: "texts", evidence: () => buildTrainingEvidence({ HyperParameters: { num_round: "100" } }) },
        {
            title: "a reference to what a function hands out",
            evidence: () => buildTrainingEvidence({ "HyperParameters.$": "$.data.hyperparameters" }),
        },
        {
            title: "a text that is looked up",
            evidence: () => buildTrainingEvidence({ HyperParameters: { "num_round.$": "$.data.rounds" } }),
        },
    ],
});

/**
 * Functions of Step Functions that answer a number, or whatever a text holds.
 * https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
const RECKONED = /^States\.(MathAdd|MathRandom|ArrayLength|StringToJson)\(/;

function checkTask(task: StateReading, machine: string): Finding[] {
    const hyperparameters = parametersOf(task)["HyperParameters"];
    if (typeof hyperparameters !== "object" || hyperparameters === null) return [];
    const entries = Object.entries(hyperparameters);
    const where = `${machine}.${task.name}`;
    const findings = entries.flatMap(([name, value]): Finding[] => {
        const what = `the hyperparameter ${name} must be a text, got ${JSON.stringify(value)}`;
        if (typeof value !== "string") return [{ severity: "blocker", where, what, fix: `write ${JSON.stringify(String(value))}` }];
        if (!name.endsWith(".$") || !RECKONED.test(value)) return [];
        return [{ severity: "blocker", where, what, fix: `write States.Format('{}', ${value})` }];
    });
    if (entries.length > MOST) {
        findings.push({ severity: "blocker", where, what: `has ${entries.length} hyperparameters, and SageMaker takes ${MOST}` });
    }
    return findings;
}
