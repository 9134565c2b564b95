/** F43: a hyperparameter in the definition comes out as a number. */
import { editDefinition, editParameters } from "./editDefinition.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F43",
    what: "the definition names its hyperparameters itself, and reckons num_round, which makes it a number",
    needs: "nothing",
    stopsAt: "train",
    message: /The value for the field 'num_round' must be a STRING/,
    onAws: "at the training job of the first run, after the data was prepared",
    source: "https://github.com/aws/aws-step-functions-data-science-sdk-python/issues/15 has the same refusal for another field",
    transformInputs: editDefinition((name, state) => {
        if (name !== "TrainModel") return state;
        const hyperparameters = { "num_round.$": "States.MathAdd(50, 50)", "objective": "binary:logistic" };
        return editParameters(state, ({ "HyperParameters.$": _reference, ...others }) => ({ ...others, HyperParameters: hyperparameters }));
    }),
};
