/** F40: the account has no quota for the training machine. */
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F40",
    what: "the account is new: its quota for training machines is 0",
    needs: "stack",
    from: "train",
    stopsAt: "train",
    message: /for training job usage' is 0 Instances/,
    onAws: "at the training job, after the data was validated and prepared; the increase takes a day",
    source: "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html#limits_sagemaker",
    inject: (world) => world.configureSageMaker({ trainingInstances: { [world.rehearsal.context.config.training.instanceType]: 0 } }),
    heal: (world) => world.configureSageMaker({}),
};
