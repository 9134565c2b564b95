/** `aws:apigatewayv2/stage:Stage`. */
import {
    CreateStageCommand, DeleteStageCommand, GetStageCommand, UpdateStageCommand, type CreateStageCommandInput, type RouteSettings,
} from "@aws-sdk/client-apigatewayv2";
import type { PropertyMap } from "../../engine/provider.ts";
import { GONE, apiEndpoint, controlArn, currentTags, executionArn, observed, sdkInput, updateTags } from "./apigatewayCalls.ts";
import { whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { parentAndOwn } from "./importIds.ts";
import { fromSdkShape, inAskedOrder, toSdkShape } from "./documents.ts";
import { map, maps, reported, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, recorded, region, registryPage } from "./rules.ts";
import { observeTagged, tagsOf } from "./tags.ts";
import { unless } from "./wait.ts";

const STAGE_NAMES = ["autoDeploy", "description", "accessLogSettings", "defaultRouteSettings"];
const routeSettingNames = ["throttlingBurstLimit", "throttlingRateLimit", "detailedMetricsEnabled"];

/** The SDK keys route settings by route, the program has a list. */
function stageInput(inputs: PropertyMap): Omit<CreateStageCommandInput, "ApiId" | "StageName"> {
    const perRoute = maps(inputs, "routeSettings") ?? [];
    return {
        ...sdkInput<object>(inputs, STAGE_NAMES),
        StageVariables: (map(inputs, "stageVariables") ?? {}) as Record<string, string>,
        RouteSettings: Object.fromEntries(perRoute.map(({ routeKey, ...settings }) => [String(routeKey), toSdkShape<RouteSettings>(settings)])),
    };
}

function observedRouteSettings(settings: Readonly<Record<string, RouteSettings>> | undefined, asked: PropertyMap): readonly PropertyMap[] | undefined {
    const order = (maps(asked, "routeSettings") ?? []).map(({ routeKey }) => String(routeKey));
    const keys = inAskedOrder(order, Object.keys(settings ?? {})) ?? [];
    return keys.length === 0 ? undefined : keys.map((routeKey) => ({ routeKey, ...fromSdkShape(settings?.[routeKey] ?? {}) }));
}

function stageUrls(place: Place, apiId: string, name: string): { invokeUrl: string; executionArn: string; arn: string } {
    return {
        invokeUrl: name === "$default" ? `${apiEndpoint(place, apiId)}/` : `${apiEndpoint(place, apiId)}/${name}`,
        executionArn: `${executionArn(place, apiId)}/${name}`,
        arn: controlArn(place, `/apis/${apiId}/stages/${name}`),
    };
}

async function observeStage(id: string, inputs: PropertyMap, { clients, place }: HandlerContext) {
    const ApiId = requiredText(inputs, "apiId");
    const found = await unless(GONE, () => clients.apigateway.send(new GetStageCommand({ ApiId, StageName: id })));
    if (found === undefined) return undefined;
    const tags = await currentTags(controlArn(place, `/apis/${ApiId}/stages/${id}`), clients.apigateway);
    const values = {
        ...observed(found, STAGE_NAMES, inputs),
        ...reported({
            apiId: ApiId,
            name: id,
            stageVariables: found.StageVariables ?? {},
            routeSettings: observedRouteSettings(found.RouteSettings, inputs),
        }),
    };
    const computed = { ...stageUrls(place, ApiId, id), region: place.region, deploymentId: found.DeploymentId ?? "" };
    return observeTagged({ id, values, tags, computed });
}

export const httpApiStage: ResourceDefinition = {
    table: {
        type: "aws:apigatewayv2/stage:Stage",
        source: registryPage("apigatewayv2/stage"),
        inputs: {
            ...region,
            apiId: appliedReplaces,
            name: appliedReplaces,
            autoDeploy: applied,
            description: applied,
            "accessLogSettings.destinationArn": applied,
            "accessLogSettings.format": applied,
            ...Object.fromEntries(routeSettingNames.flatMap((name) => [
                [`defaultRouteSettings.${name}`, applied], [`routeSettings.${name}`, applied],
            ])),
            "routeSettings.routeKey": applied,
            stageVariables: appliedFree,
            clientCertificateId: recorded,
            tags: appliedFree,
        },
        outputs: [
            "accessLogSettings", "apiId", "arn", "autoDeploy", "clientCertificateId", "defaultRouteSettings", "deploymentId",
            "description", "executionArn", "invokeUrl", "name", "region", "routeSettings", "stageVariables", "tags", "tagsAll",
        ],
        autoName: { property: "name", maxLength: 128 },
    },
    usage: { actions: ["execute-api:Invoke"], resourceArn: (outputs) => text(outputs, "executionArn") ?? "" },
    predict: ({ inputs }, place) => {
        const { apiId, name } = inputs;
        const known = typeof apiId === "string" && typeof name === "string";
        return {
            id: whenKnown(name, (stage) => stage),
            outputs: {
                ...(known ? stageUrls(place, apiId, name) : {}),
                region: place.region,
                tagsAll: inputs["tags"] ?? {},
            },
        };
    },
    async create({ inputs }, { clients }) {
        const name = requiredText(inputs, "name");
        await clients.apigateway.send(new CreateStageCommand({
            ...stageInput(inputs), ApiId: requiredText(inputs, "apiId"), StageName: name, Tags: tagsOf(inputs),
        }));
        return name;
    },
    importId: parentAndOwn("apiId"),
    read: ({ id, inputs }, context) => observeStage(id, inputs, context),
    async update(request, { clients, place }) {
        const { id, inputs } = request;
        const ApiId = requiredText(inputs, "apiId");
        await clients.apigateway.send(new UpdateStageCommand({ ...stageInput(inputs), ApiId, StageName: id }));
        await updateTags(controlArn(place, `/apis/${ApiId}/stages/${id}`), request, clients.apigateway);
    },
    async delete({ id, inputs }, { clients }) {
        await unless(GONE, () => clients.apigateway.send(new DeleteStageCommand({ ApiId: requiredText(inputs, "apiId"), StageName: id })));
    },
};
