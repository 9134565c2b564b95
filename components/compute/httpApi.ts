/** The HTTP API: routes to functions, for callers who sign or show a token unless a route says otherwise. */
import * as pulumi from "@pulumi/pulumi";
import { Api } from "@pulumi/aws/apigatewayv2/api.js";
import { Authorizer } from "@pulumi/aws/apigatewayv2/authorizer.js";
import { Integration } from "@pulumi/aws/apigatewayv2/integration.js";
import { Route } from "@pulumi/aws/apigatewayv2/route.js";
import type { RouteArgs } from "@pulumi/aws/apigatewayv2/route.js";
import { Stage } from "@pulumi/aws/apigatewayv2/stage.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import type { ApiConfig } from "../config/api.ts";
import type { PlatformContext } from "../context.ts";
import type { LambdaFunction } from "./lambdaFunction.ts";

export interface ApiRoute {
    /** Short name for the route's resources: `health`. */
    readonly name: string;
    readonly method: "GET" | "POST" | "PUT";
    /** Begins with `/`; parts in braces are parameters: `/models/{id}/versions`. */
    readonly path: string;
    readonly target: LambdaFunction;
    /** Whether everybody may call it, without a signature or a token; written out per route, never a default. */
    readonly isOpen: boolean;
    /** At most 30000, API Gateway's own limit. */
    readonly timeoutMilliseconds: number;
}

export interface HttpApiArgs {
    readonly context: PlatformContext;
    /** What the API is for, in words. */
    readonly description: string;
    readonly routes: readonly ApiRoute[];
    /** Who may call, from where, how often. */
    readonly settings: Pick<ApiConfig, "corsOrigins" | "rateLimit" | "burstLimit" | "jwt">;
    /** Key for the access log. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** Billed per request. */
export class HttpApi extends pulumi.ComponentResource {
    /** No trailing slash. */
    readonly apiUrl: pulumi.Output<string>;

    constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:compute:HttpApi", name, {}, opts);
        const api = this.createApi(name, args);
        const authorizer = this.createAuthorizer(name, args, api);
        const routes = args.routes.map((route) => this.createRoute(name, route, { api, authorizer }));
        this.createStage(name, args, { api, routes });
        this.apiUrl = api.apiEndpoint;
        this.registerOutputs({ apiUrl: this.apiUrl });
    }

    private createApi(name: string, { context, description, settings }: HttpApiArgs): Api {
        const { corsOrigins } = settings;
        return new Api(name, {
            name: context.naming.name("api", "api"),
            description: `${context.naming.prefix}: ${description}`,
            protocolType: "HTTP",
            ...(corsOrigins.length === 0 ? {} : { corsConfiguration: buildCors(corsOrigins) }),
            tags: context.tags,
        }, { parent: this });
    }

    /** Of callers who show a token; without one, callers sign. */
    private createAuthorizer(name: string, { context, settings: { jwt } }: HttpApiArgs, api: Api): Authorizer | undefined {
        if (jwt === undefined) return undefined;
        return new Authorizer(`${name}-authorizer`, {
            apiId: api.id,
            name: context.naming.name("authorizer", "tokens"),
            authorizerType: "JWT",
            identitySources: ["$request.header.Authorization"],
            jwtConfiguration: { issuer: jwt.issuer, audiences: [...jwt.audiences] },
        }, { parent: this });
    }

    private createStage(name: string, args: HttpApiArgs, given: { api: Api; routes: readonly Route[] }): Stage {
        const { context, settings: { rateLimit, burstLimit } } = args;
        const throttling = { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit, detailedMetricsEnabled: true };
        const accessLog = new LogGroup(`${name}-access-logs`, {
            // Elsewhere each API adds a line to the one resource policy of the region, until no API can log any more (5120 characters).
            name: context.naming.logGroup("/aws/vendedlogs/apigateway", "api"),
            retentionInDays: context.logRetentionDays,
            kmsKeyId: args.kmsKeyArn,
            tags: context.tags,
        }, { parent: this });
        return new Stage(`${name}-stage`, {
            apiId: given.api.id,
            name: "$default",
            autoDeploy: true,
            // The ARN as it is: API Gateway refuses one that ends in ":*".
            accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
            // The default is of routes that nobody has thought of; each of ours has a rate of its own, so that one cannot use up another's.
            defaultRouteSettings: throttling,
            routeSettings: args.routes.map((route) => ({ routeKey: routeKeyOf(route), ...throttling })),
            tags: context.tags,
            // API Gateway refuses settings of a route that it does not know.
        }, { parent: this, dependsOn: [...given.routes] });
    }

    private createRoute(name: string, route: ApiRoute, { api, authorizer }: { api: Api; authorizer: Authorizer | undefined }): Route {
        const child = `${name}-${route.name}`;
        const integration = new Integration(`${child}-integration`, {
            apiId: api.id,
            integrationType: "AWS_PROXY",
            // What API Gateway sets by itself; said here, so that a refresh finds no difference.
            integrationMethod: "POST",
            integrationUri: route.target.invokeArn,
            payloadFormatVersion: "2.0",
            timeoutMilliseconds: route.timeoutMilliseconds,
        }, { parent: this });
        const permission = new Permission(`${child}-permission`, {
            action: "lambda:InvokeFunction",
            function: route.target.functionName,
            principal: "apigateway.amazonaws.com",
            sourceArn: pulumi.interpolate`${api.executionArn}/*/${route.method}${route.path}`,
        }, { parent: this });
        return new Route(`${child}-route`, {
            apiId: api.id,
            routeKey: routeKeyOf(route),
            target: pulumi.interpolate`integrations/${integration.id}`,
            ...buildAuthorization(route, authorizer),
            // A route that is there before the permission answers 500.
        }, { parent: this, dependsOn: [permission] });
    }
}

function routeKeyOf({ method, path }: ApiRoute): string {
    return `${method} ${path}`;
}

function buildAuthorization(
    { isOpen }: ApiRoute,
    authorizer: Authorizer | undefined,
): Pick<RouteArgs, "authorizationType" | "authorizerId"> {
    if (isOpen) return { authorizationType: "NONE" };
    return authorizer === undefined ? { authorizationType: "AWS_IAM" } : { authorizationType: "JWT", authorizerId: authorizer.id };
}

/** What pages of these origins may send and see. API Gateway answers the browser's question itself, without a route. */
function buildCors(origins: readonly string[]) {
    return {
        allowOrigins: [...origins],
        allowMethods: ["GET", "POST", "PUT"],
        allowHeaders: [
            "authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-assignment-key", "x-variant",
        ],
        exposeHeaders: ["retry-after", "x-request-id"],
        maxAge: CORS_SECONDS,
    };
}

/** How long a browser need not ask again. */
const CORS_SECONDS = 3600;

/** One JSON line a request. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const ACCESS_LOG_FORMAT = JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    sourceIp: "$context.identity.sourceIp",
    caller: "$context.identity.userArn",
    routeKey: "$context.routeKey",
    status: "$context.status",
    latencyMs: "$context.responseLatency",
    integrationError: "$context.integrationErrorMessage",
});
