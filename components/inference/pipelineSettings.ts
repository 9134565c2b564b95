/** What the pipeline's definition is built from. */
import type { Variant } from "../../lambdas/shared/documents.ts";
import type { TrainingConfig } from "../config/training.ts";
import type { Location } from "../context.ts";

/** The functions that the state machine calls. */
export type PipelineFunctionKey = "selectData" | "validateData" | "preprocessData" | "evaluateModel" | "registerModel" | "approveModel";

export interface PipelineSettings {
    readonly location: Location;
    /** What the names of jobs and models begin with; at most 38 characters. */
    readonly jobPrefix: string;
    /** ARNs. */
    readonly functions: Readonly<Record<PipelineFunctionKey, string>>;
    readonly pipelineLeasesTableName: string;
    readonly abTestsTableName: string;
    readonly alertTopicArn: string;
    readonly trainingRoleArn: string;
    /** The role of the models that endpoints serve. */
    readonly servingRoleArn: string;
    /** URI of the XGBoost image: of the training job, the transform job and later the endpoint. */
    readonly trainingImage: string;
    readonly modelsBucketName: string;
    /** Encrypts what is written to the buckets. */
    readonly s3KeyArn: string;
    /** Encrypts the machines' disks. */
    readonly volumeKeyArn: string;
    readonly training: TrainingConfig;
    /** Where jobs run when training is private. */
    readonly network?: JobNetwork;
    /** `/<project>/<environment>/inference`. */
    readonly parameterPath: string;
    readonly endpointNames: Readonly<Record<Variant, string>>;
    /** On every job, model and endpoint configuration. */
    readonly tags: Readonly<Record<string, string>>;
}

export interface JobNetwork {
    readonly subnetIds: readonly string[];
    readonly securityGroupIds: readonly string[];
}
