import { SSMClient } from "@aws-sdk/client-ssm";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { readEnvironment } from "../shared/environment.ts";
import { createLastGoodCache } from "../shared/lastGoodCache.ts";
import { describeError, log } from "../shared/log.ts";
import { buildAnswer, type HttpAnswer } from "../shared/problem.ts";
import { readServingModel } from "../shared/servingModel.ts";
import { checkHealth } from "./core.ts";

/** The route is open: the cache keeps callers from using up the parameter store's request rate. */
const FRESH_MILLISECONDS = 5_000;
const READ_TIMEOUT_MILLISECONDS = 2_000;

const environment = readEnvironment("ENVIRONMENT", "SERVING_PARAMETER");
const ssm = new SSMClient({ maxAttempts: 2 });
const readModel = createLastGoodCache(
    () => readServingModel(ssm, environment.SERVING_PARAMETER, AbortSignal.timeout(READ_TIMEOUT_MILLISECONDS)),
    { freshMilliseconds: FRESH_MILLISECONDS },
);

/** Answers `GET /health`. */
export async function handler(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    const health = await checkHealth({
        environment: environment.ENVIRONMENT,
        readServingModel: readModel,
        onUnreadable: (error) => log("error", "serving model unreadable", { error: describeError(error) }),
    });
    log("info", "health", { requestId: event.requestContext.requestId });
    return buildAnswer(200, health, event.requestContext.requestId);
}
