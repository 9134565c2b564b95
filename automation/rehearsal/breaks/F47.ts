/** F47: the objective becomes a regression, and the metric stays. */
import type { Break } from "./break.ts";

const FUNCTION = "aws:lambda/function:Function";
const SETTINGS = "MODEL_SETTINGS";

interface Environment { readonly variables?: Readonly<Record<string, string>> }

export const broken: Break = {
    id: "F47",
    what: "the hyperparameters ask for a regression, and for auc as its metric",
    needs: "nothing",
    stopsAt: "train",
    message: /'auc' can only be applied for classification and ranking problems/,
    onAws: "five minutes into the training job",
    source: "https://github.com/aws/sagemaker-xgboost-container/blob/master/src/sagemaker_xgboost_container/"
        + "algorithm_mode/hyperparameter_validation.py",
    transformInputs({ type }, inputs) {
        const { variables = {} } = (inputs["environment"] ?? {}) as Environment;
        const text = variables[SETTINGS];
        if (type !== FUNCTION || text === undefined) return inputs;
        const settings = JSON.parse(text) as { readonly hyperparameters?: object };
        const hyperparameters = { ...settings.hyperparameters, objective: "reg:squarederror", eval_metric: "auc" };
        return { ...inputs, environment: { variables: { ...variables, [SETTINGS]: JSON.stringify({ ...settings, hyperparameters }) } } };
    },
};
