/** `aws:apigatewayv2/authorizer:Authorizer`: whose tokens an HTTP API accepts. */
import {
    CreateAuthorizerCommand, DeleteAuthorizerCommand, GetAuthorizerCommand, UpdateAuthorizerCommand, type CreateAuthorizerCommandInput,
    type JWTConfiguration,
} from "@aws-sdk/client-apigatewayv2";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { GONE } from "./apigatewayCalls.ts";
import type { ResourceDefinition } from "./definition.ts";
import { parentAndOwn } from "./importIds.ts";
import { inAskedOrder } from "./documents.ts";
import { map, reported, requiredText, text, texts } from "./inputs.ts";
import { applied, appliedReplaces, recorded, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

/** Everything but the API that it belongs to. */
function toAuthorizer(inputs: PropertyMap): Omit<CreateAuthorizerCommandInput, "ApiId"> {
    const jwt = map(inputs, "jwtConfiguration");
    return {
        Name: requiredText(inputs, "name"),
        AuthorizerType: requiredText(inputs, "authorizerType") as "JWT" | "REQUEST",
        IdentitySource: texts(inputs, "identitySources"),
        ...(jwt === undefined ? {} : { JwtConfiguration: { Audience: texts(jwt, "audiences"), Issuer: text(jwt, "issuer") } }),
    };
}

function fromJwt(found: JWTConfiguration | undefined, inputs: PropertyMap): PropertyMap | undefined {
    if (found === undefined) return undefined;
    const asked = map(inputs, "jwtConfiguration");
    return reported({ audiences: inAskedOrder(asked && texts(asked, "audiences"), found.Audience), issuer: found.Issuer });
}

export const httpApiAuthorizer: ResourceDefinition = {
    table: {
        type: "aws:apigatewayv2/authorizer:Authorizer",
        source: registryPage("apigatewayv2/authorizer"),
        inputs: {
            ...region,
            apiId: appliedReplaces,
            name: applied,
            authorizerType: applied,
            identitySources: applied,
            "jwtConfiguration.audiences": applied,
            "jwtConfiguration.issuer": applied,
            // Of authorizers that are functions, which no part of the program has.
            authorizerUri: recorded,
            authorizerCredentialsArn: recorded,
            authorizerPayloadFormatVersion: recorded,
            authorizerResultTtlInSeconds: recorded,
            enableSimpleResponses: recorded,
        },
        outputs: [
            "apiId", "authorizerCredentialsArn", "authorizerPayloadFormatVersion", "authorizerResultTtlInSeconds", "authorizerType",
            "authorizerUri", "enableSimpleResponses", "identitySources", "jwtConfiguration", "name", "region",
        ],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region } }),
    async create({ inputs }, { clients }) {
        const { AuthorizerId } = await clients.apigateway.send(new CreateAuthorizerCommand({
            ...toAuthorizer(inputs), ApiId: requiredText(inputs, "apiId"),
        }));
        return AuthorizerId!;
    },
    importId: parentAndOwn("apiId"),
    async read({ id, inputs }, { clients, place }) {
        const ApiId = requiredText(inputs, "apiId");
        const found = await unless(GONE, () => clients.apigateway.send(new GetAuthorizerCommand({ ApiId, AuthorizerId: id })));
        if (found === undefined) return undefined;
        const values = reported({
            apiId: ApiId,
            name: found.Name,
            authorizerType: found.AuthorizerType,
            identitySources: inAskedOrder(texts(inputs, "identitySources"), found.IdentitySource),
            jwtConfiguration: fromJwt(found.JwtConfiguration, inputs),
        });
        return { id, inputs: values, outputs: { ...values, region: place.region } };
    },
    async update({ id, inputs }, { clients }) {
        await clients.apigateway.send(new UpdateAuthorizerCommand({
            ...toAuthorizer(inputs), ApiId: requiredText(inputs, "apiId"), AuthorizerId: id,
        }));
    },
    async delete({ id, inputs }, { clients }) {
        const ApiId = requiredText(inputs, "apiId");
        await unless(GONE, () => clients.apigateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId: id })));
    },
};
