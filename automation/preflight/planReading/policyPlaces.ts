/** Where planned resources hold policy documents, and where managed policies are attached to roles. */

/** What a role may, who may take it on, who may use a resource, or what a VPC endpoint lets through. */
export type PolicyKind = "identity" | "trust" | "resource" | "endpoint";

export interface PolicyPlace {
    readonly type: string;
    /** The input that holds the document. */
    readonly property: string;
    readonly kind: PolicyKind;
    /** IAM prefix of the resource that a resource's policy belongs to: `s3`. Undefined for the other kinds. */
    readonly service?: string;
}

export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ROLE = "aws:iam/role:Role";
export const POLICY = "aws:iam/policy:Policy";
export const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

const OF_RESOURCES: readonly (readonly [service: string, type: string, property?: string])[] = [
    ["kms", "aws:kms/key:Key"], ["kms", "aws:kms/keyPolicy:KeyPolicy"],
    ["s3", "aws:s3/bucketPolicy:BucketPolicy"], ["s3", "aws:s3/bucket:Bucket"], ["s3", "aws:s3/accessPoint:AccessPoint"],
    ["sns", "aws:sns/topic:Topic"], ["sns", "aws:sns/topicPolicy:TopicPolicy"],
    ["sqs", "aws:sqs/queue:Queue"], ["sqs", "aws:sqs/queuePolicy:QueuePolicy"],
    ["ecr", "aws:ecr/repositoryPolicy:RepositoryPolicy"], ["ecr", "aws:ecr/registryPolicy:RegistryPolicy"],
    ["secretsmanager", "aws:secretsmanager/secretPolicy:SecretPolicy"], ["secretsmanager", "aws:secretsmanager/secret:Secret"],
    ["logs", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument"],
    ["logs", "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy", "accessPolicy"],
    ["events", "aws:cloudwatch/eventBusPolicy:EventBusPolicy"],
    ["dynamodb", "aws:dynamodb/resourcePolicy:ResourcePolicy"], ["kinesis", "aws:kinesis/resourcePolicy:ResourcePolicy"],
    ["execute-api", "aws:apigateway/restApi:RestApi"], ["execute-api", "aws:apigateway/restApiPolicy:RestApiPolicy"],
    ["elasticfilesystem", "aws:efs/fileSystemPolicy:FileSystemPolicy"], ["backup", "aws:backup/vaultPolicy:VaultPolicy"],
];

/** Every property of a planned type that holds a policy document; a role's `inlinePolicies` hold theirs deeper. */
export const POLICY_PLACES: readonly PolicyPlace[] = [
    ...[ROLE_POLICY, POLICY, "aws:iam/userPolicy:UserPolicy", "aws:iam/groupPolicy:GroupPolicy"]
        .map((type): PolicyPlace => ({ type, property: "policy", kind: "identity" })),
    { type: ROLE, property: "assumeRolePolicy", kind: "trust" },
    ...["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"]
        .map((type): PolicyPlace => ({ type, property: "policy", kind: "endpoint" })),
    ...OF_RESOURCES.map(([service, type, property = "policy"]): PolicyPlace => ({ type, property, kind: "resource", service })),
];
