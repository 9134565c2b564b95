/** What each Lambda function of the pipeline may do, beside its log and its environment. */
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import { parameterArn } from "./arns.ts";
import type { DataScope } from "./dataScope.ts";
import { useKeyThrough } from "./encryption.ts";
import { readObjects, writeObjects } from "./objects.ts";
import type { Statement } from "./policy.ts";

/** Looks at what lies below the data prefix, and reads nothing of it. */
export function selectDataPermissions(scope: DataScope): readonly Statement[] {
    return [{
        sid: "ListData",
        actions: ["s3:ListBucketVersions"],
        resources: [scope.rawBucketArn],
        conditions: { StringEquals: { "s3:prefix": scope.dataPrefix } },
    }];
}

/** Reads the upload, writes the run's first files. */
export function validateDataPermissions(scope: DataScope): readonly Statement[] {
    return [
        readObjects({ sid: "Upload", bucketArn: scope.rawBucketArn, keys: `${scope.dataPrefix}*` }),
        writeObjects({ sid: "Run", bucketArn: scope.processedBucketArn, keys: "runs/*" }),
        useKeyThrough("s3", scope.s3KeyArn, scope.location),
    ];
}

/** Reads the upload and the run's profile, writes the run's other files. */
export function preprocessDataPermissions(scope: DataScope): readonly Statement[] {
    return [
        ...validateDataPermissions(scope),
        readObjects({ sid: "Run", bucketArn: scope.processedBucketArn, keys: "runs/*" }),
    ];
}

/** Reads what batch transform wrote, writes the evaluation beside it. */
export function evaluateModelPermissions(scope: DataScope): readonly Statement[] {
    const run = { sid: "Run", bucketArn: scope.processedBucketArn, keys: "runs/*" };
    return [readObjects(run), writeObjects(run), useKeyThrough("s3", scope.s3KeyArn, scope.location)];
}

/** Puts schema and golden predictions beside the artifact, and the model and its metrics into the tables. */
export function registerModelPermissions(scope: DataScope): readonly Statement[] {
    return [
        readObjects({ sid: "Run", bucketArn: scope.processedBucketArn, keys: "runs/*" }),
        writeObjects({ sid: "BesideArtifact", bucketArn: scope.modelsBucketArn, keys: "training/*" }),
        useKeyThrough("s3", scope.s3KeyArn, scope.location),
        { sid: "PutModel", actions: ["dynamodb:PutItem"], resources: [scope.modelMetadataTableArn, scope.trainingMetricsTableArn] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}

/** Says which model is approved and which one is served, in the parameters and in the registry. */
export function approveModelPermissions(scope: DataScope): readonly Statement[] {
    return [
        {
            sid: "Approve",
            actions: ["ssm:GetParameter", "ssm:PutParameter"],
            resources: VARIANTS.flatMap((variant) => ["approved", "serving"].map(
                (kind) => parameterArn(scope.location, `${scope.parameterPath}/${kind}-${variant}`),
            )),
        },
        { sid: "MarkModel", actions: ["dynamodb:UpdateItem"], resources: [scope.modelMetadataTableArn] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}
