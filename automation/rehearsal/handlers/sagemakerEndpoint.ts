/** `aws:sagemaker/endpoint:Endpoint`. */
import {
    CreateEndpointCommand, DeleteEndpointCommand, DescribeEndpointCommand, UpdateEndpointCommand, type DescribeEndpointCommandOutput,
} from "@aws-sdk/client-sagemaker";
import { predictNamed, type HandlerContext, type ResourceDefinition } from "./definition.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, region, registryPage } from "./rules.ts";
import { listTags, sagemakerArn, unlessNotFound, updateTags } from "./sagemakerCalls.ts";
import { observeTagged, tagList } from "./tags.ts";
import { waitFor } from "./wait.ts";

/** States from which an endpoint goes on by itself. */
const MOVING = ["Creating", "Updating", "SystemUpdating", "RollingBack"];
/** As long as the provider waits; an endpoint whose model is broken takes about that long on AWS. */
const IN_SERVICE_TIMEOUT_MS = 60 * 60_000;

async function find(name: string, { clients }: HandlerContext): Promise<DescribeEndpointCommandOutput | undefined> {
    return unlessNotFound(() => clients.sagemaker.send(new DescribeEndpointCommand({ EndpointName: name })));
}

/** Throws in the words of the provider when the endpoint ends elsewhere. */
async function waitUntilInService(name: string, context: HandlerContext): Promise<void> {
    await waitFor(async () => {
        const endpoint = await find(name, context);
        const status = endpoint?.EndpointStatus;
        if (status === "InService") return true;
        if (status !== undefined && MOVING.includes(status)) return undefined;
        throw new Error(`waiting for SageMaker AI Endpoint (${name}) to be in service: unexpected state '${status ?? "absent"}', `
            + `wanted target 'InService'. last error: ${endpoint?.FailureReason ?? "no reason given"}`);
    }, { what: `endpoint ${name}: InService`, timeoutMs: IN_SERVICE_TIMEOUT_MS });
}

export const sagemakerEndpoint: ResourceDefinition = {
    table: {
        type: "aws:sagemaker/endpoint:Endpoint",
        source: registryPage("sagemaker/endpoint"),
        inputs: { ...region, name: appliedReplaces, endpointConfigName: applied, tags: appliedFree },
        outputs: ["arn", "deploymentConfig", "endpointConfigName", "name", "region", "tags", "tagsAll"],
        autoName: { property: "name", maxLength: 63 },
    },
    usage: { actions: ["sagemaker:InvokeEndpoint"], resourceArn: (outputs) => text(outputs, "arn") ?? "" },
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => sagemakerArn(place, "endpoint", name)),
    async create({ inputs }, context) {
        const name = requiredText(inputs, "name");
        await context.clients.sagemaker.send(new CreateEndpointCommand({
            EndpointName: name, EndpointConfigName: requiredText(inputs, "endpointConfigName"), Tags: tagList(inputs),
        }));
        await waitUntilInService(name, context);
        return name;
    },
    /** As upstream, an endpoint that is being deleted counts as absent. */
    async read({ id }, context) {
        const endpoint = await find(id, context);
        if (endpoint === undefined || endpoint.EndpointStatus === "Deleting") return undefined;
        const tags = await listTags(endpoint.EndpointArn, context.clients.sagemaker);
        const values = reported({ name: endpoint.EndpointName, endpointConfigName: endpoint.EndpointConfigName });
        return observeTagged({ id, values, tags, computed: { arn: endpoint.EndpointArn, region: context.place.region } });
    },
    async update(request, context) {
        const { id, inputs, oldInputs } = request;
        if (hasChanged(oldInputs, inputs, "endpointConfigName")) {
            await context.clients.sagemaker.send(new UpdateEndpointCommand({
                EndpointName: id, EndpointConfigName: requiredText(inputs, "endpointConfigName"),
            }));
            await waitUntilInService(id, context);
        }
        await updateTags(sagemakerArn(context.place, "endpoint", id), request, context.clients.sagemaker);
    },
    /**
     * Returns as soon as the deletion has begun. The real provider does the same: its lookup takes `Deleting` for "not found", so its
     * waiter ends at the first poll, and the name stays taken for minutes (F02). Waiting is the work of `guards/endpointGuard.ts`.
     * Source: terraform-provider-aws, internal/service/sagemaker/endpoint.go.
     */
    async delete({ id }, context) {
        // SageMaker refuses to delete what is being deleted already.
        if ((await find(id, context))?.EndpointStatus === "Deleting") return;
        await unlessNotFound(() => context.clients.sagemaker.send(new DeleteEndpointCommand({ EndpointName: id })));
    },
};
