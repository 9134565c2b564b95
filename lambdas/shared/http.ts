/** What every HTTP function does around its core: body, request id, log line, problems. */
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { describeError, log } from "./log.ts";
import { buildAnswer, buildProblemAnswer, ProblemError, type HttpAnswer, type Problem } from "./problem.ts";

/** Runs a core with the request's text and turns what it gives or throws into an answer. Never throws. */
export async function answerHttp(
    event: APIGatewayProxyEventV2,
    core: (body: string, requestId: string) => Promise<unknown>,
): Promise<HttpAnswer> {
    const { requestId } = event.requestContext;
    const startedAt = Date.now();
    const answer = await runCore(event, core);
    log("info", "request", { requestId, route: event.routeKey, status: answer.statusCode, milliseconds: Date.now() - startedAt });
    return answer;
}

async function runCore(event: APIGatewayProxyEventV2, core: (body: string, requestId: string) => Promise<unknown>): Promise<HttpAnswer> {
    const { requestId } = event.requestContext;
    try {
        return buildAnswer(200, await core(readBody(event), requestId), requestId);
    } catch (error) {
        const problem = error instanceof ProblemError ? error.problem : unexpected;
        if (problem.status >= 500) log("error", "request failed", { requestId, error: describeError(error) });
        return buildProblemAnswer(problem, requestId);
    }
}

/** Our own mistake: the log has the whole story, the caller has the request's id. */
const unexpected: Problem = { status: 500, title: "Internal error", detail: "the request failed; its id leads to the log line" };

/** A part of the path, decoded: API Gateway hands some over as they came, `binary%3Achurned`. Empty when the route has no such part. */
export function readPathParameter({ pathParameters }: Pick<APIGatewayProxyEventV2, "pathParameters">, name: string): string {
    const text = pathParameters?.[name] ?? "";
    try {
        return decodeURIComponent(text);
    } catch {
        // Decoded already, and with a percent sign of its own.
        return text;
    }
}

function readBody({ body, isBase64Encoded }: APIGatewayProxyEventV2): string {
    return isBase64Encoded ? Buffer.from(body ?? "", "base64").toString("utf8") : body ?? "";
}
