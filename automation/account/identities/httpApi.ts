/** HTTP APIs and what they are made of. The service chooses all ids; the parts are ours when their API is. */
import {
    GetApiCommand, GetApisCommand, GetAuthorizersCommand, GetIntegrationsCommand, GetRoutesCommand, GetStageCommand, GetTagsCommand,
    type ApiGatewayV2Client,
} from "@aws-sdk/client-apigatewayv2";
import { findPartition } from "../../../components/facts/partitions.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import type { AccountClients } from "../clients.ts";
import { gather, importPage, knownText, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

const GONE = ["NotFoundException"];

/** Names that follow from the API's id. */
function describeApi({ aws, accountId }: AccountClients, id: string): PropertyMap & { readonly arn: string } {
    const { region } = aws.target;
    const { partition, dnsSuffix } = findPartition(region);
    return {
        arn: `arn:${partition}:apigateway:${region}::/apis/${id}`,
        executionArn: `arn:${partition}:execute-api:${region}:${accountId}:${id}`,
        apiEndpoint: `https://${id}.execute-api.${region}.${dnsSuffix}`,
    };
}

async function readTags(apigateway: ApiGatewayV2Client, ResourceArn: string): Promise<Tags> {
    return (await apigateway.send(new GetTagsCommand({ ResourceArn }))).Tags ?? {};
}

const api: Lookup = {
    type: "aws:apigatewayv2/api:Api",
    source: importPage("apigatewayv2/api"),
    async candidates(inputs, clients) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const apis = await gather(async (NextToken) => {
            const { Items, NextToken: next } = await clients.apigateway.send(new GetApisCommand({ NextToken }));
            return { items: Items, next };
        });
        const named = apis.filter((found) => found.Name === name && found.ProtocolType === (inputs["protocolType"] ?? "HTTP"));
        return Promise.all(named.map(async ({ ApiId: id = "" }) => {
            const outputs = describeApi(clients, id);
            return { id, outputs, tags: await readTags(clients.apigateway, outputs.arn) };
        }));
    },
};

interface Page<Item> { readonly items: readonly Item[] | undefined; readonly next: string | undefined }

/** A part of an API: found in one of its lists, and imported as `<api>/<part>`. */
interface Part<Item> {
    readonly kind: string;
    readonly interchangeable?: true;
    list(apigateway: ApiGatewayV2Client, ApiId: string, NextToken: string | undefined): Promise<Page<Item>>;
    idOf(item: Item): string | undefined;
    isMeant(item: Item, inputs: PropertyMap): boolean;
}

function definePart<Item>({ kind, interchangeable, list, idOf, isMeant }: Part<Item>): Lookup {
    return {
        type: `aws:apigatewayv2/${kind.toLowerCase()}:${kind}`,
        source: importPage(`apigatewayv2/${kind.toLowerCase()}`),
        ...(interchangeable === undefined ? {} : { interchangeable }),
        async candidates(inputs, clients) {
            const ApiId = knownText(inputs, "apiId");
            if (ApiId === undefined) return [];
            const items = await unless(GONE, () => gather<Item>((token) => list(clients.apigateway, ApiId, token))) ?? [];
            const meant = items.filter((item) => isMeant(item, inputs));
            if (meant.length === 0) return [];
            const parentTags = await readTags(clients.apigateway, describeApi(clients, ApiId).arn);
            return meant.map((item) => ({ id: `${ApiId}/${idOf(item)}`, stateId: idOf(item) ?? "", outputs: {}, parentTags }));
        },
    };
}

const integration = definePart({
    kind: "Integration",
    // Two routes to one function have two integrations that differ in nothing but their ids.
    interchangeable: true,
    list: async (apigateway, ApiId, NextToken) => {
        const { Items: items, NextToken: next } = await apigateway.send(new GetIntegrationsCommand({ ApiId, NextToken }));
        return { items, next };
    },
    idOf: ({ IntegrationId }) => IntegrationId,
    isMeant: ({ IntegrationUri, IntegrationType, TimeoutInMillis }, inputs) =>
        IntegrationUri === inputs["integrationUri"] && IntegrationType === inputs["integrationType"]
        && (inputs["timeoutMilliseconds"] === undefined || TimeoutInMillis === inputs["timeoutMilliseconds"]),
});

const route = definePart({
    kind: "Route",
    list: async (apigateway, ApiId, NextToken) => {
        const { Items: items, NextToken: next } = await apigateway.send(new GetRoutesCommand({ ApiId, NextToken }));
        return { items, next };
    },
    idOf: ({ RouteId }) => RouteId,
    isMeant: ({ RouteKey }, inputs) => RouteKey === inputs["routeKey"],
});

const authorizer = definePart({
    kind: "Authorizer",
    list: async (apigateway, ApiId, NextToken) => {
        const { Items: items, NextToken: next } = await apigateway.send(new GetAuthorizersCommand({ ApiId, NextToken }));
        return { items, next };
    },
    idOf: ({ AuthorizerId }) => AuthorizerId,
    isMeant: ({ Name }, inputs) => Name === inputs["name"],
});

const stage: Lookup = {
    type: "aws:apigatewayv2/stage:Stage",
    source: importPage("apigatewayv2/stage"),
    async candidates(inputs, clients) {
        const ApiId = knownText(inputs, "apiId");
        const StageName = knownText(inputs, "name");
        if (ApiId === undefined || StageName === undefined) return [];
        const { apigateway } = clients;
        const found = await unless(GONE, async () => {
            await apigateway.send(new GetApiCommand({ ApiId }));
            return apigateway.send(new GetStageCommand({ ApiId, StageName }));
        });
        if (found === undefined) return [];
        const tags = await readTags(apigateway, `${describeApi(clients, ApiId).arn}/stages/${StageName}`);
        return [{ id: `${ApiId}/${StageName}`, stateId: StageName, outputs: {}, tags }];
    },
};

export const httpApiLookups: readonly Lookup[] = [api, integration, route, authorizer, stage];
