/**
 * DeployModel: one variant after the other, the model in its registry entry becomes the one that its endpoint serves
 * (docs/decisions/0009-one-writer-and-a-drain.md).
 *
 *     ReadApprovedModel -> IsDeployable -> DescribeEndpoint -> (absent) ApproveWithoutEndpoint -> VariantDeployed
 *                                                           -> (present) the states of pipelineServing.ts
 *                                                              -> the states of pipelineUpdate.ts -> VariantDeployed
 *
 * What fails here fails the Map with the element's own error, and the variants after it are not begun.
 */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildServingStates } from "./pipelineServing.ts";
import { buildFunctionTask, selectPayload } from "./pipelineTasks.ts";
import { buildUpdateStates, UPDATE_WAITING_SECONDS } from "./pipelineUpdate.ts";
import {
    API_TIMEOUT_SECONDS, buildCountedWait, catchAll, catchAllInJsonata, ENDPOINT_LOOKUP_RETRY, LAMBDA_RETRY, SSM_RETRY,
} from "./states.ts";
import type { State, States } from "./states.ts";

/** An endpoint that is being created or maintained is waited for: half an hour. Creating a serverless one takes some minutes. */
const SETTLE_PAUSE_SECONDS = 20;
const SETTLE_TRIES = 90;

/** Seconds that the loops of one deployment wait at most, beside what `sumSeconds` counts. */
export const DEPLOYMENT_WAITING_SECONDS = SETTLE_PAUSE_SECONDS * SETTLE_TRIES + UPDATE_WAITING_SECONDS;

/** Deploys what was trained, or what an order names; `next` follows, `onError` when a deployment fails. */
export function buildDeploymentStates(settings: PipelineSettings, next: string, onError: string): States {
    return {
        PlanDeployments: { Type: "Pass", QueryLanguage: "JSONata", Output: buildPlanExpression(settings), Next: "DeployModel" },
        DeployModel: {
            Type: "Map",
            ItemsPath: "$.planned",
            // While one variant is drained, the other has to answer.
            MaxConcurrency: 1,
            ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "ReadApprovedModel", States: buildElementStates(settings) },
            ResultPath: "$.deployments",
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: onError }],
            Next: next,
        },
    };
}

/** One element per variant: the trained model where there is one, the endpoint's name, and the counts of the loops. */
function buildPlanExpression({ endpointNames }: PipelineSettings): string {
    const names = `{ 'champion': '${endpointNames.champion}', 'challenger': '${endpointNames.challenger}' }`;
    return `{% (
    $input := $states.input;
    $names := ${names};
    $items := $input.kind = 'deployment' ? $map($input.variants, function($variant) { { 'variant': $variant } }) : $input.trained;
    $merge([$input, { 'planned': [$map($items, function($item) { $merge([$item, {
        'runId': $input.runId,
        'letter': $item.variant = 'champion' ? 'a' : 'b',
        'endpointName': $lookup($names, $item.variant),
        'settleWaits': { 'count': 0 },
        'updateWaits': { 'count': 0 },
        'rollbackWaits': { 'count': 0 }
    }]) })] }])
) %}`;
}

function buildElementStates(settings: PipelineSettings): States {
    return {
        ReadApprovedModel: buildReadApprovedModel(settings),
        IsDeployable: {
            Type: "Choice",
            Choices: [
                { Variable: "$.plan", StringEquals: "deploy", Next: "DescribeEndpoint" },
                { Variable: "$.plan", StringEquals: "overtaken", Next: "VariantDeployed" },
            ],
            Default: "NothingApproved",
        },
        NothingApproved: {
            Type: "Fail",
            Error: "NothingApproved",
            CausePath: "States.Format('No model is approved for the {}, so there is nothing to deploy; fix: train first', $.variant)",
        },
        ...buildLookupStates(settings),
        ApproveWithoutEndpoint: {
            ...buildApproveModel(settings, { isServed: false, onError: "DeploymentFailed" }), Next: "VariantDeployed",
        },
        ...buildServingStates(settings, "DrainVariant", "DeploymentFailed"),
        ...buildUpdateStates(settings, buildApproveModel(settings, { isServed: true, onError: "RollBackEndpoint" }), "VariantDeployed"),
        VariantDeployed: { Type: "Pass", QueryLanguage: "JSONata", Output: DEPLOYMENT_EXPRESSION, End: true },
        DeploymentFailed: {
            Type: "Fail",
            QueryLanguage: "JSONata",
            Error: "{% $states.input.error.Error %}",
            Cause: "{% $exists($states.input.error.Cause) ? $string($states.input.error.Cause) : 'no cause was given' %}",
        },
    };
}

/** The Deployment of lambdas/shared/documents.ts. */
const DEPLOYMENT_EXPRESSION = `{% (
    $input := $states.input;
    $merge([
        { 'variant': $input.variant, 'model': $input.model, 'outcome': $input.plan = 'overtaken' ? 'superseded' : $input.approval.outcome },
        $exists($input.evaluation) ? { 'evaluation': $input.evaluation } : {}
    ])
) %}`;

/** An order has no model: the approved one is deployed again. A run whose turn came late gives way to one that began after it. */
function buildReadApprovedModel({ location, parameterPath }: PipelineSettings): State {
    return {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: integrationArn(location, "aws-sdk:ssm:getParameter"),
        Arguments: { Name: `{% '${parameterPath}/approved-' & $states.input.variant %}` },
        Output: `{% (
    $value := $states.result.Parameter.Value;
    $approved := $value = 'none' ? {} : $parse($value);
    $model := $exists($states.input.model) ? $states.input.model : $approved;
    $isOvertaken := $exists($approved.version) and $exists($model.version) and $approved.version > $model.version;
    $merge([$states.input, { 'model': $model, 'plan': $exists($model.version) ? ($isOvertaken ? 'overtaken' : 'deploy') : 'nothing' }])
) %}`,
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        Retry: SSM_RETRY,
        Catch: catchAllInJsonata("DeploymentFailed"),
        Next: "IsDeployable",
    };
}

const UNUSABLE = "The endpoint {} is {} and takes no new model; fix: switch endpoints off and on again";

/** Whether there is an endpoint, and whether it can be updated now. */
function buildLookupStates({ location }: PipelineSettings): States {
    return {
        DescribeEndpoint: {
            Type: "Task",
            Resource: integrationArn(location, "aws-sdk:sagemaker:describeEndpoint"),
            Parameters: { "EndpointName.$": "$.endpointName" },
            TimeoutSeconds: API_TIMEOUT_SECONDS,
            ResultSelector: { "status.$": "$.EndpointStatus", "configuration.$": "$.EndpointConfigName" },
            ResultPath: "$.endpoint",
            Retry: ENDPOINT_LOOKUP_RETRY,
            Catch: catchAll("IsEndpointAbsent"),
            Next: "IsEndpointUpdatable",
        },
        IsEndpointAbsent: {
            Type: "Choice",
            // SageMaker has no name of its own for this error.
            Choices: [{
                And: [{ Variable: "$.error.Cause", IsPresent: true }, { Variable: "$.error.Cause", StringMatches: "*Could not find*" }],
                Next: "ApproveWithoutEndpoint",
            }],
            Default: "DeploymentFailed",
        },
        IsEndpointUpdatable: buildIsEndpointUpdatable(),
        ...buildCountedWait(
            { wait: "WaitForEndpoint", count: "CountEndpointWait", next: "DescribeEndpoint" },
            "$.settleWaits",
            SETTLE_PAUSE_SECONDS,
        ),
        EndpointUnusable: {
            Type: "Fail",
            Error: "EndpointUnusable",
            CausePath: `States.Format('${UNUSABLE}', $.endpointName, $.endpoint.status)`,
        },
    };
}

function buildIsEndpointUpdatable(): State {
    const isStatus = (status: string): object => ({ Variable: "$.endpoint.status", StringEquals: status });
    const unsettled = ["Creating", "Updating", "SystemUpdating", "RollingBack"].map(isStatus);
    return {
        Type: "Choice",
        Choices: [
            { ...isStatus("InService"), Next: "ReadSettings" },
            { ...isStatus("Deleting"), Next: "ApproveWithoutEndpoint" },
            { And: [{ Or: unsettled }, { Variable: "$.settleWaits.count", NumericLessThan: SETTLE_TRIES }], Next: "WaitForEndpoint" },
        ],
        Default: "EndpointUnusable",
    };
}

function buildApproveModel(settings: PipelineSettings, given: { readonly isServed: boolean; readonly onError: string }): State {
    return {
        ...buildFunctionTask(settings, {
            name: "approveModel",
            payload: { "variant.$": "$.variant", "model.$": "$.model", isServed: given.isServed },
            onError: given.onError,
        }),
        // It does the same each time it is called. Left half done, the parameters and the endpoint would name different models.
        Retry: [...LAMBDA_RETRY, { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 }],
        ResultSelector: selectPayload("outcome"),
        ResultPath: "$.approval",
    };
}
