/** What an endpoint is to serve next: a model and a configuration that are made for this deployment and never changed. */
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildRunName, buildTagList } from "./pipelineTasks.ts";
import { API_TIMEOUT_SECONDS, catchAll, SAGEMAKER_RETRY, SSM_RETRY } from "./states.ts";
import type { State, States } from "./states.ts";

/** `next` follows when the configuration is there, `onError` when anything fails. */
export function buildServingStates(settings: PipelineSettings, next: string, onError: string): States {
    return {
        ReadSettings: buildReadSettings(settings, onError),
        CreateServingModel: buildCreateServingModel(settings, onError),
        CreateEndpointConfiguration: { ...buildCreateEndpointConfiguration(settings, onError), Next: next },
    };
}

/** Memory and concurrency as `up` wrote them last. */
function buildReadSettings({ location, parameterPath }: PipelineSettings, onError: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(location, "aws-sdk:ssm:getParameter"),
        Parameters: { Name: `${parameterPath}/settings` },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultSelector: { "serving.$": "States.StringToJson($.Parameter.Value)" },
        ResultPath: "$.settings",
        Retry: SSM_RETRY,
        Catch: catchAll(onError),
        Next: "CreateServingModel",
    };
}

/** Without a network: serverless endpoints take none. The image is the one that trained the model. */
function buildCreateServingModel(settings: PipelineSettings, onError: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createModel"),
        Parameters: {
            "ModelName.$": buildRunName(settings, "live"),
            ExecutionRoleArn: settings.servingRoleArn,
            PrimaryContainer: { "Image.$": "$.model.trainingImage", "ModelDataUrl.$": "$.model.modelDataUrl" },
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultSelector: { "name.$": "States.ArrayGetItem(States.StringSplit($.ModelArn, '/'), 1)" },
        ResultPath: "$.served",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll(onError),
        Next: "CreateEndpointConfiguration",
    };
}

/**
 * By `aws-sdk`: Step Functions checks the fields of its own integrations against lists of its own, does not say whether `ServerlessConfig`
 * is on one, and does nothing more for calls that it does not wait for
 * (https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html).
 */
function buildCreateEndpointConfiguration(settings: PipelineSettings, onError: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "aws-sdk:sagemaker:createEndpointConfig"),
        Parameters: {
            "EndpointConfigName.$": buildRunName(settings, "live"),
            ProductionVariants: [{
                // The same on every endpoint configuration of the endpoint, so that its metrics go on.
                "VariantName.$": "$.variant",
                "ModelName.$": "$.served.name",
                ServerlessConfig: {
                    "MemorySizeInMB.$": "$.settings.serving.memoryMiB", "MaxConcurrency.$": "$.settings.serving.maxConcurrency",
                },
            }],
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultSelector: { "name.$": "States.ArrayGetItem(States.StringSplit($.EndpointConfigArn, '/'), 1)" },
        ResultPath: "$.configuration",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll(onError),
    };
}
