/**
 * The training pipeline as a state machine: pure, from settings to definition.
 *
 *     AcquireLease -> ValidateData -> PreprocessData -> TrainModel -> CreateCandidateModel -> TransformTestSet -> DeleteCandidateModel
 *       -> EvaluateModel -> CheckMetrics -> RegisterModel -> Succeeded
 *     anything that fails -> DescribeFailure -> NotifyFailure -> Failed
 */
import type { TrainingConfig } from "../config/training.ts";
import { hasLocalStorage } from "../facts/instances.ts";
import { integrationArn } from "../iam/arns.ts";
import { buildCheckMetrics, buildLeaseStates, buildOutcomeStates } from "./pipelineOutcome.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { catchAll, LAMBDA_RETRY, SAGEMAKER_RETRY } from "./states.ts";
import type { State, StateMachineDefinition } from "./states.ts";

/** Longer than any function of the pipeline may run. */
const FUNCTION_TIMEOUT_SECONDS = 930;
const API_TIMEOUT_SECONDS = 60;
/** Batch transform knows no limit of its own. */
const TRANSFORM_TIMEOUT_SECONDS = 7200;
/** For machines to be found, started and emptied. */
const JOB_MARGIN_SECONDS = 900;

/** The definition; `JSON.stringify` makes what `createStateMachine` takes. */
export function buildPipelineDefinition(settings: PipelineSettings): StateMachineDefinition {
    const states: Readonly<Record<string, State>> = {
        ...buildLeaseStates(settings, API_TIMEOUT_SECONDS),
        ValidateData: buildValidateData(settings),
        PreprocessData: buildPreprocessData(settings),
        TrainModel: buildTrainModel(settings),
        CreateCandidateModel: buildCreateCandidateModel(settings),
        TransformTestSet: buildTransformTestSet(settings),
        DeleteCandidateModel: buildDeleteModel(settings, "EvaluateModel"),
        DiscardCandidateModel: {
            ...buildDeleteModel(settings, "DescribeFailure"),
            Comment: "The transform failed: its model goes, its reason stays",
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.discardError", Next: "DescribeFailure" }],
        },
        EvaluateModel: buildEvaluateModel(settings),
        ...buildCheckMetrics(),
        RegisterModel: buildRegisterModel(settings),
        ...buildOutcomeStates(settings, API_TIMEOUT_SECONDS),
    };
    return {
        Comment: "From an uploaded file to an approved model",
        StartAt: "AcquireLease",
        TimeoutSeconds: Object.values(states).reduce((sum, state) => sum + (state.TimeoutSeconds ?? 0), 0),
        States: states,
    };
}

function buildFunctionTask(settings: PipelineSettings, functionArn: string, payload: object): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "lambda:invoke"),
        Parameters: { FunctionName: functionArn, Payload: payload },
        TimeoutSeconds: FUNCTION_TIMEOUT_SECONDS,
        Retry: LAMBDA_RETRY,
        Catch: catchAll("DescribeFailure"),
    };
}

/** As AcquireLease took it out of the event. */
const UPLOAD = { "bucket.$": "$.upload.bucket", "key.$": "$.upload.key", "versionId.$": "$.upload.versionId" };

function buildValidateData(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, settings.functions.validateData, { ...UPLOAD, "executionId.$": "$$.Execution.Id" }),
        ResultSelector: selectPayload("runId", "task", "rows"),
        ResultPath: "$.validation",
        Next: "PreprocessData",
    };
}

function buildPreprocessData(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, settings.functions.preprocessData, { ...UPLOAD, "runId.$": "$.validation.runId" }),
        ResultSelector: selectPayload(
            "schemaUrl", "trainUrl", "validationUrl", "testUrl", "transformUrl", "transformOutputUrl", "hyperparameters", "transformOutputFilter",
        ),
        ResultPath: "$.data",
        Next: "TrainModel",
    };
}

function buildTrainModel(settings: PipelineSettings): State {
    const { training } = settings;
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createTrainingJob.sync"),
        Parameters: {
            "TrainingJobName.$": buildJobName(settings),
            AlgorithmSpecification: { TrainingImage: settings.trainingImage, TrainingInputMode: "File" },
            RoleArn: settings.trainingRoleArn,
            // A map of texts: SageMaker refuses numbers.
            "HyperParameters.$": "$.data.hyperparameters",
            InputDataConfig: [buildChannel("train", "$.data.trainUrl"), buildChannel("validation", "$.data.validationUrl")],
            OutputDataConfig: { S3OutputPath: `s3://${settings.modelsBucketName}/training`, KmsKeyId: settings.s3KeyArn },
            ResourceConfig: {
                InstanceType: training.instanceType,
                InstanceCount: 1,
                VolumeSizeInGB: training.volumeSizeGiB,
                ...buildVolumeKey(settings),
            },
            StoppingCondition: { MaxRuntimeInSeconds: training.maxRuntimeSeconds, ...(training.spot ? { MaxWaitTimeInSeconds: buildMaxWait(training) } : {}) },
            ...(training.spot ? buildSpotOptions(settings) : {}),
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: (training.spot ? buildMaxWait(training) : training.maxRuntimeSeconds) + JOB_MARGIN_SECONDS,
        ResultSelector: {
            "TrainingJobName.$": "$.TrainingJobName",
            "ModelDataUrl.$": "$.ModelArtifacts.S3ModelArtifacts",
            "TrainingImage.$": "$.AlgorithmSpecification.TrainingImage",
        },
        ResultPath: "$.training",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll("DescribeFailure"),
        Next: "CreateCandidateModel",
    };
}

/** Without a content type the container would read the file as libsvm. */
function buildChannel(name: string, urlPath: string): object {
    return {
        ChannelName: name,
        ContentType: "text/csv",
        DataSource: { S3DataSource: { S3DataType: "S3Prefix", "S3Uri.$": urlPath, S3DataDistributionType: "FullyReplicated" } },
    };
}

/** Waiting for spot capacity may take as long again as the training itself. */
function buildMaxWait(training: TrainingConfig): number {
    return training.maxRuntimeSeconds * 2;
}

/** Checkpoints are per run: another run's would be continued as if they were this one's. */
function buildSpotOptions(settings: PipelineSettings): object {
    return {
        EnableManagedSpotTraining: true,
        CheckpointConfig: { "S3Uri.$": `States.Format('s3://${settings.modelsBucketName}/training/checkpoints/{}', $.validation.runId)` },
    };
}

function buildVolumeKey({ training, volumeKeyArn }: PipelineSettings): object {
    return hasLocalStorage(training.instanceType) ? {} : { VolumeKmsKeyId: volumeKeyArn };
}

function buildCreateCandidateModel(settings: PipelineSettings): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createModel"),
        Parameters: {
            "ModelName.$": buildJobName(settings),
            ExecutionRoleArn: settings.trainingRoleArn,
            PrimaryContainer: { Image: settings.trainingImage, "ModelDataUrl.$": "$.training.ModelDataUrl" },
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        // The name carries the retry count, so the answer alone knows it.
        ResultSelector: { "ModelName.$": "States.ArrayGetItem(States.StringSplit($.ModelArn, '/'), 1)" },
        ResultPath: "$.candidate",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll("DescribeFailure"),
        Next: "TransformTestSet",
    };
}

function buildTransformTestSet(settings: PipelineSettings): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createTransformJob.sync"),
        Parameters: {
            "TransformJobName.$": buildJobName(settings),
            "ModelName.$": "$.candidate.ModelName",
            TransformInput: {
                ContentType: "text/csv",
                SplitType: "Line",
                DataSource: { S3DataSource: { S3DataType: "S3Prefix", "S3Uri.$": "$.data.testUrl" } },
            },
            TransformOutput: { "S3OutputPath.$": "$.data.transformUrl", Accept: "text/csv", AssembleWith: "Line", KmsKeyId: settings.s3KeyArn },
            TransformResources: { InstanceType: settings.training.instanceType, InstanceCount: 1, ...buildVolumeKey(settings) },
            // The label goes around the model and comes back beside its score.
            DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", "OutputFilter.$": "$.data.transformOutputFilter" },
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: TRANSFORM_TIMEOUT_SECONDS,
        ResultSelector: { "TransformJobName.$": "$.TransformJobName" },
        ResultPath: "$.transform",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll("DiscardCandidateModel"),
        Next: "DeleteCandidateModel",
    };
}

function buildDeleteModel(settings: PipelineSettings, next: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "aws-sdk:sagemaker:deleteModel"),
        Parameters: { "ModelName.$": "$.candidate.ModelName" },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        ResultPath: null,
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll("DescribeFailure"),
        Next: next,
    };
}

function buildEvaluateModel(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, settings.functions.evaluateModel, { "runId.$": "$.validation.runId" }),
        ResultSelector: selectPayload("task", "rows", "metrics", "gate"),
        ResultPath: "$.evaluation",
        Next: "CheckMetrics",
    };
}

function buildRegisterModel(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, settings.functions.registerModel, {
            "runId.$": "$.validation.runId",
            "trainingJobName.$": "$.training.TrainingJobName",
            "modelDataUrl.$": "$.training.ModelDataUrl",
            "trainingImage.$": "$.training.TrainingImage",
            "startedAt.$": "$$.Execution.StartTime",
        }),
        ResultSelector: selectPayload("modelId", "version"),
        ResultPath: "$.registration",
        Next: "Succeeded",
    };
}

/** Named fields of a function's answer: one that is missing fails here, not three states later. */
function selectPayload(...fields: readonly string[]): object {
    return Object.fromEntries(fields.map((field) => [`${field}.$`, `$.Payload.${field}`]));
}

/** Names are never used twice: not by a retry, not by a redrive. */
function buildJobName({ jobPrefix }: PipelineSettings): string {
    return `States.Format('${jobPrefix}-{}-{}-{}', $.validation.runId, $$.State.RetryCount, $$.Execution.RedriveCount)`;
}

function buildTagList({ tags }: PipelineSettings): readonly object[] {
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
