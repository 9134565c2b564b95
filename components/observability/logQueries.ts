/** Saved queries of CloudWatch Logs Insights. Saving costs nothing, running one 0.005 USD per GB that it reads. */
import type { Watched } from "./watched.ts";

/** More than the slowest prediction of a warm endpoint takes, less than a cold start. Milliseconds. */
const SLOW = 1000;
const LIMIT = 100;

export interface LogQuery {
    /** Part of its name. */
    readonly part: string;
    readonly logGroups: readonly string[];
    readonly query: string;
}

/** Fields are those of lambdas/shared/log.ts, and those that AWS writes itself. */
export function buildLogQueries(watched: Watched): readonly LogQuery[] {
    return [
        ...buildFunctionQueries(watched.functionLogGroups),
        {
            part: "bad-records",
            logGroups: [watched.consumerLogGroup],
            query: joinLines("fields @timestamp, BadRecords", "filter BadRecords > 0", "sort @timestamp desc"),
        },
        {
            part: "failed-runs",
            logGroups: [watched.stateMachineLogGroup],
            // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
            query: joinLines(
                "fields @timestamp, execution_arn, type, details.error, details.cause, details.name",
                'filter type in ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted", "TaskFailed", "LambdaFunctionFailed"]',
                "sort @timestamp desc",
            ),
        },
        {
            part: "endpoint-logs",
            logGroups: watched.endpointLogGroups,
            query: joinLines(
                "fields @timestamp, @logStream, @message",
                "filter @message like /(?i)error|exception|traceback/",
                "sort @timestamp desc",
            ),
        },
    ];
}

function buildFunctionQueries(logGroups: readonly string[]): readonly LogQuery[] {
    return [
        {
            part: "errors",
            logGroups,
            // What ends a function before it can log: Lambda's own lines are no JSON of ours.
            query: joinLines(
                "fields @timestamp, @log, level, message, error, @message",
                'filter level = "error" or @message like /Task timed out|Runtime exited|errorType/',
                "sort @timestamp desc",
            ),
        },
        {
            part: "slow-inferences",
            logGroups,
            query: joinLines(
                "fields @timestamp, requestId, status, milliseconds",
                `filter route = "POST /inference" and milliseconds > ${SLOW}`,
                "sort milliseconds desc",
            ),
        },
    ];
}

function joinLines(...lines: readonly string[]): string {
    return [...lines, `limit ${LIMIT}`].join("\n| ");
}
