/** The stack's outputs: what the driver, CI and other stacks read. What does not exist is absent. */
import type { Variant } from "../lambdas/shared/documents.ts";

export interface PlatformOutputs {
    /** `infrastructure` until endpoints are declared, then `serving`. */
    readonly phase: "infrastructure" | "serving";
    readonly region: string;
    readonly accountId: string;
    readonly rawBucketName: string;
    /** Key prefix in the raw bucket under which a new object starts the pipeline, e.g. `data/`. */
    readonly dataPrefix: string;
    readonly processedBucketName: string;
    readonly modelsBucketName: string;
    /** Receives the access logs of the other buckets. */
    readonly logsBucketName: string;
    readonly modelMetadataTableName: string;
    readonly trainingMetricsTableName: string;
    readonly abTestsTableName: string;
    readonly pipelineLeasesTableName: string;
    readonly streamCheckpointsTableName: string;
    /** Records put here are predicted on; see lambdas/stream-consumer/core.ts for their form. */
    readonly streamName: string;
    /** Records that could not be predicted on, with the reason. */
    readonly deadLetterQueueUrl: string;
    /** `s3://` URL of the folder in which the predictions for the stream's records lie. */
    readonly predictionsUrl: string;
    readonly stateMachineArn: string;
    readonly alertTopicArn: string;
    readonly dashboardName: string;
    /** `https://<id>.execute-api.<region>.<dns suffix>`, no trailing slash. */
    readonly apiUrl: string;
    /** `/<project>/<environment>/inference`; below it `switch`, `settings`, `approved-<variant>`, `serving-<variant>`. */
    readonly parameterPath: string;
    /** The names that the endpoints have or will have. */
    readonly endpointNames: Readonly<Record<Variant, string>>;
    /** Versions of the models that the endpoints were created with; a variant without an endpoint is absent. */
    readonly modelVersions: Readonly<Partial<Record<Variant, string>>>;
    /** Present only when a part needs a VPC. */
    readonly vpcId?: string;
    /** Where private jobs run; present with the VPC. */
    readonly isolatedSubnetIds?: readonly string[];
    /** Services that the VPC's private and isolated subnets cannot reach, in words; present with the VPC. */
    readonly unreachableServices?: readonly string[];
}
