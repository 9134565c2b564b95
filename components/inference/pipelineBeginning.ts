/** How a run begins: what started it, which data it takes, and that nobody else has taken them. */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import {
    API_TIMEOUT_SECONDS, buildError, catchAll, catchAllInJsonata, DYNAMODB_RETRY, FUNCTION_TIMEOUT_SECONDS, LAMBDA_RETRY, mergeIntoInput,
} from "./states.ts";
import type { State, States } from "./states.ts";

/** Days after which the table forgets a lease; EventBridge repeats an event within one. */
const LEASE_DAYS = 30;

/**
 * What the rest of the run goes by, out of three kinds of event (lambdas/shared/documents.ts, DeploymentOrder). In JSONata, because only
 * that can reckon.
 *
 * The lease of an upload is what the driver reckons too, to find the run of its upload (automation/phases/execution.ts). S3 takes up to 15
 * minutes to give versions in a bucket whose versioning was just switched on; the version of an object that has none is called "null"
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html), and its sequencer stands for it in the lease.
 */
const CLASSIFY_EXPRESSION = `{% (
    $event := $states.input;
    $known := $count($event.variants[$ in ['champion', 'challenger']]);
    $isOrder := $event.source = 'firstlight.deployment' and $known > 0 and $known = $count($event.variants);
    $kind := $event.source = 'aws.s3' ? 'upload' : $event.source = 'aws.events' ? 'schedule' : $isOrder ? 'deployment' : 'unknown';
    $object := $event.detail.object;
    $version := $exists($object.\`version-id\`) ? $object.\`version-id\` : $object.sequencer;
    $leased := $kind = 'upload' ? $event.detail.bucket.name & '/' & $object.key & '/' & $version : $kind & '/' & $event.id;
    $merge([
        {
            'kind': $kind,
            'runId': $substring($hash($states.context.Execution.Id, 'SHA-256'), 0, 12),
            'lease': {
                'id': $hash($leased, 'SHA-256'),
                'expiresAt': $string($floor($toMillis($states.context.Execution.StartTime) / 1000) + ${LEASE_DAYS * 86_400})
            },
            'turn': { 'ended': 'nobody' },
            'turnWaits': { 'count': 0 }
        },
        $kind = 'upload' ? { 'upload': {
            'bucket': $event.detail.bucket.name,
            'key': $object.key,
            'versionId': $exists($object.\`version-id\`) ? $object.\`version-id\` : 'null'
        } } : {},
        $kind = 'deployment' ? { 'variants': [$event.variants] } : {}
    ])
) %}`;

/** From the event to the lease; `next` is where a run with data, or a deployment, goes on. */
export function buildBeginningStates(settings: PipelineSettings, next: string): States {
    return {
        ClassifyEvent: { Type: "Pass", QueryLanguage: "JSONata", Output: CLASSIFY_EXPRESSION, Next: "RouteEvent" },
        RouteEvent: {
            Type: "Choice",
            Choices: [
                { Variable: "$.kind", StringEquals: "upload", Next: "AcquireLease" },
                { Variable: "$.kind", StringEquals: "schedule", Next: "SelectData" },
                { Variable: "$.kind", StringEquals: "deployment", Next: next },
            ],
            Default: "RefuseEvent",
        },
        RefuseEvent: buildError(
            "UnknownEvent",
            "States.Format('{} was started by none of: an upload, the schedule, an order with variants to deploy', $$.Execution.Id)",
            "DescribeFailure",
        ),
        SelectData: buildSelectData(settings),
        HasData: {
            Type: "Choice",
            Choices: [{ Variable: "$.upload", IsNull: true, Next: "NothingToTrain" }],
            Default: "AcquireLease",
        },
        NothingToTrain: { Type: "Succeed", Comment: "The schedule came before the first data" },
        AcquireLease: buildAcquireLease(settings, next),
        AlreadyProcessed: { Type: "Succeed", Comment: "Another run has this version of the object, or this event of the schedule" },
    };
}

/** In JSONata, because the answer may have no upload. */
function buildSelectData({ location, functions }: PipelineSettings): State {
    return {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: integrationArn(location, "lambda:invoke"),
        Arguments: { FunctionName: functions.selectData, Payload: {} },
        Output: mergeIntoInput("{ 'upload': $states.result.Payload.upload }"),
        TimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        Retry: LAMBDA_RETRY,
        Catch: catchAllInJsonata("DescribeFailure"),
        Next: "HasData",
    };
}

/** One run per version of a data object, or per event of the schedule: events may come twice. */
function buildAcquireLease({ location, pipelineLeasesTableName }: PipelineSettings, next: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "dynamodb:putItem"),
        Parameters: {
            TableName: pipelineLeasesTableName,
            Item: {
                LeaseId: { "S.$": "$.lease.id" },
                ExecutionArn: { "S.$": "$$.Execution.Id" },
                Key: { "S.$": "$.upload.key" },
                ExpiresAt: { "N.$": "$.lease.expiresAt" },
            },
            // A repeated call of this very run finds its own lease.
            ConditionExpression: "attribute_not_exists(LeaseId) OR ExecutionArn = :me",
            ExpressionAttributeValues: { ":me": { "S.$": "$$.Execution.Id" } },
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: DYNAMODB_RETRY,
        Catch: [
            { ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], ResultPath: "$.conflict", Next: "AlreadyProcessed" },
            ...catchAll("DescribeFailure"),
        ],
        Next: next,
    };
}
