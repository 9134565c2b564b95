/**
 * How an endpoint gets another configuration while requests come: drained before, looked at after, and put back when it fails.
 *
 *     DrainVariant -> WaitForRouters -> UpdateEndpoint -> WaitForUpdate -> CountUpdateWait -> DescribeUpdate -> IsUpdateDone
 *       new configuration in service -> ApproveModel -> WaitForSchemas -> RestoreTraffic -> VariantDeployed
 *       old configuration in service -> SayReturned -> RestoreAfterFailure -> DeploymentFailed
 *       failed                       -> SayBroken -> RestoreAfterFailure
 *       neither in time, or a mix    -> SayHanging -> RollBackEndpoint -> WaitForRollback ... IsRolledBack -> RestoreAfterFailure
 *                                                                                 (or not) -> SayStuck -> IsFormerServing
 *                                                                    former configuration -> RestoreAfterFailure, else HoldDrain
 */
import { AB_TEST_ID } from "../../lambdas/shared/documents.ts";
import { AB_TEST_CACHE_SECONDS, SERVING_CACHE_SECONDS } from "../../lambdas/shared/routerCaches.ts";
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildFailureReports } from "./pipelineUpdateFailures.ts";
import {
    API_TIMEOUT_SECONDS, buildCountedWait, catchAll, catchAllInJsonata, DYNAMODB_RETRY, ENDPOINT_LOOKUP_RETRY, mergeIntoInput,
    SAGEMAKER_RETRY,
} from "./states.ts";
import type { State, States } from "./states.ts";

/** For a request that a router began by what it knew. */
const ROUTER_MARGIN_SECONDS = 5;
/** Three quarters of an hour; updating a serverless endpoint takes some minutes. */
const UPDATE_TRIES = 180;
/** Half an hour. */
const ROLLBACK_TRIES = 120;
const POLL_SECONDS = 15;

/** Seconds that the loops of one update wait at most. */
export const UPDATE_WAITING_SECONDS = (UPDATE_TRIES + ROLLBACK_TRIES) * POLL_SECONDS;

/** Seconds after which a drain that nobody ended is over: all the waits, and half an hour for the calls between them. */
const DRAIN_SECONDS = UPDATE_WAITING_SECONDS + 1800;
/** Thirty days, for a person to look: which model the endpoint runs is not known, and its rows would be encoded for the former one. */
const HELD_DRAIN_SECONDS = 30 * 86_400;

/** @param approveModel what makes the served model the approved one; where it leads is decided here. `next` follows a deployment. */
export function buildUpdateStates(settings: PipelineSettings, approveModel: State, next: string): States {
    return {
        // What fails may have been written all the same.
        DrainVariant: buildDrain(settings, { seconds: DRAIN_SECONDS, next: "WaitForRouters", onError: "RestoreAfterFailure" }),
        WaitForRouters: { Type: "Wait", Seconds: AB_TEST_CACHE_SECONDS + ROUTER_MARGIN_SECONDS, Next: "UpdateEndpoint" },
        UpdateEndpoint: {
            ...buildUpdateEndpoint(settings, "$.configuration.name"),
            // Whether it was refused, or begun and not answered, only a look can tell.
            Catch: catchAll("WaitForUpdate"),
            Next: "WaitForUpdate",
        },
        // The pause comes first: a look at once might still see the state before.
        ...buildCountedWait({ wait: "WaitForUpdate", count: "CountUpdateWait", next: "DescribeUpdate" }, "$.updateWaits", POLL_SECONDS),
        DescribeUpdate: buildDescribe(settings, "IsUpdateDone", "RollBackEndpoint"),
        IsUpdateDone: buildIsUpdateDone(),
        ApproveModel: { ...approveModel, Next: "WaitForSchemas" },
        // Until every router encodes by the new model's schema.
        WaitForSchemas: { Type: "Wait", Seconds: SERVING_CACHE_SECONDS + ROUTER_MARGIN_SECONDS, Next: "RestoreTraffic" },
        RestoreTraffic: buildRestoreTraffic(settings, next),
        ...buildFailureReports(),
        ...buildRollbackStates(settings),
        RestoreAfterFailure: buildRestoreTraffic(settings, "DeploymentFailed"),
    };
}

interface Drain {
    /** After which it is over by itself. */
    readonly seconds: number;
    readonly next: string;
    readonly onError: string;
}

/** In JSONata, because only that can reckon the end. */
function buildDrain({ location, abTestsTableName }: PipelineSettings, { seconds, next, onError }: Drain): State {
    return {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: integrationArn(location, "dynamodb:updateItem"),
        Arguments: {
            TableName: abTestsTableName,
            Key: { TestId: { S: AB_TEST_ID } },
            UpdateExpression: "SET DrainedVariant = :variant, DrainedUntil = :until",
            ExpressionAttributeValues: {
                ":variant": { S: "{% $states.input.variant %}" },
                ":until": { N: `{% $string($floor($toMillis($states.context.State.EnteredTime) / 1000) + ${seconds}) %}` },
            },
        },
        Output: "{% $states.input %}",
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        Retry: DYNAMODB_RETRY,
        Catch: catchAllInJsonata(onError),
        Next: next,
    };
}

/** What cannot be restored ends by itself at `DrainedUntil`: no reason to fail, and none to hide another. */
function buildRestoreTraffic({ location, abTestsTableName }: PipelineSettings, next: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "dynamodb:updateItem"),
        Parameters: {
            TableName: abTestsTableName,
            Key: { TestId: { S: AB_TEST_ID } },
            UpdateExpression: "REMOVE DrainedVariant, DrainedUntil",
            ConditionExpression: "DrainedVariant = :variant",
            ExpressionAttributeValues: { ":variant": { "S.$": "$.variant" } },
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: DYNAMODB_RETRY,
        Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.restoreError", Next: next }],
        Next: next,
    };
}

/**
 * A configuration made a moment ago may be unknown to the first call: that has no name of its own either, and is retried with throttling.
 */
function buildUpdateEndpoint({ location }: PipelineSettings, configurationPath: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "sagemaker:updateEndpoint"),
        Parameters: { "EndpointName.$": "$.endpointName", "EndpointConfigName.$": configurationPath },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: SAGEMAKER_RETRY,
    };
}

/** In JSONata, because an endpoint that is well has no reason to give. `$.endpoint` keeps what ran before. */
function buildDescribe({ location }: PipelineSettings, next: string, onError: string): State {
    return {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: integrationArn(location, "aws-sdk:sagemaker:describeEndpoint"),
        Arguments: { EndpointName: "{% $states.input.endpointName %}" },
        Output: mergeIntoInput(`{ 'seen': {
            'status': $states.result.EndpointStatus,
            'configuration': $states.result.EndpointConfigName,
            'reason': $exists($states.result.FailureReason) ? $states.result.FailureReason : 'SageMaker gave no reason'
        } }`),
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        Retry: ENDPOINT_LOOKUP_RETRY,
        Catch: catchAllInJsonata(onError),
        Next: next,
    };
}

const IN_SERVICE = { Variable: "$.seen.status", StringEquals: "InService" };
const UNDER_WAY = {
    Or: ["Creating", "Updating", "SystemUpdating", "RollingBack"].map((status) => ({ Variable: "$.seen.status", StringEquals: status })),
};

/**
 * SageMaker puts an endpoint back by itself when the new model does not start, and then says InService: the configuration's name tells.
 * A refusal of the call itself is already the error, and stays.
 */
function buildIsUpdateDone(): State {
    return {
        Type: "Choice",
        Choices: [
            { And: [IN_SERVICE, { Variable: "$.seen.configuration", StringEqualsPath: "$.configuration.name" }], Next: "ApproveModel" },
            { And: [IN_SERVICE, { Variable: "$.error", IsPresent: true }], Next: "RestoreAfterFailure" },
            { ...IN_SERVICE, Next: "SayReturned" },
            { And: [UNDER_WAY, { Variable: "$.updateWaits.count", NumericLessThan: UPDATE_TRIES }], Next: "WaitForUpdate" },
            { Variable: "$.seen.status", StringEquals: "Failed", Next: "SayBroken" },
        ],
        Default: "SayHanging",
    };
}

function buildRollbackStates(settings: PipelineSettings): States {
    return {
        RollBackEndpoint: {
            ...buildUpdateEndpoint(settings, "$.endpoint.configuration"),
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.rollbackError", Next: "SayStuck" }],
            Next: "WaitForRollback",
        },
        ...buildCountedWait(
            { wait: "WaitForRollback", count: "CountRollbackWait", next: "DescribeRollback" },
            "$.rollbackWaits",
            POLL_SECONDS,
        ),
        DescribeRollback: {
            ...buildDescribe(settings, "IsRolledBack", "SayStuck"),
            Catch: [{ ErrorEquals: ["States.ALL"], Output: mergeIntoInput("{ 'rollbackError': $states.errorOutput }"), Next: "SayStuck" }],
        },
        IsRolledBack: {
            Type: "Choice",
            Choices: [
                {
                    And: [IN_SERVICE, { Variable: "$.seen.configuration", StringEqualsPath: "$.endpoint.configuration" }],
                    Next: "RestoreAfterFailure",
                },
                { And: [UNDER_WAY, { Variable: "$.rollbackWaits.count", NumericLessThan: ROLLBACK_TRIES }], Next: "WaitForRollback" },
            ],
            Default: "SayStuck",
        },
        IsFormerServing: {
            Type: "Choice",
            Choices: [{
                And: [
                    { Variable: "$.seen.configuration", IsPresent: true },
                    { Not: { Variable: "$.seen.configuration", StringEqualsPath: "$.configuration.name" } },
                ],
                Next: "RestoreAfterFailure",
            }],
            Default: "HoldDrain",
        },
        HoldDrain: buildDrain(settings, { seconds: HELD_DRAIN_SECONDS, next: "DeploymentFailed", onError: "DeploymentFailed" }),
    };
}
