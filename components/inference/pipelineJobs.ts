/** The jobs that one variant goes through: training, then batch transform of the test set by a model that lives no longer than that. */
import type { TrainingConfig } from "../config/training.ts";
import { hasLocalStorage } from "../facts/instances.ts";
import { integrationArn } from "../iam/arns.ts";
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildRunName, buildTagList } from "./pipelineTasks.ts";
import { API_TIMEOUT_SECONDS, catchAll, SAGEMAKER_RETRY } from "./states.ts";
import type { State, States } from "./states.ts";

/** Batch transform knows no limit of its own. */
const TRANSFORM_TIMEOUT_SECONDS = 7200;
/** For machines to be found, started and emptied. */
const JOB_MARGIN_SECONDS = 900;

/** From data to scores of the test set; `next` follows, `onError` when anything fails. */
export function buildJobStates(settings: PipelineSettings, next: string, onError: string): States {
    return {
        TrainModel: buildTrainModel(settings, onError),
        CreateCandidateModel: buildCreateCandidateModel(settings, onError),
        TransformTestSet: buildTransformTestSet(settings),
        DeleteCandidateModel: { ...buildDeleteModel(settings, next), Catch: catchAll(onError) },
        DiscardCandidateModel: {
            ...buildDeleteModel(settings, onError),
            Comment: "The transform failed: its model goes, its reason stays",
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.discardError", Next: onError }],
        },
    };
}

function buildTrainModel(settings: PipelineSettings, onError: string): State {
    const { training } = settings;
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createTrainingJob.sync"),
        Parameters: {
            "TrainingJobName.$": buildRunName(settings),
            AlgorithmSpecification: { TrainingImage: settings.trainingImage, TrainingInputMode: "File" },
            RoleArn: settings.trainingRoleArn,
            // A map of texts: SageMaker refuses numbers.
            "HyperParameters.$": "$.hyperparameters",
            InputDataConfig: [buildChannel("train", "$.trainUrl"), buildChannel("validation", "$.validationUrl")],
            OutputDataConfig: { S3OutputPath: `s3://${settings.modelsBucketName}/training`, KmsKeyId: settings.s3KeyArn },
            ResourceConfig: {
                InstanceType: training.instanceType,
                InstanceCount: 1,
                VolumeSizeInGB: training.volumeSizeGiB,
                ...buildVolumeKey(settings),
            },
            StoppingCondition: {
                MaxRuntimeInSeconds: training.maxRuntimeSeconds, ...(training.spot ? { MaxWaitTimeInSeconds: buildMaxWait(training) } : {}),
            },
            ...(training.spot ? buildSpotOptions(settings) : {}),
            ...buildNetwork(settings),
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
        Catch: catchAll(onError),
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

/** Checkpoints are per run and variant: another's would be continued as if they were this one's. */
function buildSpotOptions(settings: PipelineSettings): object {
    return {
        EnableManagedSpotTraining: true,
        CheckpointConfig: { "S3Uri.$": `States.Format('s3://${settings.modelsBucketName}/training/checkpoints/{}-{}', $.runId, $.letter)` },
    };
}

/**
 * Private jobs read and write through our subnets, and their container reaches nothing at all: SageMaker brings it its files. XGBoost's
 * container takes that; those that fetch their own (Chainer, reinforcement learning) would not
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html).
 */
function buildNetwork({ network }: PipelineSettings): object {
    if (network === undefined) return {};
    return { VpcConfig: { Subnets: network.subnetIds, SecurityGroupIds: network.securityGroupIds }, EnableNetworkIsolation: true };
}

function buildVolumeKey({ training, volumeKeyArn }: PipelineSettings): object {
    return hasLocalStorage(training.instanceType) ? {} : { VolumeKmsKeyId: volumeKeyArn };
}

function buildCreateCandidateModel(settings: PipelineSettings, onError: string): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createModel"),
        Parameters: {
            "ModelName.$": buildRunName(settings),
            ExecutionRoleArn: settings.trainingRoleArn,
            PrimaryContainer: { Image: settings.trainingImage, "ModelDataUrl.$": "$.training.ModelDataUrl" },
            // Batch transform has no network of its own: it takes the model's.
            ...buildNetwork(settings),
            Tags: buildTagList(settings),
        },
        TimeoutSeconds: API_TIMEOUT_SECONDS,
        // The name carries the retry count, so the answer alone knows it.
        ResultSelector: { "ModelName.$": "States.ArrayGetItem(States.StringSplit($.ModelArn, '/'), 1)" },
        ResultPath: "$.candidate",
        Retry: SAGEMAKER_RETRY,
        Catch: catchAll(onError),
        Next: "TransformTestSet",
    };
}

function buildTransformTestSet(settings: PipelineSettings): State {
    return {
        Type: "Task",
        Resource: integrationArn(settings.location, "sagemaker:createTransformJob.sync"),
        Parameters: {
            "TransformJobName.$": buildRunName(settings),
            "ModelName.$": "$.candidate.ModelName",
            TransformInput: {
                ContentType: "text/csv",
                SplitType: "Line",
                DataSource: { S3DataSource: { S3DataType: "S3Prefix", "S3Uri.$": "$.testUrl" } },
            },
            TransformOutput: { "S3OutputPath.$": "$.transformUrl", Accept: "text/csv", AssembleWith: "Line", KmsKeyId: settings.s3KeyArn },
            TransformResources: { InstanceType: settings.training.instanceType, InstanceCount: 1, ...buildVolumeKey(settings) },
            // The label goes around the model and comes back beside its score.
            DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", "OutputFilter.$": "$.transformOutputFilter" },
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
        Next: next,
    };
}
