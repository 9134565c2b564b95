/** F47: the metric that training watches fits its objective. */
import type { PlannedResource } from "../../engine/engine.ts";
import { parametersOf } from "../planReading/definitions.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Fault } from "../planReading/remarks.ts";
import { checkStates, findTrainings, hasStates } from "../planReading/states.ts";
import { parseConfig } from "../../../components/config.ts";
import type { ModelSettings } from "../../../lambdas/shared/environment.ts";
import { tasks } from "../../../lambdas/shared/tasks.ts";
import { buildPlanEvidence, buildTrainingEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const FUNCTION = "aws:lambda/function:Function";
const SETTINGS = "MODEL_SETTINGS";

export const rule = defineRule({
    id: "F47",
    kind: "plan",
    needs: ["plan"],
    title: "The evaluation metric fits the objective",
    story: "eval_metric auc was kept when the objective became a regression. The container refuses that pair, but only when the job's "
        + "machine is up and the data is downloaded: ten minutes for one line.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost_hyperparameters.html",
    prevention: "Objective and metric come from one table by task; the configuration sets neither.",
    fix: "leave objective and eval_metric to the task, or choose a metric that fits: rmse for reg:*, auc for binary:* and rank:*",
    applies: (evidence) => settingsOf(evidence).length > 0 || hasStates(evidence.plan, findTrainings),
    async check(evidence) {
        const bySettings = await checkEach(evidence, settingsOf(evidence), ({ text }) => (
            typeof text === "string" ? checkSettings(text, evidence) : [{ open: "its settings are not known before the deployment" }]));
        const byStates = await checkStates(evidence, findTrainings, (task) => {
            const set = parametersOf(task)["HyperParameters"];
            return typeof set === "object" && set !== null ? findFaults(set as Hyperparameters) : [];
        });
        const open = [bySettings.open, byStates.open].filter((each) => each !== undefined).join("; ");
        return { findings: [...bySettings.findings, ...byStates.findings], ...(open === "" ? {} : { open }) };
    },
    mustFind: [
        {
            title: "auc for a regression",
            evidence: () => buildEvidence({ hyperparameters: { objective: "reg:squarederror", eval_metric: "auc" } }),
        },
        {
            title: "auc for the task of regression",
            evidence: () => buildEvidence({ hyperparameters: { eval_metric: "auc" } }, "regression"),
        },
        {
            title: "an objective changed for the challenger alone",
            evidence: () => buildEvidence({
                hyperparameters: { eval_metric: "auc" }, variantHyperparameters: { challenger: { objective: "reg:logistic" } },
            }, "binary"),
        },
        {
            title: "a survival metric elsewhere",
            evidence: () => buildEvidence({ hyperparameters: { objective: "reg:squarederror", eval_metric: "rmse,aft-nloglik" } }),
        },
        {
            title: "the pair in the state machine itself",
            evidence: () => buildTrainingEvidence({ HyperParameters: { objective: "reg:squarederror", eval_metric: "auc" } }),
        },
    ],
    mustPass: [
        { title: "what the task decides", evidence: () => buildEvidence({ hyperparameters: { max_depth: 4 } }, "regression") },
        {
            title: "auc for two classes",
            evidence: () => buildEvidence({ hyperparameters: { objective: "binary:logistic", eval_metric: "auc" } }),
        },
        {
            title: "rmse for a regression",
            evidence: () => buildEvidence({ hyperparameters: { objective: "reg:squarederror", eval_metric: "rmse" } }),
        },
    ],
});

interface SettingsReading extends Pick<PlannedResource, "name" | "urn"> { readonly text: unknown }

/** Several functions have the same settings: those are looked at once. */
function settingsOf({ plan }: Having<"plan">): readonly SettingsReading[] {
    const functions = plan.resources.filter(({ type }) => type === FUNCTION);
    const readings = functions.flatMap((resource) => {
        const { variables } = (resource.inputs["environment"] ?? {}) as { variables?: Readonly<Record<string, unknown>> };
        const text = variables?.[SETTINGS];
        return text === undefined ? [] : [{ name: resource.name, urn: resource.urn, text }];
    });
    return readings.filter(({ text }, index) => readings.findIndex((other) => other.text === text) === index);
}

type Hyperparameters = Readonly<Record<string, unknown>>;

/** As the functions read it; a fixture need not have all. */
type Settings = Partial<ModelSettings>;

function checkSettings(text: string, { config }: Evidence): readonly Fault[] {
    const { hyperparameters = {}, variantHyperparameters = {} } = JSON.parse(text) as Settings;
    const task = config?.data.task;
    const byTask = task === undefined ? {} : { objective: tasks[task].objective, eval_metric: tasks[task].evalMetric };
    const common = findFaults({ ...byTask, ...hyperparameters });
    const own = Object.entries(variantHyperparameters).flatMap(([variant, set]) => findFaults({ ...byTask, ...hyperparameters, ...set })
        .filter(({ what }) => !common.some((other) => other.what === what))
        .map(({ what }) => ({ what: `${what} (${variant})`, setting: `training.${variant}Hyperparameters` })));
    return [...common.map((fault) => ({ ...fault, setting: "training.hyperparameters" })), ...own];
}

/** Source: aws/sagemaker-xgboost-container, hyperparameter_validation.py. Without an objective nothing can be said: the data decides. */
function findFaults({ objective, eval_metric: evalMetric }: Hyperparameters): readonly Fault[] {
    if (typeof objective !== "string" || typeof evalMetric !== "string") return [];
    const metrics = evalMetric.split(",").map((metric) => metric.trim());
    const fits: Readonly<Record<string, boolean>> = {
        "auc": /^(binary|rank):/.test(objective),
        "aft-nloglik": objective === "survival:aft",
    };
    return metrics.filter((metric) => fits[metric] === false)
        .map((metric) => ({ what: `the container refuses eval_metric ${metric} with the objective ${objective}` }));
}

function buildEvidence(settings: Settings, task?: string): Evidence {
    const values = { data: { label: "churned", ...(task === undefined ? {} : { task }) } };
    const environment = { variables: { [SETTINGS]: JSON.stringify(settings) } };
    return {
        ...buildPlanEvidence({ type: FUNCTION, name: "preprocess-data", inputs: { environment } }),
        config: parseConfig({ project: "firstlight", stack: "dev", values }),
    };
}
