/** F45: the check compares a metric that is not there. */
import { editDefinition, editParameters } from "./editDefinition.ts";
import type { Fields } from "./editDefinition.ts";
import type { Break } from "./break.ts";

/** As a job without a validation channel leaves it: nothing at that path. */
const MISSING = "$.evaluation.metrics.validation_auc";

export const broken: Break = {
    id: "F45",
    what: "the job has no validation channel, and CheckMetrics compares the validation metric without asking whether it is there",
    needs: "nothing",
    stopsAt: "train",
    message: /Invalid path '\$\.evaluation\.metrics\.validation_auc'/,
    onAws: "after training, at the comparison",
    source: "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
    transformInputs: editDefinition((name, state) => {
        if (name === "CheckMetrics") return { ...state, Choices: [{ Variable: MISSING, NumericGreaterThan: 0.5, Next: "RegisterModel" }] };
        if (name !== "TrainModel") return state;
        return editParameters(state, (parameters) => {
            const channels = parameters["InputDataConfig"] as readonly Fields[];
            return { ...parameters, InputDataConfig: channels.filter(({ ChannelName: channel }) => channel === "train") };
        });
    }),
};
