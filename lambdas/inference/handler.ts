import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { readEnvironment } from "../shared/environment.ts";
import { answerHttp } from "../shared/http.ts";
import { describeError, log } from "../shared/log.ts";
import type { HttpAnswer } from "../shared/problem.ts";
import { createAwsRouter } from "../shared/router/awsRouter.ts";
import { createRouterMetrics } from "../shared/router/metrics.ts";
import { infer, type InferenceAnswer } from "./core.ts";

/** Left of the function's time when the last try ends, so that the caller gets our words and not the gateway's. */
const RESERVE_MILLISECONDS = 1_500;

const router = createAwsRouter();
const metrics = createRouterMetrics(readEnvironment("METRICS_NAMESPACE").METRICS_NAMESPACE);

/** Answers `POST /inference`. */
export async function handler(event: APIGatewayProxyEventV2, context: Pick<Context, "getRemainingTimeInMillis">): Promise<HttpAnswer> {
    return answerHttp(event, async (body, requestId) => {
        const { "x-assignment-key": assignmentKey, "x-variant": forcedVariant } = event.headers;
        const answer = await infer({ body, requestId, assignmentKey, forcedVariant }, {
            ...router,
            remainingMilliseconds: () => context.getRemainingTimeInMillis() - RESERVE_MILLISECONDS,
            onFailure: ({ variant }, error) => log("error", "a variant did not answer", {
                requestId, variant, error: describeError(error),
            }),
        });
        countAnswer(answer);
        return answer;
    });
}

function countAnswer({ variant, assignedVariant, fallback, predictions }: InferenceAnswer): void {
    metrics.countPredictions(variant, predictions.length);
    if (fallback) metrics.countFallbacks(assignedVariant, 1);
}
