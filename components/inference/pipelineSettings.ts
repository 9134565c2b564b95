/** What the pipeline's definition is built from. */
import type { TrainingConfig } from "../config/training.ts";
import type { Location } from "../context.ts";

export interface PipelineSettings {
    readonly location: Location;
    /** What the names of jobs and models begin with; at most 42 characters. */
    readonly jobPrefix: string;
    /** ARNs. */
    readonly functions: {
        readonly validateData: string;
        readonly preprocessData: string;
        readonly evaluateModel: string;
        readonly registerModel: string;
    };
    readonly pipelineLeasesTableName: string;
    readonly alertTopicArn: string;
    readonly trainingRoleArn: string;
    /** URI of the XGBoost image: of the training job, the transform job and later the endpoint. */
    readonly trainingImage: string;
    readonly modelsBucketName: string;
    /** Encrypts what is written to the buckets. */
    readonly s3KeyArn: string;
    /** Encrypts the machines' disks. */
    readonly volumeKeyArn: string;
    readonly training: TrainingConfig;
    /** On every job and model. */
    readonly tags: Readonly<Record<string, string>>;
}
