/** The ARNs that the functions' permissions name. */
import type { Location } from "../context.ts";

export interface DataScope {
    readonly location: Location;
    readonly rawBucketArn: string;
    readonly processedBucketArn: string;
    readonly modelsBucketArn: string;
    readonly modelMetadataTableArn: string;
    readonly trainingMetricsTableArn: string;
    readonly abTestsTableArn: string;
    readonly streamCheckpointsTableArn: string;
    readonly s3KeyArn: string;
    readonly dynamodbKeyArn: string;
    readonly kinesisKeyArn: string;
    /** `/<project>/<environment>/inference`. */
    readonly parameterPath: string;
    /** Prefix of keys in the raw bucket, with its `/`. */
    readonly dataPrefix: string;
}
