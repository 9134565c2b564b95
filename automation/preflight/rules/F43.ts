/** F43: hyperparameters are texts. */
import { parametersOf } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import type { Remark } from "../planReading/remarks.ts";
import { checkStates, findTrainings, hasStates } from "../planReading/states.ts";
import { buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";

/**
 * A map of at most 100 texts. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html; the bounds also in
 * https://github.com/boto/botocore/tree/develop/botocore/data/sagemaker (HyperParameterKey, HyperParameterValue)
 */
const MOST = 100;
const LONGEST_NAME = 256;
const LONGEST_VALUE = 2500;

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
    applies: ({ plan }) => hasStates(plan, findTrainings),
    check: (evidence) => checkStates(evidence, findTrainings, judgeHyperparameters),
    mustFind: [
        { title: "a number", evidence: () => buildEvidence({ num_round: 100, eta: "0.1" }) },
        { title: "a number that is reckoned", evidence: () => buildEvidence({ "num_round.$": "States.MathAdd($.data.rounds, 50)" }) },
        { title: "a number in JSONata", evidence: () => buildEvidence({ num_round: "{% 100 %}" }) },
        { title: "a number that JSONata reckons", evidence: () => buildEvidence({ num_round: "{% $count($states.input.rows) %}" }) },
        { title: "a boolean", evidence: () => buildEvidence({ save_model_on_termination: true }) },
        { title: "a list", evidence: () => buildEvidence({ eval_metric: ["auc", "logloss"] }) },
        { title: "101 of them", evidence: () => buildEvidence(buildMany(MOST + 1)) },
        { title: "a text of 2501 characters", evidence: () => buildEvidence({ monotone_constraints: "0".repeat(LONGEST_VALUE + 1) }) },
    ],
    mustPass: [
        { title: "texts", evidence: () => buildEvidence({ num_round: "100" }) },
        {
            title: "a reference to what a function hands out",
            evidence: () => buildTrainingEvidence({ "HyperParameters.$": "$.data.hyperparameters" }),
        },
        { title: "a text that is looked up", evidence: () => buildEvidence({ "num_round.$": "$.data.rounds" }) },
        { title: "a number that is made a text", evidence: () => buildEvidence({ num_round: "{% $string($states.input.rounds) %}" }) },
        { title: "100 of them", evidence: () => buildEvidence(buildMany(MOST)) },
        { title: "a text of 2500 characters", evidence: () => buildEvidence({ monotone_constraints: "0".repeat(LONGEST_VALUE) }) },
    ],
});

/**
 * Functions of Step Functions that answer a number, or whatever a text holds.
 * https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
 */
const RECKONED = /^States\.(MathAdd|MathRandom|ArrayLength|StringToJson)\(/;
/** A number, a truth value, or one function that answers these. https://docs.jsonata.org/numeric-functions */
const RECKONED_IN_JSONATA = new RegExp("^\\{%\\s*(?:-?\\d+(?:\\.\\d+)?|true|false"
    + "|\\$(?:number|count|sum|max|min|average|round|floor|ceil|abs|power|sqrt|random|length|exists|not|boolean)\\([^()]*\\))\\s*%\\}$");

function judgeHyperparameters(task: StateReading): readonly Remark[] {
    const hyperparameters = parametersOf(task)["HyperParameters"];
    if (typeof hyperparameters !== "object" || hyperparameters === null) return [];
    const entries = Object.entries(hyperparameters);
    const what = `has ${entries.length} hyperparameters, and SageMaker takes ${MOST}`;
    const faults = entries.flatMap(([name, value]) => judgeEntry(name, value));
    return entries.length > MOST ? [...faults, { what, fix: "leave out what is the default" }] : faults;
}

function judgeEntry(name: string, value: unknown): readonly Remark[] {
    const what = `the hyperparameter ${name} must be a text, got ${JSON.stringify(value)}`;
    if (typeof value !== "string") return [{ what, fix: `write ${JSON.stringify(name)}: ${JSON.stringify(toText(value))}` }];
    if (RECKONED_IN_JSONATA.test(value)) return [{ what, fix: `write {% $string(${value.slice(2, -2).trim()}) %}` }];
    if (name.endsWith(".$")) return RECKONED.test(value) ? [{ what, fix: `write States.Format('{}', ${value})` }] : [];
    if (name.length <= LONGEST_NAME && value.length <= LONGEST_VALUE) return [];
    const lengths = `a name of ${name.length} characters and a text of ${value.length}`;
    const takes = `SageMaker takes ${LONGEST_NAME} and ${LONGEST_VALUE}`;
    return [{ what: `the hyperparameter ${name.slice(0, LONGEST_NAME)} has ${lengths}, and ${takes}`, fix: "shorten it" }];
}

/** As the container reads it: lists with commas between. */
function toText(value: unknown): string {
    return Array.isArray(value) ? value.join(",") : typeof value === "object" ? JSON.stringify(value) : String(value);
}

function buildEvidence(hyperparameters: Readonly<Record<string, unknown>>) {
    return buildTrainingEvidence({ HyperParameters: hyperparameters });
}

function buildMany(count: number): Readonly<Record<string, string>> {
    return Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, "1"]));
}
