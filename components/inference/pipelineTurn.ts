/**
 * No two runs at once: whoever finds the turn taken waits, and takes it from a holder that is no longer running
 * (docs/decisions/0010-one-run-at-a-time.md).
 *
 *     TakeTurn -> (conflict) MayWaitOn -> ReadTurn -> IsTurnHeld -> DescribeHolder -> HasHolderEnded
 *       ended       -> ForgetHolder -> CountTurnWait -> TakeTurn
 *       still runs  -> WaitForTurn -> CountTurnWait -> TakeTurn
 */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { API_TIMEOUT_SECONDS, buildCountedWait, buildError, catchAll, DYNAMODB_RETRY, SFN_RETRY } from "./states.ts";
import type { State, States } from "./states.ts";

/** `LeaseId` of the one item that says whose turn it is. It never expires. */
export const TURN_ID = "turn";

/**
 * A try makes about 20 events, and an execution may have 25,000. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const MAX_TURN_TRIES = 400;
const MIN_TURN_PAUSE_SECONDS = 60;

export interface TurnWait {
    readonly tries: number;
    readonly pauseSeconds: number;
}

/** As often as the history allows, and for as long as one whole run may take. */
export function planTurnWait(runSeconds: number): TurnWait {
    const pauseSeconds = Math.max(MIN_TURN_PAUSE_SECONDS, Math.ceil(runSeconds / MAX_TURN_TRIES));
    return { pauseSeconds, tries: Math.ceil(runSeconds / pauseSeconds) };
}

const ENDED = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];
/** Where `ReadTurn` puts the holder's ARN. */
const HELD = "$.held.Item.ExecutionArn.S";
const GIVEN_UP = "fix: see which run is still at work, then upload again";

/** What a run does before it touches anything that another run touches too; `next` follows once it has the turn. */
export function buildTurnStates(settings: PipelineSettings, { tries, pauseSeconds }: TurnWait, next: string): States {
    return {
        TakeTurn: buildTakeTurn(settings, next),
        MayWaitOn: {
            Type: "Choice",
            Choices: [{ Variable: "$.turnWaits.count", NumericLessThan: tries, Next: "ReadTurn" }],
            Default: "GiveUpTurn",
        },
        GiveUpTurn: buildError(
            "TurnNotTaken",
            `States.Format('{} waited ${tries * pauseSeconds} seconds for other runs to end; ${GIVEN_UP}', $$.Execution.Id)`,
            "DescribeFailure",
        ),
        ReadTurn: buildReadTurn(settings),
        IsTurnHeld: { Type: "Choice", Choices: [{ Variable: HELD, IsPresent: true, Next: "DescribeHolder" }], Default: "WaitForTurn" },
        DescribeHolder: buildDescribeHolder(settings),
        HasHolderEnded: {
            Type: "Choice",
            Choices: [{ Or: ENDED.map((status) => ({ Variable: "$.holder.status", StringEquals: status })), Next: "ForgetHolder" }],
            Default: "WaitForTurn",
        },
        ForgetHolder: { Type: "Pass", Parameters: { "ended.$": HELD }, ResultPath: "$.turn", Next: "CountTurnWait" },
        ...buildCountedWait({ wait: "WaitForTurn", count: "CountTurnWait", next: "TakeTurn" }, "$.turnWaits", pauseSeconds),
    };
}

/** Free, ours already, or of a holder that has ended: by condition, so that of two that wait only one gets it. */
function buildTakeTurn({ location, pipelineLeasesTableName }: PipelineSettings, next: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "dynamodb:putItem"),
        Parameters: {
            TableName: pipelineLeasesTableName,
            Item: { LeaseId: { S: TURN_ID }, ExecutionArn: { "S.$": "$$.Execution.Id" }, TakenAt: { "S.$": "$$.State.EnteredTime" } },
            ConditionExpression: "attribute_not_exists(LeaseId) OR ExecutionArn = :me OR ExecutionArn = :ended",
            ExpressionAttributeValues: { ":me": { "S.$": "$$.Execution.Id" }, ":ended": { "S.$": "$.turn.ended" } },
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: DYNAMODB_RETRY,
        Catch: [
            { ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], ResultPath: "$.conflict", Next: "MayWaitOn" },
            // It may have been taken all the same.
            ...catchAll("ReleaseTurnAfterFailure"),
        ],
        Next: next,
    };
}

function buildReadTurn({ location, pipelineLeasesTableName }: PipelineSettings): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "dynamodb:getItem"),
        Parameters: { TableName: pipelineLeasesTableName, Key: { LeaseId: { S: TURN_ID } }, ConsistentRead: true },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: "$.held",
        Retry: DYNAMODB_RETRY,
        Catch: catchAll("DescribeFailure"),
        Next: "IsTurnHeld",
    };
}

function buildDescribeHolder({ location }: PipelineSettings): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "aws-sdk:sfn:describeExecution"),
        Parameters: { "ExecutionArn.$": HELD },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultSelector: { "status.$": "$.Status" },
        ResultPath: "$.holder",
        Retry: SFN_RETRY,
        // Step Functions forgets executions 90 days after their end.
        Catch: [
            { ErrorEquals: ["Sfn.ExecutionDoesNotExistException"], ResultPath: "$.holder", Next: "ForgetHolder" },
            ...catchAll("DescribeFailure"),
        ],
        Next: "HasHolderEnded",
    };
}

/** Gives the turn back, if it is ours. Not being able to is no failure: an execution that has ended holds nothing. */
export function buildReleaseTurn({ location, pipelineLeasesTableName }: PipelineSettings, next: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "dynamodb:deleteItem"),
        Parameters: {
            TableName: pipelineLeasesTableName,
            Key: { LeaseId: { S: TURN_ID } },
            ConditionExpression: "ExecutionArn = :me",
            ExpressionAttributeValues: { ":me": { "S.$": "$$.Execution.Id" } },
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: DYNAMODB_RETRY,
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.releaseError", Next: next }],
        Next: next,
    };
}
