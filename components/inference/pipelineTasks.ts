/** What several parts of the pipeline's definition are made of: function calls, names and tags. */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineFunctionKey, PipelineSettings } from "./pipelineSettings.ts";
import { catchAll, FUNCTION_TIMEOUT_SECONDS, LAMBDA_RETRY } from "./states.ts";
import type { State } from "./states.ts";

/** A function's call; whoever uses it says where the answer goes and what is next. */
export interface FunctionCall {
    readonly name: PipelineFunctionKey;
    readonly payload: object;
    /** State to which everything that fails leads. */
    readonly onError: string;
}

export function buildFunctionTask(settings: PipelineSettings, { name, payload, onError }: FunctionCall): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "lambda:invoke"),
        Parameters: { FunctionName: settings.functions[name], Payload: payload },
        TimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        Retry: LAMBDA_RETRY,
        Catch: catchAll(onError),
    };
}

/** Named fields of a function's answer: one that is missing fails here, not three states later. */
export function selectPayload(...fields: readonly string[]): object {
    return Object.fromEntries(fields.map((field) => [`${field}.$`, `$.Payload.${field}`]));
}

/**
 * Name of a job, a model or an endpoint configuration of one variant. Never used twice: not by a retry, not by a redrive.
 *
 * @param purpose distinguishes the model that is served from the one that is only evaluated. At most 5 characters: with the longest prefix
 * (38), run id (12) and two counts the name then has 63.
 */
export function buildRunName({ jobPrefix }: PipelineSettings, purpose?: "live"): string {
    const middle = purpose === undefined ? "" : `${purpose}-`;
    return `States.Format('${jobPrefix}-{}-{}-${middle}{}-{}', $.runId, $.letter, $$.State.RetryCount, $$.Execution.RedriveCount)`;
}

/** SageMaker's form of tags. */
export function buildTagList({ tags }: PipelineSettings): readonly object[] {
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
