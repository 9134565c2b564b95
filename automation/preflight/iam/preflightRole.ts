/** The read-only policy that the preflight needs: what it asks of the account, and the state that it compares with. */
import { placeGrant } from "./grants.ts";
import type { Grant } from "./grants.ts";
import { readBuckets } from "./deployRole.ts";
import { buildDocuments } from "./roleDocuments.ts";
import type { RoleDocument, RoleScope } from "./roleDocuments.ts";
import type { Plans } from "../rule.ts";

const arn = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;

/** The questions of `account/accountView.ts`, and of the look for names and orphans. A test holds them to the code. */
const QUESTIONS: readonly { readonly actions: string; readonly on: readonly string[] }[] = [
    // Whose account, quotas, what carries the stack's tags; lists that AWS gives of the whole account only.
    {
        on: ["*"],
        actions: "sts:GetCallerIdentity servicequotas:ListServiceQuotas servicequotas:ListAWSDefaultServiceQuotas lambda:GetAccountSettings tag:GetResources "
            + "ec2:DescribeAddresses ec2:DescribeAvailabilityZones ec2:DescribeFlowLogs ec2:DescribeInternetGateways ec2:DescribeNatGateways "
            + "ec2:DescribeNetworkInterfaces ec2:DescribePrefixLists ec2:DescribeRouteTables ec2:DescribeSecurityGroupRules ec2:DescribeSecurityGroups "
            + "ec2:DescribeSubnets ec2:DescribeVpcEndpoints ec2:DescribeVpcs cloudwatch:DescribeAlarms logs:DescribeLogGroups logs:DescribeQueryDefinitions "
            + "logs:DescribeResourcePolicies apigateway:GET dynamodb:ListTables events:ListRules iam:ListRoles kinesis:ListStreams kms:ListAliases "
            + "kms:ListKeys lambda:ListEventSourceMappings lambda:ListFunctions s3:ListAllMyBuckets sagemaker:ListEndpoints sagemaker:ListEndpointConfigs "
            + "sagemaker:ListModels sagemaker:ListTrainingJobs sagemaker:ListTransformJobs sns:ListTopics sqs:ListQueues ssm:DescribeParameters "
            + "states:ListStateMachines",
    },
    // By name or id: who has the name, is it ours, and in which state is it.
    { on: ["arn:{partition}:budgets::{account}:budget/{prefix}-*"], actions: "budgets:ViewBudget budgets:ListTagsForResource" },
    { on: ["arn:{partition}:cloudwatch::{account}:dashboard/{prefix}-*"], actions: "cloudwatch:GetDashboard" },
    { on: [arn("cloudwatch", "alarm:{prefix}-*")], actions: "cloudwatch:ListTagsForResource" },
    { on: [arn("dynamodb", "table/{prefix}-*")], actions: "dynamodb:DescribeTable dynamodb:ListTagsOfResource dynamodb:GetItem" },
    { on: [arn("events", "rule/{prefix}-*")], actions: "events:DescribeRule events:ListTagsForResource events:ListTargetsByRule" },
    {
        on: ["arn:{partition}:iam::{account}:role/{prefix}-*"],
        actions: "iam:GetRole iam:GetRolePolicy iam:ListRolePolicies iam:ListAttachedRolePolicies iam:ListRoleTags",
    },
    { on: ["arn:{partition}:iam::{account}:role/*", "arn:{partition}:iam::{account}:user/*"], actions: "iam:SimulatePrincipalPolicy" },
    { on: [arn("kinesis", "stream/{prefix}-*")], actions: "kinesis:DescribeStreamSummary kinesis:ListTagsForStream" },
    { on: [arn("kms", "key/*")], actions: "kms:DescribeKey kms:ListResourceTags" },
    { on: [arn("lambda", "function:{prefix}-*"), arn("lambda", "event-source-mapping:*")], actions: "lambda:GetFunction lambda:GetFunctionConfiguration "
        + "lambda:GetEventSourceMapping lambda:GetPolicy lambda:ListTags" },
    { on: [arn("logs", "log-group:*")], actions: "logs:ListTagsForResource logs:DescribeLogStreams" },
    {
        on: ["arn:{partition}:s3:::{bucket}"],
        actions: "s3:ListBucket s3:GetBucketTagging s3:GetBucketVersioning s3:GetEncryptionConfiguration s3:GetBucketPolicy s3:GetBucketLogging "
            + "s3:GetBucketNotification s3:GetBucketOwnershipControls s3:GetBucketPublicAccessBlock s3:GetLifecycleConfiguration",
    },
    // Artifacts of approved models: read by range, nothing else of any bucket.
    { on: ["arn:{partition}:s3:::{bucket}/training/*"], actions: "s3:GetObject" },
    {
        on: ["endpoint", "endpoint-config", "model", "training-job", "transform-job"].map((kind) => arn("sagemaker", `${kind}/{prefix}-*`)),
        actions: "sagemaker:DescribeEndpoint sagemaker:DescribeEndpointConfig sagemaker:DescribeModel sagemaker:DescribeTrainingJob "
            + "sagemaker:DescribeTransformJob sagemaker:ListTags",
    },
    { on: [arn("sns", "{prefix}-*")], actions: "sns:GetTopicAttributes sns:ListTagsForResource sns:ListSubscriptionsByTopic" },
    { on: [arn("sqs", "{prefix}-*")], actions: "sqs:GetQueueUrl sqs:GetQueueAttributes sqs:ListQueueTags" },
    { on: [arn("ssm", "parameter{path}"), arn("ssm", "parameter{path}/*")], actions: "ssm:GetParameter ssm:GetParametersByPath ssm:ListTagsForResource" },
    {
        on: [arn("states", "stateMachine:{prefix}-*"), arn("states", "execution:{prefix}-*:*")],
        actions: "states:DescribeStateMachine states:ListTagsForResource states:ListExecutions",
    },
];

/**
 * Managed policies to attach to the role with which `preflight` runs, in CI before anybody has approved. They read names, settings and states;
 * of contents only the A/B test, the approved models and the deployment's state.
 */
export async function buildPreflightRole(plans: Plans, place: Omit<RoleScope, "buckets">): Promise<readonly RoleDocument[]> {
    const scope = { ...place, buckets: readBuckets(plans) };
    const grants: readonly Grant[] = QUESTIONS.map(({ actions, on }) => ({ actions: actions.split(" "), on }));
    const permissions = await Promise.all([...grants, ...readKeys(scope), ...readState(scope)].map((grant) => placeGrant(grant, scope)));
    return buildDocuments(`${scope.prefix}-preflight`, permissions.flat());
}

/** What is read is encrypted: the stack's keys are told by their tags. */
function readKeys({ tags }: RoleScope): readonly Grant[] {
    const conditions = { StringEquals: Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value])) };
    return [{ actions: ["kms:Decrypt"], on: [arn("kms", "key/*")], conditions }];
}

function readState({ state }: RoleScope): readonly Grant[] {
    return state === undefined ? [] : [
        { actions: ["s3:ListBucket", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration"], on: ["arn:{partition}:s3:::{state}"] },
        { actions: ["s3:GetObject"], on: ["arn:{partition}:s3:::{state}/*"] },
        { actions: ["kms:Decrypt"], on: [arn("kms", "key/*")], conditions: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": state.keyAlias } } },
    ];
}
