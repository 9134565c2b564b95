import { SSMClient } from "@aws-sdk/client-ssm";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { Variant } from "../shared/documents.ts";
import { readEnvironment } from "../shared/environment.ts";
import { answerHttp } from "../shared/http.ts";
import { createLastGoodCache } from "../shared/lastGoodCache.ts";
import { describeError, log } from "../shared/log.ts";
import type { HttpAnswer } from "../shared/problem.ts";
import { createAwsAbTestReader } from "../shared/router/awsAbTest.ts";
import { nameServingParameter, readServingModel } from "../shared/servingModel.ts";
import { checkHealth } from "./core.ts";

/** The route is open: the cache keeps callers from using up the parameter store's request rate. */
const FRESH_MILLISECONDS = 5_000;
const READ_TIMEOUT_MILLISECONDS = 2_000;

const environment = readEnvironment("ENVIRONMENT", "PARAMETER_PATH", "AB_TESTS_TABLE", "DEFAULT_WEIGHTS");
const ssm = new SSMClient({ maxAttempts: 2 });
const readAbTest = createAwsAbTestReader(environment.AB_TESTS_TABLE, environment.DEFAULT_WEIGHTS);
const models = { champion: cacheModel("champion"), challenger: cacheModel("challenger") };

/** Answers `GET /health`. */
export async function handler(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    return answerHttp(event, () => checkHealth({
        environment: environment.ENVIRONMENT,
        readServingModel: (variant) => models[variant](),
        readWeights: async () => (await readAbTest()).weights,
        onUnreadable: (error) => log("error", "serving model unreadable", { error: describeError(error) }),
    }));
}

function cacheModel(variant: Variant) {
    const name = nameServingParameter(environment.PARAMETER_PATH, variant);
    return createLastGoodCache(() => readServingModel(ssm, name, AbortSignal.timeout(READ_TIMEOUT_MILLISECONDS)), {
        freshMilliseconds: FRESH_MILLISECONDS,
        onStale: (error) => log("error", "serving model unreadable, the last good one is named", { variant, error: describeError(error) }),
    });
}
