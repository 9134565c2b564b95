/**
 * What SageMaker may do in our name: one role for jobs, one for the endpoints.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
import type { Variant } from "../../lambdas/shared/documents.ts";
import type { Location } from "../context.ts";
import { buildImageRepositoryArn } from "../facts/sagemakerImages.ts";
import { ec2Arn, logGroupArn } from "./arns.ts";
import { readKeyThrough, useKeyThrough } from "./encryption.ts";
import { listObjects, readObjects, writeObjects } from "./objects.ts";
import type { Statement } from "./policy.ts";

export interface JobScope {
    readonly location: Location;
    readonly processedBucketArn: string;
    readonly modelsBucketArn: string;
    readonly s3KeyArn: string;
    /** Key for the disks of the machines. */
    readonly volumeKeyArn: string;
    /** Where jobs run when training is private. */
    readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** Training and batch transform: read the run's files and artifacts, write artifacts and predictions. */
export function trainingPermissions(scope: JobScope): readonly Statement[] {
    const runs = { sid: "Runs", bucketArn: scope.processedBucketArn, keys: "runs/*" };
    const artifacts = { sid: "Artifacts", bucketArn: scope.modelsBucketArn, keys: "training/*" };
    return [
        readObjects(runs),
        listObjects(runs),
        writeObjects({ ...runs, sid: "Predictions", keys: "runs/*/transform/*" }),
        readObjects(artifacts),
        listObjects(artifacts),
        writeObjects(artifacts),
        useKeyThrough("s3", scope.s3KeyArn, scope.location),
        {
            // SageMaker attaches the encrypted disk with a grant that the job's role gives.
            sid: "GrantDisks",
            actions: ["kms:CreateGrant"],
            resources: [scope.volumeKeyArn],
            conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
        {
            sid: "EncryptDisks",
            actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
            resources: [scope.volumeKeyArn],
        },
        ...containerPermissions(scope.location, ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/TransformJobs"]),
        ...(scope.network === undefined ? [] : networkPermissions(scope.location, scope.network)),
    ];
}

/**
 * A private job's machines get a network interface in our subnets, made with the job's role:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createtrainingjob-perms.
 */
function networkPermissions(location: Location, { subnetIds, securityGroupIds }: NonNullable<JobScope["network"]>): readonly Statement[] {
    const subnets = subnetIds.map((id) => ec2Arn(location, "subnet", id));
    // EC2 chooses the ids of interfaces; the subnet narrows them.
    const interfaces = ec2Arn(location, "network-interface", "*");
    return [
        {
            sid: "MakeInterfaces",
            actions: ["ec2:CreateNetworkInterface"],
            resources: [interfaces, ...subnets, ...securityGroupIds.map((id) => ec2Arn(location, "security-group", id))],
        },
        {
            sid: "UseInterfaces",
            actions: ["ec2:CreateNetworkInterfacePermission", "ec2:DeleteNetworkInterface"],
            resources: [interfaces],
            conditions: { ArnEquals: { "ec2:Subnet": subnets } },
        },
        {
            // None of these can be narrowed to a resource, says EC2's list of actions in the Service Authorization Reference.
            sid: "LookAtNetwork",
            actions: [
                "ec2:DeleteNetworkInterfacePermission",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeVpcs",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeSubnets",
                "ec2:DescribeSecurityGroups",
            ],
            resources: ["*"],
        },
    ];
}

export interface ServingScope extends Pick<JobScope, "location" | "modelsBucketArn" | "s3KeyArn"> {
    /** Whose logs are written, each into its own group. */
    readonly endpointNames: Readonly<Record<Variant, string>>;
}

/** The endpoint: reads artifacts, and nothing else of ours. */
export function servingPermissions(scope: ServingScope): readonly Statement[] {
    return [
        readObjects({ sid: "Artifacts", bucketArn: scope.modelsBucketArn, keys: "training/*" }),
        readKeyThrough("s3", scope.s3KeyArn, scope.location),
        ...containerPermissions(scope.location, Object.values(scope.endpointNames).map((name) => `/aws/sagemaker/Endpoints/${name}`)),
    ];
}

/** What every container needs: its image, its log, its metrics. */
function containerPermissions(location: Location, logGroups: readonly string[]): readonly Statement[] {
    return [
        {
            // A token belongs to no repository: ECR knows no resource for this action.
            sid: "EnterRegistry",
            actions: ["ecr:GetAuthorizationToken"],
            resources: ["*"],
        },
        {
            sid: "PullImage",
            actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            resources: [buildImageRepositoryArn(location.region)],
        },
        {
            sid: "WriteLogs",
            actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            resources: logGroups.flatMap((name) => [logGroupArn(location, name), `${logGroupArn(location, name)}:*`]),
        },
        {
            // CloudWatch knows no resource for this action; the namespace narrows it.
            sid: "PutMetrics",
            actions: ["cloudwatch:PutMetricData"],
            resources: ["*"],
            conditions: { StringLike: { "cloudwatch:namespace": "/aws/sagemaker/*" } },
        },
    ];
}
