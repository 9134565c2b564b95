/** The platform's API: predictions, models, the A/B test, and whether all is well. */
import * as pulumi from "@pulumi/pulumi";
import type { LambdaBundle } from "../compute/bundle.ts";
import { HttpApi } from "../compute/httpApi.ts";
import type { ApiRoute } from "../compute/httpApi.ts";
import { LambdaFunction } from "../compute/lambdaFunction.ts";
import type { PlatformConfig } from "../config.ts";
import { AUTHORIZED_ROUTES } from "../config/api.ts";
import type { AuthorizedRoute } from "../config/api.ts";
import type { FunctionSize } from "../config/functions.ts";
import type { PlatformContext } from "../context.ts";
import type { DataScope } from "../iam/dataScope.ts";
import { abTestsPermissions, healthPermissions, inferencePermissions, modelsPermissions } from "../iam/servingPermissions.ts";
import type { RouterScope } from "../iam/servingPermissions.ts";
import type { Statement } from "../iam/policy.ts";
import { buildAbTestVariables, buildRouterVariables } from "./routerVariables.ts";
import { nameEndpoints } from "./serving.ts";

export type ApiFunctionName = "inference" | "models" | "ab-tests" | "health";

export interface InferenceApiArgs {
    readonly context: PlatformContext;
    readonly config: Pick<PlatformConfig, "api" | "abTest" | "functions">;
    readonly bundles: Readonly<Record<ApiFunctionName, LambdaBundle>>;
    readonly modelMetadataTableName: pulumi.Input<string>;
    readonly trainingMetricsTableName: pulumi.Input<string>;
    readonly abTestsTableName: pulumi.Input<string>;
    readonly dataScope: pulumi.Input<DataScope>;
    /** Key for log groups and environments. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** API Gateway's own limit; a cold endpoint may take longer, and the caller tries again. */
const API_LIMIT_MILLISECONDS = 30_000;
/** Of functions that look something up. */
const LOOKUP_SIZE: FunctionSize = { memoryMiB: 256, timeoutSeconds: 10 };

/** Which function answers a route, and how the route's resources are called. */
const ROUTES: Readonly<Record<AuthorizedRoute, { readonly name: string; readonly target: ApiFunctionName }>> = {
    "POST /inference": { name: "inference", target: "inference" },
    "GET /models": { name: "models", target: "models" },
    "GET /models/{id}/versions": { name: "model-versions", target: "models" },
    "GET /ab-tests/{id}": { name: "ab-test", target: "ab-tests" },
    "PUT /ab-tests/{id}": { name: "ab-test-change", target: "ab-tests" },
};

export class InferenceApi extends pulumi.ComponentResource {
    /** No trailing slash. */
    readonly apiUrl: pulumi.Output<string>;
    readonly functions: Readonly<Record<ApiFunctionName, LambdaFunction>>;

    constructor(name: string, args: InferenceApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:InferenceApi", name, {}, opts);
        this.functions = {
            inference: this.createInference(args),
            models: this.createModels(args),
            "ab-tests": this.createAbTests(args),
            health: this.createHealth(args),
        };
        const api = new HttpApi("api", {
            context: args.context,
            description: "predictions, models and the A/B test",
            routes: [...AUTHORIZED_ROUTES.map((key) => this.describeRoute(key, args)), this.describeHealthRoute()],
            settings: args.config.api,
            kmsKeyArn: args.kmsKeyArn,
        }, { parent: this });
        this.apiUrl = api.apiUrl;
        this.registerOutputs({ apiUrl: this.apiUrl });
    }

    private describeRoute(key: AuthorizedRoute, { config }: InferenceApiArgs): ApiRoute {
        const [method, path] = key.split(" ") as [ApiRoute["method"], string];
        const { name, target } = ROUTES[key];
        return {
            name, method, path,
            target: this.functions[target],
            isOpen: config.api.openRoutes.includes(key),
            timeoutMilliseconds: target === "inference" ? API_LIMIT_MILLISECONDS : LOOKUP_LIMIT_MILLISECONDS,
        };
    }

    /** Open: monitors and load balancers do not sign. */
    private describeHealthRoute(): ApiRoute {
        return {
            name: "health", method: "GET", path: "/health",
            target: this.functions.health,
            isOpen: true,
            timeoutMilliseconds: LOOKUP_LIMIT_MILLISECONDS,
        };
    }

    private createInference(args: InferenceApiArgs): LambdaFunction {
        return this.createFunction("inference", args, {
            description: "Validates features, asks the endpoint of a variant and names the answer",
            size: args.config.functions.inference,
            environment: { ...buildRouterVariables(args.context), ...buildAbTestVariables(args) },
            permissions: inferencePermissions,
        });
    }

    private createModels(args: InferenceApiArgs): LambdaFunction {
        return this.createFunction("models", args, {
            description: "Lists the models, and their versions with their metrics",
            size: LOOKUP_SIZE,
            environment: { MODEL_METADATA_TABLE: args.modelMetadataTableName, TRAINING_METRICS_TABLE: args.trainingMetricsTableName },
            permissions: modelsPermissions,
        });
    }

    private createAbTests(args: InferenceApiArgs): LambdaFunction {
        return this.createFunction("ab-tests", args, {
            description: "Reads and sets the weights of the A/B test",
            size: LOOKUP_SIZE,
            environment: buildAbTestVariables(args),
            permissions: abTestsPermissions,
        });
    }

    private createHealth(args: InferenceApiArgs): LambdaFunction {
        return this.createFunction("health", args, {
            description: "Says that the platform is up, which models it serves, and by which weights",
            size: LOOKUP_SIZE,
            environment: { PARAMETER_PATH: args.context.naming.parameterPath, ...buildAbTestVariables(args) },
            permissions: healthPermissions,
        });
    }

    private createFunction(
        name: ApiFunctionName,
        { context, bundles, dataScope, kmsKeyArn }: InferenceApiArgs,
        given: FunctionDetails,
    ): LambdaFunction {
        const endpointNames = nameEndpoints(context.naming);
        return new LambdaFunction(name, {
            context, kmsKeyArn,
            description: given.description,
            bundle: bundles[name],
            ...given.size,
            environment: given.environment,
            statements: pulumi.output(dataScope).apply((scope) => given.permissions({ ...scope, endpointNames })),
        }, { parent: this });
    }
}

/** A second more than the function has, so that the caller gets the function's words and not the gateway's. */
const LOOKUP_LIMIT_MILLISECONDS = (LOOKUP_SIZE.timeoutSeconds + 1) * 1000;

interface FunctionDetails {
    readonly description: string;
    readonly size: FunctionSize;
    readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
    readonly permissions: (scope: RouterScope) => readonly Statement[];
}
