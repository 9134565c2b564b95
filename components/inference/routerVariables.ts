/** What a function needs to be told to route requests: `lambdas/shared/router/` reads it. */
import type * as pulumi from "@pulumi/pulumi";
import type { AbTestConfig } from "../config/abTest.ts";
import type { PlatformContext } from "../context.ts";
import { nameEndpoints } from "./serving.ts";

export interface RouterArgs {
    readonly abTest: AbTestConfig;
    readonly abTestsTableName: pulumi.Input<string>;
}

/** Environment variables by name; `METRICS_NAMESPACE` because every router counts what it routes. */
export function buildRouterVariables({ naming }: PlatformContext, { abTest, abTestsTableName }: RouterArgs) {
    return {
        PARAMETER_PATH: naming.parameterPath,
        AB_TESTS_TABLE: abTestsTableName,
        DEFAULT_WEIGHTS: JSON.stringify(abTest.weights),
        ENDPOINT_NAMES: JSON.stringify(nameEndpoints(naming)),
        METRICS_NAMESPACE: naming.prefix,
    };
}
