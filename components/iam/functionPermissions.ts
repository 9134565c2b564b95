/** What each Lambda function of the pipeline may do, beside its log and its environment. */
import { parameterArn } from "./arns.ts";
import type { DataScope } from "./dataScope.ts";
import { useKeyThrough } from "./encryption.ts";
import { readObjects, writeObjects } from "./objects.ts";
import type { Statement } from "./policy.ts";

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

/** Puts schema and golden predictions beside the artifact, and the model into table and parameter. */
export function registerModelPermissions(scope: DataScope): readonly Statement[] {
    return [
        readObjects({ sid: "Run", bucketArn: scope.processedBucketArn, keys: "runs/*" }),
        writeObjects({ sid: "BesideArtifact", bucketArn: scope.modelsBucketArn, keys: "training/*" }),
        useKeyThrough("s3", scope.s3KeyArn, scope.location),
        { sid: "PutModel", actions: ["dynamodb:PutItem"], resources: [scope.modelMetadataTableArn] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
        {
            sid: "Approve",
            actions: ["ssm:GetParameter", "ssm:PutParameter"],
            resources: [parameterArn(scope.location, `${scope.parameterPath}/approved`)],
        },
    ];
}
