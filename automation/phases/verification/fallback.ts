import { CreateEndpointCommand, DeleteEndpointCommand, DescribeEndpointCommand, ListTagsCommand } from "@aws-sdk/client-sagemaker";
import type { Tag } from "@aws-sdk/client-sagemaker";
import type { Variant } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import { awaitSettled, expectGone, expectInService } from "../servedEndpoint.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { findKeysOf } from "./keys.ts";
import { askForKeys } from "./requests.ts";

const REMOVED: Variant = "challenger";
const REQUESTS = 10;
const WEIGHTS = { champion: 50, challenger: 50 };

/**
 * With one endpoint removed, the other answers for it and says so. The endpoint is made again with the same name, configuration and tags:
 * neither engine's state has anything else of it, so `up` finds nothing to do (docs/decisions/0012-what-verify-sends-and-removes.md).
 */
export const fallback: Check = {
    name: "fallback",
    level: "full",
    needs: "two served models",
    authorized: true,
    async run(world: VerificationWorld) {
        await world.traffic.set(WEIGHTS);
        const restore = await removeEndpoint(world);
        try {
            await world.traffic.settle();
            const answers = await askForKeys(world, findKeysOf(REMOVED, WEIGHTS, { count: REQUESTS, mark: world.mark }));
            const wrong = answers.filter(({ variant, assignedVariant, fallback: fellBack }) => variant === REMOVED || assignedVariant !== REMOVED || !fellBack);
            const [first] = wrong;
            if (first !== undefined) {
                throw new CloudRefusal(`${wrong.length} of ${REQUESTS} requests for the removed ${REMOVED} were not answered by the other variant as a fallback, e.g. ${JSON.stringify(first)}`);
            }
        } finally {
            await restore();
        }
        return `${REQUESTS} of ${REQUESTS} requests for the removed ${REMOVED} were answered by the champion and say so; its endpoint is back`;
    },
};

/** Gives the function that makes the endpoint again. */
async function removeEndpoint({ context, outputs }: VerificationWorld): Promise<() => Promise<void>> {
    const { aws } = context;
    const EndpointName = outputs.endpointNames[REMOVED];
    const status = await awaitSettled(context, EndpointName);
    if (status !== "InService") throw new CloudRefusal(`the endpoint ${EndpointName} must be in service, got ${status ?? "none"}`, "run the phase enable-endpoints: --from enable-endpoints");
    const { EndpointConfigName, EndpointArn } = await aws.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    const { Tags = [] } = await aws.sagemaker.send(new ListTagsCommand({ ResourceArn: EndpointArn }));
    await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
    return async () => {
        // Also after Ctrl-C: whoever interrupts a verification did not ask for an endpoint less.
        await expectGone({ ...context, signal: new AbortController().signal }, EndpointName);
        await aws.sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName, Tags: Tags.filter(isOwn) }));
        await expectInService(context, EndpointName);
    };
}

/** Tags that begin so are AWS's own, and cannot be given. */
function isOwn({ Key = "" }: Tag): boolean {
    return !Key.startsWith("aws:");
}
