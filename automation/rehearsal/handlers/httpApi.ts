/** `aws:apigatewayv2/api:Api`: an HTTP API. */
import {
    CreateApiCommand, DeleteApiCommand, DeleteCorsConfigurationCommand, GetApiCommand, UpdateApiCommand, type Cors, type CreateApiCommandInput,
} from "@aws-sdk/client-apigatewayv2";
import { UNKNOWN, type PropertyRule } from "../../engine/provider.ts";
import { GONE, apiEndpoint, controlArn, currentTags, executionArn, observed, sdkInput, updateTags } from "./apigatewayCalls.ts";
import type { ResourceDefinition } from "./definition.ts";
import { toSdkShape } from "./documents.ts";
import { map, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, region, registryPage } from "./rules.ts";
import { observeTagged, tagsOf } from "./tags.ts";
import { unless } from "./wait.ts";

const API_NAMES = ["name", "protocolType", "description", "version", "disableExecuteApiEndpoint"];
const corsInputs: Readonly<Record<string, PropertyRule>> = Object.fromEntries(
    ["allowCredentials", "allowHeaders", "allowMethods", "allowOrigins", "exposeHeaders", "maxAge"].map((name) => [`corsConfiguration.${name}`, applied]),
);

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
    usage: { actions: ["execute-api:Invoke"], resourceArn: (outputs) => text(outputs, "executionArn") ?? "" },
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
        return observeTagged({
            id, values, tags,
            computed: {
                apiEndpoint: apiEndpoint(place, id),
                // The service's own for an HTTP API; those of WebSocket APIs are no inputs here.
                apiKeySelectionExpression: api.ApiKeySelectionExpression,
                arn: controlArn(place, `/apis/${id}`),
                executionArn: executionArn(place, id),
                ipAddressType: api.IpAddressType ?? "ipv4",
                region: place.region,
                routeSelectionExpression: api.RouteSelectionExpression,
            },
        });
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
