/** F10: endpoints are switched on before any model has been trained. */
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import { writeParameter } from "../../outputs.ts";
import { predictModel } from "../../preflight/gathering/recordPlans.ts";
import type { Break } from "./break.ts";
import type { BreakWorld } from "./breakWorld.ts";

export const broken: Break = {
    id: "F10",
    what: "endpoints are switched on in one go with everything else, for a model that is yet to be trained",
    needs: "stack",
    stopsAt: "enable-endpoints",
    message: /Could not find model data at s3:/,
    onAws: "at the model's create, in the middle of the deployment",
    source: "https://github.com/aws/sagemaker-python-sdk/issues/608",
    async inject(world) {
        const { config } = world.rehearsal.context;
        const { modelsBucketName, accountId } = await world.outputs();
        const predicted = predictModel(config, { region: world.rehearsal.cloud.target.region, accountId }, "champion");
        const inBucket = (url: string): string => url.replace(/^s3:\/\/[^/]+/, `s3://${modelsBucketName}`);
        const { modelDataUrl, schemaUrl, goldenUrl } = predicted;
        const urls = { modelDataUrl: inBucket(modelDataUrl), schemaUrl: inBucket(schemaUrl), goldenUrl: inBucket(goldenUrl) };
        await writeApproved(world, { ...predicted, ...urls });
    },
    async heal(world) {
        const { parameterPath } = await world.outputs();
        await writeParameter(world.rehearsal.context.aws, `${parameterPath}/switch`, "none");
        await writeApproved(world, undefined);
    },
};

async function writeApproved(world: BreakWorld, model: ApprovedModel | undefined): Promise<void> {
    const { parameterPath } = await world.outputs();
    const value = model === undefined ? "none" : JSON.stringify(model);
    await writeParameter(world.rehearsal.context.aws, `${parameterPath}/approved-champion`, value);
}
