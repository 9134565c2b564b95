/** `aws:apigatewayv2/*`: an HTTP API, its integrations, routes and stages. */
import {
    CreateApiCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand, DeleteApiCommand, DeleteCorsConfigurationCommand,
    DeleteIntegrationCommand, DeleteRouteCommand, DeleteStageCommand, GetApiCommand, GetIntegrationCommand, GetRouteCommand,
    GetStageCommand, GetTagsCommand, TagResourceCommand, UntagResourceCommand, UpdateApiCommand, UpdateIntegrationCommand, UpdateRouteCommand,
    UpdateStageCommand, type ApiGatewayV2Client, type Cors, type CreateApiCommandInput, type CreateIntegrationCommandInput,
    type CreateRouteCommandInput, type CreateStageCommandInput, type RouteSettings,
} from "@aws-sdk/client-apigatewayv2";
import { UNKNOWN, type PropertyMap, type PropertyRule, type UpdateRequest } from "../../engine/provider.ts";
import { regionalArn, whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { fromSdkShape, inAskedOrder, toSdkShape } from "./documents.ts";
import { amount, isMap, map, maps, reported, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedFree, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, tagChange, tagOutputs, tagsOf, withoutSystemTags } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["NotFoundException"];

/** Inputs named `names`, in the SDK's spelling. */
function sdkInput<Shape>(inputs: PropertyMap, names: readonly string[]): Shape {
    return toSdkShape<Shape>(Object.fromEntries(names.filter((name) => name in inputs).map((name) => [name, inputs[name] ?? null])));
}

/** What the API reports under `names`, in the program's spelling, lists in the order that was asked. */
function observed(answer: object, names: readonly string[], asked: PropertyMap): PropertyMap {
    const values = fromSdkShape(answer);
    return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, orderAsAsked(asked[name], values[name] ?? null)]));
}

function orderAsAsked(asked: PropertyMap[string] | undefined, actual: PropertyMap[string]): PropertyMap[string] {
    if (isMap(asked) && isMap(actual)) {
        return Object.fromEntries(Object.entries(actual).map(([key, value]) => [key, orderAsAsked(asked[key], value)]));
    }
    const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string");
    return isTexts(asked) && isTexts(actual) ? (inAskedOrder(asked, actual) ?? actual) : actual;
}

/** API Gateway's resources are tagged by an ARN without an account. */
function controlArn(place: Place, path: string): string {
    return `arn:${place.partition}:apigateway:${place.region}::${path}`;
}

/** Asked apart: the rehearsal cloud shows changed tags here only. */
async function currentTags(arn: string, client: ApiGatewayV2Client): Promise<Record<string, string>> {
    return withoutSystemTags((await client.send(new GetTagsCommand({ ResourceArn: arn }))).Tags);
}

async function updateTags(arn: string, { oldInputs, inputs }: UpdateRequest, client: ApiGatewayV2Client): Promise<void> {
    await applyTagChange(
        tagChange(oldInputs, inputs),
        (Tags) => client.send(new TagResourceCommand({ ResourceArn: arn, Tags })),
        (TagKeys) => client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys })),
    );
}

const API_NAMES = ["name", "protocolType", "description", "version", "disableExecuteApiEndpoint", "routeSelectionExpression", "apiKeySelectionExpression"];
const corsInputs: Readonly<Record<string, PropertyRule>> = Object.fromEntries(
    ["allowCredentials", "allowHeaders", "allowMethods", "allowOrigins", "exposeHeaders", "maxAge"].map((name) => [`corsConfiguration.${name}`, applied]),
);

function apiEndpoint(place: Place, id: string): string {
    return `https://${id}.execute-api.${place.region}.${place.dnsSuffix}`;
}

function executionArn(place: Place, apiId: string): string {
    return regionalArn(place, "execute-api", apiId);
}

export const httpApi: ResourceDefinition = {
    table: {
        type: "aws:apigatewayv2/api:Api",
        source: registryPage("apigatewayv2/api"),
        inputs: {
            ...region,
            name: applied,
            protocolType: appliedReplaces,
            description: applied,
            version: recorded,
            disableExecuteApiEndpoint: applied,
            ipAddressType: recorded,
            ...corsInputs,
            tags: appliedFree,
        },
        outputs: [
            "apiEndpoint", "apiKeySelectionExpression", "arn", "body", "corsConfiguration", "credentialsArn", "description",
            "disableExecuteApiEndpoint", "executionArn", "failOnWarnings", "ipAddressType", "name", "protocolType", "region", "routeKey",
            "routeSelectionExpression", "tags", "tagsAll", "target", "version",
        ],
        autoName: { property: "name", maxLength: 128 },
    },
    usage: { actions: ["execute-api:Invoke"], resourceArn: (outputs) => `${text(outputs, "executionArn") ?? ""}/` },
    predict: ({ inputs }, place) => ({
        id: UNKNOWN,
        outputs: { region: place.region, tagsAll: inputs["tags"] ?? {} },
    }),
    async create({ inputs }, { clients }) {
        const { ApiId } = await clients.apigateway.send(new CreateApiCommand({
            ...sdkInput<CreateApiCommandInput>(inputs, [...API_NAMES, "corsConfiguration"]),
            Tags: tagsOf(inputs),
        }));
        return ApiId!;
    },
    async read({ id, inputs }, { clients, place }) {
        const api = await unless(GONE, () => clients.apigateway.send(new GetApiCommand({ ApiId: id })));
        if (api === undefined) return undefined;
        const values = observed(api, [...API_NAMES, "corsConfiguration"], inputs);
        const tags = await currentTags(controlArn(place, `/apis/${id}`), clients.apigateway);
        return {
            id,
            inputs: { ...values, tags },
            outputs: {
                ...values,
                ...tagOutputs(tags),
                // The name that AWS would give; the rehearsal's own address is the driver's business.
                apiEndpoint: apiEndpoint(place, id),
                arn: controlArn(place, `/apis/${id}`),
                executionArn: executionArn(place, id),
                region: place.region,
            },
        };
    },
    async update(request, { clients, place }) {
        const { id, inputs, oldInputs } = request;
        if (hasChanged(oldInputs, inputs, "corsConfiguration") && inputs["corsConfiguration"] === undefined) {
            await clients.apigateway.send(new DeleteCorsConfigurationCommand({ ApiId: id }));
        }
        const cors = map(inputs, "corsConfiguration");
        await clients.apigateway.send(new UpdateApiCommand({
            ApiId: id,
            ...sdkInput<object>(inputs, API_NAMES.filter((name) => name !== "protocolType")),
            ...(cors === undefined ? {} : { CorsConfiguration: toSdkShape<Cors>(cors) }),
        }));
        await updateTags(controlArn(place, `/apis/${id}`), request, clients.apigateway);
    },
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.apigateway.send(new DeleteApiCommand({ ApiId: id })));
    },
};

const INTEGRATION_NAMES = [
    "apiId", "integrationType", "integrationUri", "integrationMethod", "payloadFormatVersion", "description", "connectionType",
    "connectionId", "credentialsArn", "integrationSubtype", "requestParameters",
];

export const httpApiIntegration: ResourceDefinition = {
    table: {
        type: "aws:apigatewayv2/integration:Integration",
        source: registryPage("apigatewayv2/integration"),
        inputs: {
            ...region,
            apiId: appliedReplaces,
            integrationType: appliedReplaces,
            integrationUri: applied,
            integrationMethod: applied,
            payloadFormatVersion: applied,
            timeoutMilliseconds: applied,
            description: applied,
            connectionType: applied,
            connectionId: recorded,
            credentialsArn: recorded,
            integrationSubtype: recordedReplaces,
            requestParameters: recordedFree,
        },
        outputs: [
            "apiId", "connectionId", "connectionType", "contentHandlingStrategy", "credentialsArn", "description", "integrationMethod",
            "integrationResponseSelectionExpression", "integrationSubtype", "integrationType", "integrationUri", "passthroughBehavior",
            "payloadFormatVersion", "region", "requestParameters", "requestTemplates", "responseParameters",
            "templateSelectionExpression", "timeoutMilliseconds", "tlsConfig",
        ],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region } }),
    async create({ inputs }, { clients }) {
        const answer = await clients.apigateway.send(new CreateIntegrationCommand({
            ...sdkInput<CreateIntegrationCommandInput>(inputs, INTEGRATION_NAMES), TimeoutInMillis: amount(inputs, "timeoutMilliseconds"),
        }));
        return answer.IntegrationId!;
    },
    async read({ id, inputs }, { clients, place }) {
        const ApiId = requiredText(inputs, "apiId");
        const found = await unless(GONE, () => clients.apigateway.send(new GetIntegrationCommand({ ApiId, IntegrationId: id })));
        if (found === undefined) return undefined;
        const values = reported({ ...observed(found, INTEGRATION_NAMES, inputs), timeoutMilliseconds: found.TimeoutInMillis, apiId: ApiId });
        return { id, inputs: values, outputs: { ...values, region: place.region } };
    },
    async update({ id, inputs }, { clients }) {
        const changeable = INTEGRATION_NAMES.filter((name) => name !== "apiId");
        await clients.apigateway.send(new UpdateIntegrationCommand({
            ...sdkInput<object>(inputs, changeable),
            TimeoutInMillis: amount(inputs, "timeoutMilliseconds"),
            ApiId: requiredText(inputs, "apiId"),
            IntegrationId: id,
        }));
    },
    async delete({ id, inputs }, { clients }) {
        await unless(GONE, () => clients.apigateway.send(new DeleteIntegrationCommand({ ApiId: requiredText(inputs, "apiId"), IntegrationId: id })));
    },
};

const ROUTE_NAMES = ["apiId", "routeKey", "target", "authorizationType", "authorizerId", "authorizationScopes", "operationName", "apiKeyRequired"];

export const httpApiRoute: ResourceDefinition = {
    table: {
        type: "aws:apigatewayv2/route:Route",
        source: registryPage("apigatewayv2/route"),
        inputs: {
            ...region,
            apiId: appliedReplaces,
            routeKey: applied,
            target: applied,
            authorizationType: applied,
            authorizerId: applied,
            authorizationScopes: applied,
            operationName: recorded,
            apiKeyRequired: recorded,
        },
        outputs: [
            "apiId", "apiKeyRequired", "authorizationScopes", "authorizationType", "authorizerId", "modelSelectionExpression",
            "operationName", "region", "requestModels", "requestParameters", "routeKey", "routeResponseSelectionExpression", "target",
        ],
    },
    usage: {
        actions: ["execute-api:Invoke"],
        // `POST /inference` is invoked as <api>/<stage>/POST/inference; HTTP APIs here have the one stage `$default`.
        resourceArn: (outputs, place) => {
            const [method = "", path = ""] = (text(outputs, "routeKey") ?? "").split(" ");
            return `${executionArn(place, text(outputs, "apiId") ?? "")}/$default/${method}${path}`;
        },
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region } }),
    async create({ inputs }, { clients }) {
        const { RouteId } = await clients.apigateway.send(new CreateRouteCommand(sdkInput<CreateRouteCommandInput>(inputs, ROUTE_NAMES)));
        return RouteId!;
    },
    async read({ id, inputs }, { clients, place }) {
        const ApiId = requiredText(inputs, "apiId");
        const found = await unless(GONE, () => clients.apigateway.send(new GetRouteCommand({ ApiId, RouteId: id })));
        if (found === undefined) return undefined;
        const values = { authorizationType: "NONE", ...observed(found, ROUTE_NAMES, inputs), apiId: ApiId };
        return { id, inputs: values, outputs: { ...values, region: place.region } };
    },
    async update({ id, inputs }, { clients }) {
        await clients.apigateway.send(new UpdateRouteCommand({
            AuthorizationType: "NONE",
            ...sdkInput<object>(inputs, ROUTE_NAMES.filter((name) => name !== "apiId")),
            ApiId: requiredText(inputs, "apiId"),
            RouteId: id,
        }));
    },
    async delete({ id, inputs }, { clients }) {
        await unless(GONE, () => clients.apigateway.send(new DeleteRouteCommand({ ApiId: requiredText(inputs, "apiId"), RouteId: id })));
    },
};

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
    return {
        id,
        inputs: { ...values, tags },
        outputs: {
            ...values, ...tagOutputs(tags), ...stageUrls(place, ApiId, id), region: place.region, deploymentId: found.DeploymentId ?? "",
        },
    };
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
    usage: { actions: ["execute-api:Invoke"], resourceArn: (outputs) => `${text(outputs, "executionArn") ?? ""}/` },
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
