/** `aws:apigatewayv2/route:Route`, and `aws:apigatewayv2/integration:Integration`, which it leads to. */
import {
    CreateIntegrationCommand, CreateRouteCommand, DeleteIntegrationCommand, DeleteRouteCommand, GetIntegrationCommand, GetRouteCommand,
    UpdateIntegrationCommand, UpdateRouteCommand, type CreateIntegrationCommandInput, type CreateRouteCommandInput,
} from "@aws-sdk/client-apigatewayv2";
import { UNKNOWN } from "../../engine/provider.ts";
import { GONE, executionArn, observed, sdkInput } from "./apigatewayCalls.ts";
import type { ResourceDefinition } from "./definition.ts";
import { parentAndOwn } from "./importIds.ts";
import { amount, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedReplaces, recorded, recordedFree, recordedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

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
    importId: parentAndOwn("apiId"),
    async read({ id, inputs }, { clients, place }) {
        const ApiId = requiredText(inputs, "apiId");
        const found = await unless(GONE, () => clients.apigateway.send(new GetIntegrationCommand({ ApiId, IntegrationId: id })));
        if (found === undefined) return undefined;
        const values = reported({ ...observed(found, INTEGRATION_NAMES, inputs), timeoutMilliseconds: found.TimeoutInMillis, apiId: ApiId });
        return { id, inputs: values, outputs: { ...values, region: place.region, integrationResponseSelectionExpression: "" } };
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
    importId: parentAndOwn("apiId"),
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
