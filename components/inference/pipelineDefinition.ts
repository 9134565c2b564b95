/**
 * The training pipeline as a state machine: pure, from settings to definition. One file per part:
 *
 *     pipelineBeginning   ClassifyEvent -> (schedule: SelectData) -> AcquireLease
 *     pipelineTurn        TakeTurn
 *     here                ReadChampion -> ValidateData -> PreprocessData
 *     pipelineVariants    TrainVariants, by the jobs of pipelineJobs
 *     pipelineDeployment  DeployModel, by the model of pipelineServing and the update of pipelineUpdate
 *     pipelineOutcome     ReleaseTurn -> Succeeded
 *
 *     anything that fails -> ReleaseTurnAfterFailure -> DescribeFailure -> NotifyFailure -> Failed
 */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import { integrationArn } from "../iam/arns.ts";
import { buildBeginningStates } from "./pipelineBeginning.ts";
import { buildDeploymentStates, DEPLOYMENT_WAITING_SECONDS } from "./pipelineDeployment.ts";
import { buildOutcomeStates } from "./pipelineOutcome.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildFunctionTask, selectPayload } from "./pipelineTasks.ts";
import { buildTurnStates, planTurnWait } from "./pipelineTurn.ts";
import { buildVariantStates } from "./pipelineVariants.ts";
import { API_TIMEOUT_SECONDS, catchAllInJsonata, mergeIntoInput, SSM_RETRY, sumSeconds } from "./states.ts";
import type { State, StateMachineDefinition, States } from "./states.ts";

const ON_ERROR = "ReleaseTurnAfterFailure";

/** The definition; `JSON.stringify` makes what `createStateMachine` takes. */
export function buildPipelineDefinition(settings: PipelineSettings): StateMachineDefinition {
    const work: States = {
        RouteWork: {
            Type: "Choice",
            Choices: [{ Variable: "$.kind", StringEquals: "deployment", Next: "PlanDeployments" }],
            Default: "ReadChampion",
        },
        ReadChampion: buildReadChampion(settings),
        ValidateData: buildValidateData(settings),
        PreprocessData: buildPreprocessData(settings),
        ...buildVariantStates(settings, "PlanDeployments", ON_ERROR),
        ...buildDeploymentStates(settings, "ReleaseTurn", ON_ERROR),
        ...buildOutcomeStates(settings),
    };
    // Variants are trained side by side, and deployed one after the other.
    const workSeconds = sumSeconds(work) + sumSeconds({ DeployModel: work["DeployModel"]! }) * (VARIANTS.length - 1)
        + DEPLOYMENT_WAITING_SECONDS * VARIANTS.length;
    const turnWait = planTurnWait(workSeconds);
    const start: States = { ...buildBeginningStates(settings, "TakeTurn"), ...buildTurnStates(settings, turnWait, "RouteWork") };
    return {
        Comment: "From an uploaded file to served models",
        StartAt: "ClassifyEvent",
        // Whoever waits as long as it may still has the time for all its work.
        TimeoutSeconds: sumSeconds(start) + turnWait.tries * turnWait.pauseSeconds + workSeconds,
        States: { ...start, ...work },
    };
}

/** Without an approved champion both variants are trained, else the challenger alone. In JSONata, for the decision. */
function buildReadChampion({ location, parameterPath }: PipelineSettings): State {
    return {
        Type: "Task",
        QueryLanguage: "JSONata",
        Resource: integrationArn(location, "aws-sdk:ssm:getParameter"),
        Arguments: { Name: `${parameterPath}/approved-champion` },
        Output: mergeIntoInput("{ 'variants': $states.result.Parameter.Value = 'none' ? ['champion', 'challenger'] : ['challenger'] }"),
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        Retry: SSM_RETRY,
        Catch: catchAllInJsonata(ON_ERROR),
        Next: "ValidateData",
    };
}

/** As the beginning found it, in the event or in the bucket. */
const UPLOAD = { "bucket.$": "$.upload.bucket", "key.$": "$.upload.key", "versionId.$": "$.upload.versionId", "runId.$": "$.runId" };

function buildValidateData(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, { name: "validateData", payload: UPLOAD, onError: ON_ERROR }),
        ResultSelector: selectPayload("task", "rows"),
        ResultPath: "$.validation",
        Next: "PreprocessData",
    };
}

function buildPreprocessData(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, { name: "preprocessData", payload: { ...UPLOAD, "variants.$": "$.variants" }, onError: ON_ERROR }),
        ResultSelector: selectPayload("schemaUrl", "trainUrl", "validationUrl", "testUrl", "transformOutputFilter", "variants"),
        ResultPath: "$.data",
        Next: "TrainVariants",
    };
}
