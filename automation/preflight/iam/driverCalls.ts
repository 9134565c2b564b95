/** What the driver itself asks and does, beside the engine: phases, verification, teardown, adoption, sweep. A test holds it to the commands in the code. */
import type { RoleScope } from "./roleDocuments.ts";
import type { Grant } from "./grants.ts";

const BUCKETS = ["arn:{partition}:s3:::{bucket}"];
const OBJECTS = BUCKETS.map((bucket) => `${bucket}/*`);
const arn = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;

interface DriverCall { readonly actions: string; readonly on: readonly string[]; readonly because: string }

/** Of a service, separated by blanks. */
const CALLS: readonly DriverCall[] = [
    { because: "whose account it is", actions: "sts:GetCallerIdentity", on: [] },
    { because: "what belongs to the stack", actions: "tag:GetResources", on: [] },
    {
        because: "quotas",
        actions: "servicequotas:ListServiceQuotas servicequotas:ListAWSDefaultServiceQuotas lambda:GetAccountSettings",
        on: [],
    },
    {
        because: "uploads the data, reads results and artifacts, empties buckets",
        actions: "s3:GetObject s3:GetObjectVersion s3:PutObject s3:DeleteObject s3:DeleteObjectVersion s3:AbortMultipartUpload", on: OBJECTS,
    },
    { because: "empties buckets", actions: "s3:ListBucketVersions s3:ListBucketMultipartUploads", on: BUCKETS },
    {
        because: "weights of the test, registry, marks of verify",
        actions: "dynamodb:GetItem dynamodb:UpdateItem dynamodb:DeleteItem",
        on: [arn("dynamodb", "table/{prefix}-*")],
    },
    {
        because: "verify writes records and reads them back",
        actions: "kinesis:PutRecords kinesis:GetRecords kinesis:GetShardIterator",
        on: [arn("kinesis", "stream/{prefix}-*")],
    },
    {
        because: "verify takes out its own letters",
        actions: "sqs:ReceiveMessage sqs:DeleteMessage sqs:ChangeMessageVisibility",
        on: [arn("sqs", "{prefix}-*")],
    },
    { because: "proves the effect of an up", actions: "lambda:InvokeFunction", on: [arn("lambda", "function:{prefix}-*")] },
    { because: "proves the effect of an up", actions: "sagemaker:InvokeEndpoint", on: [arn("sagemaker", "endpoint/{prefix}-*")] },
    { because: "verify asks the API", actions: "execute-api:Invoke", on: [arn("execute-api", "*/*/*/*")] },
    {
        because: "uploads start executions, which are found, watched and stopped",
        actions: "states:ListExecutions states:StartExecution",
        on: [arn("states", "stateMachine:{prefix}-*")],
    },
    {
        because: "as above",
        actions: "states:DescribeExecution states:GetExecutionHistory states:StopExecution",
        on: [arn("states", "execution:{prefix}-*:*")],
    },
    {
        because: "the state of the endpoints",
        actions: "ssm:GetParametersByPath ssm:GetParameter ssm:PutParameter",
        on: [arn("ssm", "parameter{path}"), arn("ssm", "parameter{path}/*")],
    },
    {
        because: "what the pipeline made",
        actions: "sagemaker:DescribeTrainingJob sagemaker:StopTrainingJob sagemaker:DescribeTransformJob sagemaker:StopTransformJob "
            + "sagemaker:DescribeModel sagemaker:DeleteModel sagemaker:DescribeEndpointConfig sagemaker:DeleteEndpointConfig sagemaker:DescribeEndpoint "
            + "sagemaker:DeleteEndpoint sagemaker:CreateEndpoint sagemaker:ListTags",
        on: ["training-job", "transform-job", "model", "endpoint", "endpoint-config"].map((kind) => arn("sagemaker", `${kind}/{prefix}-*`)),
    },
    {
        because: "why a job failed, and the job's stream on teardown",
        actions: "logs:FilterLogEvents logs:DescribeLogStreams logs:DeleteLogStream", on: [arn("logs", "log-group:/aws/sagemaker/*")],
    },
    {
        because: "leftovers of functions and jobs, which carry no tags",
        actions: "ec2:DeleteNetworkInterface",
        on: [arn("ec2", "network-interface/*")],
    },
    {
        because: "which organization's policy denies something",
        actions: "iam:SimulatePrincipalPolicy",
        on: ["arn:{partition}:iam::{account}:role/*", "arn:{partition}:iam::{account}:user/*"],
    },
    {
        // AWS answers these for the whole account only, or they find what has lost its name; none of them reads contents.
        because: "what exists of the stack, also what no state knows",
        actions: "apigateway:GET cloudwatch:DescribeAlarms ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeFlowLogs ec2:DescribeInternetGateways "
            + "ec2:DescribeNatGateways ec2:DescribeNetworkInterfaces ec2:DescribePrefixLists ec2:DescribeRouteTables ec2:DescribeSecurityGroupRules "
            + "ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs dynamodb:ListTables events:ListRules iam:ListRoles "
            + "kinesis:ListStreams kms:ListAliases kms:ListKeys kms:DescribeKey kms:ListResourceTags lambda:ListEventSourceMappings lambda:ListFunctions "
            + "logs:DescribeLogGroups logs:DescribeQueryDefinitions logs:DescribeResourcePolicies s3:ListAllMyBuckets sagemaker:ListEndpointConfigs "
            + "sagemaker:ListEndpoints sagemaker:ListModels sagemaker:ListTrainingJobs sagemaker:ListTransformJobs sns:ListTopics "
            + "sns:ListSubscriptionsByTopic sqs:ListQueues ssm:DescribeParameters states:ListStateMachines",
        on: ["*"],
    },
];

/** The state in S3, its lock beside it, and the key of its secrets. docs/state.md */
const STATE_CALLS: readonly DriverCall[] = [
    {
        because: "finds the state",
        actions: "s3:ListBucket s3:GetBucketVersioning s3:GetEncryptionConfiguration",
        on: ["arn:{partition}:s3:::{state}"],
    },
    {
        because: "reads and writes the state and its locks",
        actions: "s3:GetObject s3:PutObject s3:DeleteObject",
        on: ["arn:{partition}:s3:::{state}/*"],
    },
];

/** All of them; those on the state only where it lies in S3. */
export function readDriverCalls(scope: RoleScope): readonly Grant[] {
    const { state } = scope;
    const calls = state === undefined ? CALLS : [...CALLS, ...STATE_CALLS];
    return [...calls.map(({ actions, on }) => ({ actions: actions.split(" "), on })), useKeys(scope), ...(state === undefined ? [] : [useStateKey(state.keyAlias)])];
}

/**
 * What is encrypted is made, written and read with the caller's right to its key. By the service and not by the key's tags: those count only
 * minutes after they were given (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html), tables come seconds after.
 */
function useKeys({ location }: RoleScope): Grant {
    const services = ["dynamodb", "kinesis", "lambda", "s3", "sns", "sqs"].map((service) => `${service}.${location.region}.${location.dnsSuffix}`);
    return {
        actions: ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
        on: [arn("kms", "key/*")], conditions: { StringEquals: { "kms:ViaService": services } },
    };
}

/** The key's id is nobody's to know beforehand; its alias is. */
function useStateKey(keyAlias: string): Grant {
    return {
        actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"], on: [arn("kms", "key/*")],
        conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": keyAlias } },
    };
}
