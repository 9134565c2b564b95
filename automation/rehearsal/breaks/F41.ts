/** F41: two endpoints take more concurrency than the account has. */
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F41",
    what: "the account shares out 3 concurrent serverless invocations, and two endpoints want 2 each",
    needs: "model",
    stopsAt: "enable-endpoints",
    message: /total concurrency that can be allocated across all serverless endpoints' is 3/,
    onAws: "at the second endpoint's create, after the first one has taken ten minutes",
    source: "https://repost.aws/questions/QUY0gXNLrdTH6eqqA4hv5FeA",
    async inject(world) {
        await world.endService(VARIANTS);
        await world.configureSageMaker({ serverlessConcurrency: 3 });
    },
    heal: (world) => world.configureSageMaker({}),
};
