/** The HTTP API: routes to functions, signed unless a route says otherwise. */
import * as pulumi from "@pulumi/pulumi";
import { Api } from "@pulumi/aws/apigatewayv2/api.js";
import { Integration } from "@pulumi/aws/apigatewayv2/integration.js";
import { Route } from "@pulumi/aws/apigatewayv2/route.js";
import { Stage } from "@pulumi/aws/apigatewayv2/stage.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Permission } from "@pulumi/aws/lambda/permission.js";
import type { PlatformContext } from "../context.ts";
import type { LambdaFunction } from "./lambdaFunction.ts";

export interface ApiRoute {
    /** Short name for the route's resources: `health`. */
    readonly name: string;
    readonly method: "GET" | "POST";
    /** Begins with `/`. */
    readonly path: string;
    readonly target: LambdaFunction;
    /** `AWS_IAM`: the caller signs. `NONE`: open to everybody; written out per route, never a default. */
    readonly authorization: "AWS_IAM" | "NONE";
    /** At most 30000, API Gateway's own limit. */
    readonly timeoutMilliseconds: number;
}

export interface HttpApiArgs {
    readonly context: PlatformContext;
    readonly routes: readonly ApiRoute[];
    /** Requests a second, over all callers, before API Gateway answers 429. @default 50 */
    readonly rateLimit?: number;
    /** Requests at once above the rate. @default 100 */
    readonly burstLimit?: number;
    /** Key for the access log. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** Billed per request. */
export class HttpApi extends pulumi.ComponentResource {
    /** No trailing slash. */
    readonly apiUrl: pulumi.Output<string>;

    constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:compute:HttpApi", name, {}, opts);
        const api = this.createApi(name, args.context);
        this.createStage(name, args, api);
        for (const route of args.routes) this.createRoute(name, route, api);
        this.apiUrl = api.apiEndpoint;
        this.registerOutputs({ apiUrl: this.apiUrl });
    }

    private createApi(name: string, context: PlatformContext): Api {
        return new Api(name, {
            name: context.naming.name("api", "api"),
            description: `${context.naming.prefix}: health and inference`,
            protocolType: "HTTP",
            tags: context.tags,
        }, { parent: this });
    }

    private createStage(name: string, args: HttpApiArgs, api: Api): Stage {
        const { context } = args;
        const accessLog = new LogGroup(`${name}-access-logs`, {
            // Elsewhere each API adds a line to the one resource policy of the region, until no API can log any more (5120 characters).
            name: context.naming.logGroup("/aws/vendedlogs/apigateway", "api"),
            retentionInDays: context.logRetentionDays,
            kmsKeyId: args.kmsKeyArn,
            tags: context.tags,
        }, { parent: this });
        return new Stage(`${name}-stage`, {
            apiId: api.id,
            name: "$default",
            autoDeploy: true,
            // The ARN as it is: API Gateway refuses one that ends in ":*".
            accessLogSettings: { destinationArn: accessLog.arn, format: ACCESS_LOG_FORMAT },
            defaultRouteSettings: {
                throttlingRateLimit: args.rateLimit ?? 50,
                throttlingBurstLimit: args.burstLimit ?? 100,
                detailedMetricsEnabled: true,
            },
            tags: context.tags,
        }, { parent: this });
    }

    private createRoute(name: string, route: ApiRoute, api: Api): Route {
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
            routeKey: `${route.method} ${route.path}`,
            target: pulumi.interpolate`integrations/${integration.id}`,
            authorizationType: route.authorization,
            // A route that is there before the permission answers 500.
        }, { parent: this, dependsOn: [permission] });
    }
}

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
