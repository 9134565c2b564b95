/** What functions need to be told that route requests, or look at how they are routed: `lambdas/shared/router/` reads it. */
import type * as pulumi from "@pulumi/pulumi";
import type { AbTestConfig } from "../config/abTest.ts";
import type { PlatformContext } from "../context.ts";
import { nameEndpoints } from "./serving.ts";

/** Where models and endpoints are. `METRICS_NAMESPACE` because every router counts what it routes. */
export function buildRouterVariables({ naming }: PlatformContext) {
    return {
        PARAMETER_PATH: naming.parameterPath,
        ENDPOINT_NAMES: JSON.stringify(nameEndpoints(naming)),
        METRICS_NAMESPACE: naming.prefix,
    };
}

export interface AbTestSource {
    readonly config: { readonly abTest: AbTestConfig };
    readonly abTestsTableName: pulumi.Input<string>;
}

/** Where the weights are, and those that apply until somebody sets others. */
export function buildAbTestVariables({ config, abTestsTableName }: AbTestSource) {
    return { AB_TESTS_TABLE: abTestsTableName, DEFAULT_WEIGHTS: JSON.stringify(config.abTest.weights) };
}
