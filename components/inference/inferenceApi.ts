/** The API in front of the endpoint: `POST /inference`, signed, and `GET /health`, open. */
import * as pulumi from "@pulumi/pulumi";
import type { LambdaBundle } from "../compute/bundle.ts";
import { HttpApi } from "../compute/httpApi.ts";
import { LambdaFunction } from "../compute/lambdaFunction.ts";
import type { PlatformContext } from "../context.ts";
import { inferencePermissions, readServing } from "../iam/functionPermissions.ts";
import type { DataScope } from "../iam/functionPermissions.ts";

export interface InferenceApiArgs {
    readonly context: PlatformContext;
    readonly bundles: Readonly<Record<"inference" | "health", LambdaBundle>>;
    /** The name the endpoint has or will have. */
    readonly endpointName: string;
    readonly dataScope: pulumi.Input<DataScope>;
    /** Key for log groups and environments. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** API Gateway's own limit; a cold endpoint may take longer, and the caller tries again. */
const API_LIMIT_MILLISECONDS = 30_000;

export class InferenceApi extends pulumi.ComponentResource {
    /** No trailing slash. */
    readonly apiUrl: pulumi.Output<string>;

    constructor(name: string, args: InferenceApiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:InferenceApi", name, {}, opts);
        const api = new HttpApi("api", {
            context: args.context,
            kmsKeyArn: args.kmsKeyArn,
            routes: [
                {
                    name: "inference", method: "POST", path: "/inference", authorization: "AWS_IAM",
                    target: this.createInferenceFunction(args), timeoutMilliseconds: API_LIMIT_MILLISECONDS,
                },
                {
                    // Open: monitors and load balancers do not sign.
                    name: "health", method: "GET", path: "/health", authorization: "NONE",
                    target: this.createHealthFunction(args), timeoutMilliseconds: 11_000,
                },
            ],
        }, { parent: this });
        this.apiUrl = api.apiUrl;
        this.registerOutputs({ apiUrl: this.apiUrl });
    }

    private createInferenceFunction({ context, bundles, endpointName, dataScope, kmsKeyArn }: InferenceApiArgs): LambdaFunction {
        return new LambdaFunction("inference", {
            context,
            description: "Validates features, asks the endpoint and names the answer",
            bundle: bundles.inference,
            // Below the API's limit, so that a function that hangs is ended before its caller is given up.
            timeoutSeconds: 29,
            memoryMiB: 512,
            environment: { SERVING_PARAMETER: `${context.naming.parameterPath}/serving`, ENDPOINT_NAME: endpointName },
            statements: pulumi.output(dataScope).apply((scope) => inferencePermissions(scope, endpointName)),
            kmsKeyArn,
        }, { parent: this });
    }

    private createHealthFunction({ context, bundles, kmsKeyArn }: InferenceApiArgs): LambdaFunction {
        const { naming, location } = context;
        return new LambdaFunction("health", {
            context,
            description: "Says that the platform is up, and which model it serves",
            bundle: bundles.health,
            timeoutSeconds: 10,
            memoryMiB: 256,
            environment: { SERVING_PARAMETER: `${naming.parameterPath}/serving` },
            statements: [readServing(location, naming.parameterPath)],
            kmsKeyArn,
        }, { parent: this });
    }
}
