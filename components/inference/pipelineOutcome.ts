/** How a pipeline run ends: well, or with a failure that somebody is told of and that keeps the job's own reason. */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildReleaseTurn } from "./pipelineTurn.ts";
import { API_TIMEOUT_SECONDS, SNS_RETRY } from "./states.ts";
import type { States } from "./states.ts";

/**
 * The reason inside the cause: a job's description says `FailureReason`, a function's error `errorMessage`. Found as text, because a
 * cause may be cut off in the middle and then is no JSON. `\x5c` is the backslash: JSONata takes one before a `]` for an escape of
 * the bracket, and then finds no end of the expression.
 */
const FAILURE_EXPRESSION = String.raw`{% (
    $cause := $exists($states.input.error.Cause) ? $string($states.input.error.Cause) : 'no cause was given';
    $found := $match($cause, /"(FailureReason|errorMessage)"\s*:\s*"((?:[^"\x5c]|\x5c.)*)"/);
    $reason := $count($found) > 0 ? $parse('"' & $found[0].groups[1] & '"') : $cause;
    $merge([$states.input, { 'failure': { 'Error': $states.input.error.Error, 'Cause': $reason } }])
) %}`;

/** The ends. Whoever may hold the turn comes in by `ReleaseTurn` or `ReleaseTurnAfterFailure`, who never had it by `DescribeFailure`. */
export function buildOutcomeStates(settings: PipelineSettings): States {
    return {
        ReleaseTurn: buildReleaseTurn(settings, "Succeeded"),
        Succeeded: { Type: "Succeed", QueryLanguage: "JSONata", Output: { deployments: "{% $states.input.deployments %}" } },
        ReleaseTurnAfterFailure: buildReleaseTurn(settings, "DescribeFailure"),
        DescribeFailure: { Type: "Pass", QueryLanguage: "JSONata", Output: FAILURE_EXPRESSION, Next: "NotifyFailure" },
        NotifyFailure: {
            Type: "Task",
            Resource: integrationArn(settings.location, "sns:publish"),
            Parameters: {
                TopicArn: settings.alertTopicArn,
                Subject: `Training failed: ${settings.jobPrefix}`,
                "Message.$": "States.Format('{} failed: {}: {}', $$.Execution.Id, $.failure.Error, $.failure.Cause)",
            },
            TimeoutSeconds: API_TIMEOUT_SECONDS,
            ResultPath: null,
            Retry: SNS_RETRY,
            // An alert that cannot be sent must not hide why the run failed.
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.alertError", Next: "Failed" }],
            Next: "Failed",
        },
        Failed: { Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
    };
}
