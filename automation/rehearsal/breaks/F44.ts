/** F44: a channel does not say that it holds CSV. */
import { editDefinition, editParameters } from "./editDefinition.ts";
import type { Fields } from "./editDefinition.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F44",
    what: "the training channels lose their ContentType, so the container reads them as libsvm",
    needs: "nothing",
    stopsAt: "train",
    message: /libsvm/i,
    onAws: "five minutes into the training job, with a parser's message",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/668",
    transformInputs: editDefinition((name, state) => {
        if (name !== "TrainModel") return state;
        return editParameters(state, (parameters) => {
            const channels = parameters["InputDataConfig"] as readonly Fields[];
            return { ...parameters, InputDataConfig: channels.map(({ ContentType: _type, ...channel }) => channel) };
        });
    }),
};
