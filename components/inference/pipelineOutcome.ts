/** How a pipeline run begins and ends: the lease, the decision about the model, and what happens when something fails. */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { DYNAMODB_RETRY, SNS_RETRY } from "./states.ts";
import type { State } from "./states.ts";

/** Days after which the table forgets a lease; EventBridge repeats an event within one. */
const LEASE_DAYS = 30;

/** What the driver reckons too, to find the run of its upload (automation/phases/execution.ts). */
const LEASE_ID_EXPRESSION = `{% (
    $object := $states.input.detail.object;
    $version := $exists($object.\`version-id\`) ? $object.\`version-id\` : $object.sequencer;
    $hash($states.input.detail.bucket.name & '/' & $object.key & '/' & $version, 'SHA-256')
) %}`;

/**
 * Adds the upload. S3 takes up to 15 minutes to give versions in a bucket whose versioning was just switched on; the version of an object
 * that has none is called "null" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html).
 */
const UPLOAD_EXPRESSION = `{% (
    $object := $states.input.detail.object;
    $version := $exists($object.\`version-id\`) ? $object.\`version-id\` : 'null';
    $merge([$states.input, { 'upload': { 'bucket': $states.input.detail.bucket.name, 'key': $object.key, 'versionId': $version } }])
) %}`;

/** One run per version of a data object: events may come twice. In JSONata, because only that can reckon the expiry. */
export function buildLeaseStates(settings: PipelineSettings, timeoutSeconds: number): Readonly<Record<string, State>> {
    return {
        AcquireLease: {
            Type: "Task",
            QueryLanguage: "JSONata",
            Resource: integrationArn(settings.location, "dynamodb:putItem"),
            Arguments: {
                TableName: settings.pipelineLeasesTableName,
                Item: {
                    LeaseId: { S: LEASE_ID_EXPRESSION },
                    ExecutionArn: { S: "{% $states.context.Execution.Id %}" },
                    Key: { S: "{% $states.input.detail.object.key %}" },
                    ExpiresAt: { N: `{% $string($floor($toMillis($states.context.Execution.StartTime) / 1000) + ${LEASE_DAYS * 86_400}) %}` },
                },
                // A repeated call of this very run finds its own lease.
                ConditionExpression: "attribute_not_exists(LeaseId) OR ExecutionArn = :me",
                ExpressionAttributeValues: { ":me": { S: "{% $states.context.Execution.Id %}" } },
            },
            Output: UPLOAD_EXPRESSION,
            TimeoutSeconds: timeoutSeconds,
            Retry: DYNAMODB_RETRY,
            Catch: [
                { ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "AlreadyProcessed", Output: "{% $states.input %}" },
                { ErrorEquals: ["States.ALL"], Next: "DescribeFailure", Output: "{% $merge([$states.input, { 'error': $states.errorOutput }]) %}" },
            ],
            Next: "ValidateData",
        },
        AlreadyProcessed: { Type: "Succeed", Comment: "Another run has this version of the object" },
    };
}

/** Fails closed: a metric that is missing, not a number or of unknown direction does not pass. */
export function buildCheckMetrics(): Readonly<Record<string, State>> {
    return {
        CheckMetrics: {
            Type: "Choice",
            Choices: [
                buildGate("maximize", { NumericGreaterThanEqualsPath: "$.evaluation.gate.floor" }),
                buildGate("minimize", { NumericLessThanEqualsPath: "$.evaluation.gate.floor" }),
            ],
            Default: "RejectModel",
        },
        RejectModel: {
            Type: "Pass",
            Parameters: {
                Error: "ModelBelowFloor",
                "Cause.$": "States.Format('The model does not reach its floor: {}', States.JsonToString($.evaluation))",
            },
            ResultPath: "$.error",
            Next: "DescribeFailure",
        },
    };
}

function buildGate(direction: "maximize" | "minimize", comparison: object): object {
    return {
        And: [
            { Variable: "$.evaluation.gate.value", IsPresent: true },
            { Variable: "$.evaluation.gate.value", IsNumeric: true },
            { Variable: "$.evaluation.gate.floor", IsPresent: true },
            { Variable: "$.evaluation.gate.floor", IsNumeric: true },
            { Variable: "$.evaluation.gate.direction", IsPresent: true },
            { Variable: "$.evaluation.gate.direction", StringEquals: direction },
            { Variable: "$.evaluation.gate.value", ...comparison },
        ],
        Next: "RegisterModel",
    };
}

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

/** The ends: success, and failure that somebody is told of and that keeps the job's own reason. */
export function buildOutcomeStates(settings: PipelineSettings, timeoutSeconds: number): Readonly<Record<string, State>> {
    return {
        Succeeded: { Type: "Succeed" },
        DescribeFailure: { Type: "Pass", QueryLanguage: "JSONata", Output: FAILURE_EXPRESSION, Next: "NotifyFailure" },
        NotifyFailure: {
            Type: "Task",
            Resource: integrationArn(settings.location, "sns:publish"),
            Parameters: {
                TopicArn: settings.alertTopicArn,
                Subject: `Training failed: ${settings.jobPrefix}`,
                "Message.$": "States.Format('{} failed: {}: {}', $$.Execution.Id, $.failure.Error, $.failure.Cause)",
            },
            TimeoutSeconds: timeoutSeconds,
            ResultPath: null,
            Retry: SNS_RETRY,
            // An alert that cannot be sent must not hide why the run failed.
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.alertError", Next: "Failed" }],
            Next: "Failed",
        },
        Failed: { Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
    };
}
