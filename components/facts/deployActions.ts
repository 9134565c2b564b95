/**
 * What a deployment calls for each planned type. Actions of `create` to `tag` are those of the handlers in CloudFormation's resource
 * schemas, as far as the platform's properties need them; read on 2026-11-21 from
 * https://github.com/pulumi/pulumi-aws-native/tree/43eed3b017fff3b41e0ceeae37ee943afce53275/aws-cloudformation-schema. What the Terraform
 * provider behind `@pulumi/aws` asks beside them when it reads a resource stands in `besides`, and is from memory: nobody has deployed with
 * this policy yet.
 */

/** Actions of one planned type, separated by blanks, without the prefix where it is the service's own. */
export interface DeployActions {
    /** IAM prefix: `s3`. */
    readonly service: string;
    /** Type of CloudFormation whose handlers' permissions these are. Absent: from memory. */
    readonly schema?: string;
    /**
     * ARNs, in which `{partition}`, `{region}`, `{account}`, `{prefix}` (what the stack's names begin with), `{path}` (of its parameters)
     * and `{bucket}` (each of its buckets) are filled in.
     */
    readonly on: readonly string[];
    readonly create: string;
    readonly read: string;
    readonly update?: string;
    readonly delete: string;
    readonly tag?: string;
    readonly besides?: string;
    /** Those that AWS answers for the whole account only, although the reference lists a resource type. */
    readonly everywhere?: string;
    /** Asked for right after the create, when KMS may not count new tags yet: https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html */
    readonly atOnce?: string;
    /** AWS chooses the ids, and the stack's tags tell its own: what changes or deletes is bound to them where the service can. */
    readonly isToldByTags?: true;
}

const arn = (service: string, resource: string): string => `arn:{partition}:${service}:{region}:{account}:${resource}`;

const API: Pick<DeployActions, "service" | "on"> = {
    service: "apigateway",
    on: ["arn:{partition}:apigateway:{region}::/apis", "arn:{partition}:apigateway:{region}::/apis/*", "arn:{partition}:apigateway:{region}::/tags/*"],
};
const BUCKET: Pick<DeployActions, "service" | "schema" | "on"> = {
    service: "s3", schema: "AWS::S3::Bucket", on: ["arn:{partition}:s3:::{bucket}"],
};
const ROLE: Pick<DeployActions, "service" | "on"> = { service: "iam", on: ["arn:{partition}:iam::{account}:role/{prefix}-*"] };
const TOPIC: Pick<DeployActions, "service" | "on"> = { service: "sns", on: [arn("sns", "{prefix}-*")] };
const NETWORK: Pick<DeployActions, "service" | "on" | "isToldByTags"> = {
    service: "ec2", isToldByTags: true, on: [arn("ec2", "*/*")],
};
const KEY: Pick<DeployActions, "service" | "isToldByTags"> = { service: "kms", isToldByTags: true };
const RULE_ARNS = [arn("events", "rule/{prefix}-*")];
const LOG_GROUPS = [
    "/aws/lambda/{prefix}-*", "/aws/sagemaker/Endpoints/{prefix}-*", "/aws/vendedlogs/*/{prefix}-*",
].map((name) => arn("logs", `log-group:${name}`));

/** By Pulumi type; `pulumi:`, `random:`, `command:` and components call nothing themselves. */
export const deployActions: Readonly<Record<string, DeployActions>> = {
    "aws:apigatewayv2/api:Api": {
        ...API,
        schema: "AWS::ApiGatewayV2::Api",
        create: "POST",
        read: "GET",
        update: "PATCH PUT",
        delete: "DELETE",
        tag: "POST DELETE",
    },
    "aws:apigatewayv2/authorizer:Authorizer": {
        ...API,
        schema: "AWS::ApiGatewayV2::Authorizer",
        create: "POST",
        read: "GET",
        update: "PATCH",
        delete: "DELETE",
    },
    "aws:apigatewayv2/integration:Integration": {
        ...API,
        schema: "AWS::ApiGatewayV2::Integration",
        create: "POST",
        read: "GET",
        update: "PATCH PUT",
        delete: "DELETE",
    },
    "aws:apigatewayv2/route:Route": {
        ...API,
        schema: "AWS::ApiGatewayV2::Route",
        create: "POST",
        read: "GET",
        update: "PATCH PUT",
        delete: "DELETE",
    },
    "aws:apigatewayv2/stage:Stage": {
        ...API, schema: "AWS::ApiGatewayV2::Stage", create: "POST", read: "GET", update: "PATCH", delete: "DELETE",
        // The access log: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
        besides: "logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:ListLogDeliveries "
            + "logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DescribeLogGroups",
    },
    "aws:budgets/budget:Budget": {
        service: "budgets", on: ["arn:{partition}:budgets::{account}:budget/{prefix}-*"],
        create: "ModifyBudget",
        read: "ViewBudget ListTagsForResource",
        update: "ModifyBudget",
        delete: "ModifyBudget",
        tag: "TagResource UntagResource",
    },
    "aws:cloudwatch/dashboard:Dashboard": {
        service: "cloudwatch", schema: "AWS::CloudWatch::Dashboard", on: ["arn:{partition}:cloudwatch::{account}:dashboard/{prefix}-*"],
        create: "PutDashboard", read: "GetDashboard", update: "PutDashboard", delete: "DeleteDashboards",
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        service: "cloudwatch", schema: "AWS::CloudWatch::Alarm", on: [arn("cloudwatch", "alarm:{prefix}-*")],
        create: "PutMetricAlarm",
        read: "ListTagsForResource",
        update: "PutMetricAlarm",
        delete: "DeleteAlarms",
        tag: "TagResource UntagResource",
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
        everywhere: "DescribeAlarms",
    },
    "aws:cloudwatch/eventRule:EventRule": {
        service: "events", schema: "AWS::Events::Rule", on: RULE_ARNS,
        create: "PutRule",
        read: "DescribeRule ListTagsForResource",
        update: "PutRule",
        delete: "DeleteRule",
        tag: "TagResource UntagResource",
        besides: "EnableRule DisableRule",
    },
    "aws:cloudwatch/eventTarget:EventTarget": {
        service: "events", schema: "AWS::Events::Rule", on: RULE_ARNS,
        create: "PutTargets", read: "ListTargetsByRule", update: "PutTargets", delete: "RemoveTargets",
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        service: "logs", schema: "AWS::Logs::LogGroup", on: LOG_GROUPS,
        create: "CreateLogGroup PutRetentionPolicy AssociateKmsKey", read: "ListTagsForResource",
        update: "PutRetentionPolicy DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey",
        delete: "DeleteLogGroup",
        tag: "TagResource UntagResource",
        everywhere: "DescribeLogGroups",
    },
    "aws:cloudwatch/queryDefinition:QueryDefinition": {
        service: "logs", schema: "AWS::Logs::QueryDefinition", on: LOG_GROUPS,
        create: "PutQueryDefinition", read: "DescribeQueryDefinitions", update: "PutQueryDefinition", delete: "DeleteQueryDefinition",
    },
    "aws:dynamodb/table:Table": {
        service: "dynamodb", schema: "AWS::DynamoDB::Table", on: [arn("dynamodb", "table/{prefix}-*")],
        create: "CreateTable UpdateContinuousBackups UpdateTimeToLive",
        read: "DescribeTable DescribeContinuousBackups DescribeTimeToLive ListTagsOfResource",
        update: "UpdateTable UpdateContinuousBackups UpdateTimeToLive", delete: "DeleteTable", tag: "TagResource UntagResource",
    },
    "aws:ec2/eip:Eip": {
        ...NETWORK,
        schema: "AWS::EC2::EIP",
        create: "AllocateAddress",
        read: "DescribeAddresses",
        delete: "ReleaseAddress DisassociateAddress",
        tag: "CreateTags DeleteTags", besides: "DescribeAddressesAttribute",
    },
    "aws:ec2/flowLog:FlowLog": {
        ...NETWORK,
        schema: "AWS::EC2::FlowLog",
        create: "CreateFlowLogs",
        read: "DescribeFlowLogs",
        delete: "DeleteFlowLogs",
        tag: "CreateTags DeleteTags",
        besides: "logs:CreateLogDelivery logs:DeleteLogDelivery",
    },
    "aws:ec2/internetGateway:InternetGateway": {
        ...NETWORK,
        schema: "AWS::EC2::InternetGateway",
        create: "CreateInternetGateway AttachInternetGateway",
        read: "DescribeInternetGateways",
        delete: "DetachInternetGateway DeleteInternetGateway", tag: "CreateTags DeleteTags",
    },
    "aws:ec2/natGateway:NatGateway": {
        ...NETWORK, schema: "AWS::EC2::NatGateway", create: "CreateNatGateway", read: "DescribeNatGateways", delete: "DeleteNatGateway",
        tag: "CreateTags DeleteTags",
    },
    "aws:ec2/route:Route": {
        ...NETWORK,
        schema: "AWS::EC2::Route",
        create: "CreateRoute",
        read: "DescribeRouteTables",
        update: "ReplaceRoute",
        delete: "DeleteRoute",
    },
    "aws:ec2/routeTable:RouteTable": {
        ...NETWORK, schema: "AWS::EC2::RouteTable", create: "CreateRouteTable", read: "DescribeRouteTables", delete: "DeleteRouteTable",
        tag: "CreateTags DeleteTags", besides: "DisassociateRouteTable",
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        ...NETWORK,
        schema: "AWS::EC2::SubnetRouteTableAssociation",
        create: "AssociateRouteTable",
        read: "DescribeRouteTables DescribeSubnets",
        update: "ReplaceRouteTableAssociation", delete: "DisassociateRouteTable",
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroup", create: "CreateSecurityGroup", read: "DescribeSecurityGroups",
        update: "RevokeSecurityGroupEgress",
        delete: "DeleteSecurityGroup",
        tag: "CreateTags DeleteTags",
        besides: "DescribeNetworkInterfaces",
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroupEgress", create: "AuthorizeSecurityGroupEgress", read: "DescribeSecurityGroupRules",
        update: "ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsEgress",
        delete: "RevokeSecurityGroupEgress",
        tag: "CreateTags DeleteTags",
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroupIngress", create: "AuthorizeSecurityGroupIngress", read: "DescribeSecurityGroupRules",
        update: "ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress",
        delete: "RevokeSecurityGroupIngress",
        tag: "CreateTags DeleteTags",
    },
    "aws:ec2/subnet:Subnet": {
        ...NETWORK, schema: "AWS::EC2::Subnet", create: "CreateSubnet", read: "DescribeSubnets DescribeNetworkAcls",
        update: "ModifySubnetAttribute",
        delete: "DeleteSubnet",
        tag: "CreateTags DeleteTags",
        besides: "DescribeAvailabilityZones DescribeNetworkInterfaces",
    },
    "aws:ec2/vpc:Vpc": {
        ...NETWORK,
        schema: "AWS::EC2::VPC",
        create: "CreateVpc",
        read: "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeSecurityGroups",
        update: "ModifyVpcAttribute", delete: "DeleteVpc", tag: "CreateTags DeleteTags", besides: "DescribeRouteTables",
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        ...NETWORK,
        schema: "AWS::EC2::VPCEndpoint",
        create: "CreateVpcEndpoint",
        read: "DescribeVpcEndpoints DescribeSubnets DescribeSecurityGroups DescribeVpcs",
        update: "ModifyVpcEndpoint",
        delete: "DeleteVpcEndpoints",
        tag: "CreateTags DeleteTags",
        besides: "DescribePrefixLists DescribeVpcEndpointServices",
    },
    "aws:iam/role:Role": {
        ...ROLE, schema: "AWS::IAM::Role", create: "CreateRole", read: "GetRole ListAttachedRolePolicies ListRolePolicies",
        update: "UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy",
        delete: "DeleteRole DetachRolePolicy DeleteRolePolicy",
        tag: "TagRole UntagRole",
        besides: "ListInstanceProfilesForRole ListRoleTags",
    },
    "aws:iam/rolePolicy:RolePolicy": {
        ...ROLE,
        schema: "AWS::IAM::RolePolicy",
        create: "PutRolePolicy",
        read: "GetRolePolicy",
        update: "PutRolePolicy",
        delete: "DeleteRolePolicy",
    },
    "aws:kinesis/stream:Stream": {
        service: "kinesis", schema: "AWS::Kinesis::Stream", on: [arn("kinesis", "stream/{prefix}-*")],
        create: "CreateStream IncreaseStreamRetentionPeriod StartStreamEncryption",
        read: "DescribeStreamSummary ListTagsForStream ListTagsForResource",
        update: "UpdateShardCount UpdateStreamMode IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption",
        delete: "DeleteStream", tag: "AddTagsToStream RemoveTagsFromStream TagResource UntagResource",
    },
    "aws:kms/alias:Alias": {
        ...KEY, schema: "AWS::KMS::Alias", on: [arn("kms", "alias/{prefix}-*"), arn("kms", "key/*")],
        create: "CreateAlias", read: "ListAliases", update: "UpdateAlias", delete: "DeleteAlias",
    },
    "aws:kms/key:Key": {
        ...KEY, schema: "AWS::KMS::Key", on: [arn("kms", "key/*")],
        create: "CreateKey",
        read: "DescribeKey",
        atOnce: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags EnableKeyRotation",
        update: "PutKeyPolicy UpdateKeyDescription DisableKeyRotation EnableKey DisableKey", delete: "ScheduleKeyDeletion",
        tag: "TagResource UntagResource",
    },
    "aws:lambda/eventSourceMapping:EventSourceMapping": {
        service: "lambda", schema: "AWS::Lambda::EventSourceMapping", isToldByTags: true, on: [arn("lambda", "event-source-mapping:*")],
        create: "CreateEventSourceMapping",
        read: "GetEventSourceMapping ListTags",
        update: "UpdateEventSourceMapping",
        delete: "DeleteEventSourceMapping",
        tag: "TagResource UntagResource",
    },
    "aws:lambda/function:Function": {
        service: "lambda", schema: "AWS::Lambda::Function", on: [arn("lambda", "function:{prefix}-*")],
        create: "CreateFunction PutFunctionConcurrency",
        read: "GetFunction GetFunctionCodeSigningConfig GetRuntimeManagementConfig GetFunctionRecursionConfig",
        update: "UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunctionConcurrency", delete: "DeleteFunction",
        tag: "TagResource UntagResource", besides: "GetFunctionConfiguration GetFunctionConcurrency ListVersionsByFunction ListTags",
    },
    "aws:lambda/permission:Permission": {
        service: "lambda", schema: "AWS::Lambda::Permission", on: [arn("lambda", "function:{prefix}-*")],
        create: "AddPermission", read: "GetPolicy", delete: "RemovePermission",
    },
    "aws:s3/bucket:Bucket": {
        ...BUCKET, create: "CreateBucket", read: "ListBucket GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration "
            + "GetBucketLogging GetBucketCORS GetBucketWebsite GetReplicationConfiguration GetAccelerateConfiguration GetBucketObjectLockConfiguration",
        delete: "DeleteBucket", tag: "PutBucketTagging TagResource UntagResource ListTagsForResource",
        besides: "GetBucketAcl GetBucketLocation GetBucketPolicy GetBucketRequestPayment",
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        ...BUCKET,
        create: "PutLifecycleConfiguration",
        read: "GetLifecycleConfiguration",
        update: "PutLifecycleConfiguration",
        delete: "PutLifecycleConfiguration",
    },
    "aws:s3/bucketLogging:BucketLogging": {
        ...BUCKET,
        create: "PutBucketLogging",
        read: "GetBucketLogging",
        update: "PutBucketLogging",
        delete: "PutBucketLogging",
        besides: "GetBucketAcl",
    },
    "aws:s3/bucketNotification:BucketNotification": {
        ...BUCKET,
        create: "PutBucketNotification",
        read: "GetBucketNotification",
        update: "PutBucketNotification",
        delete: "PutBucketNotification",
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        ...BUCKET, create: "PutBucketOwnershipControls", read: "GetBucketOwnershipControls", update: "PutBucketOwnershipControls",
        delete: "PutBucketOwnershipControls",
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
        ...BUCKET,
        schema: "AWS::S3::BucketPolicy",
        create: "PutBucketPolicy",
        read: "GetBucketPolicy",
        update: "PutBucketPolicy",
        delete: "DeleteBucketPolicy",
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        ...BUCKET, create: "PutBucketPublicAccessBlock", read: "GetBucketPublicAccessBlock", update: "PutBucketPublicAccessBlock",
        delete: "PutBucketPublicAccessBlock",
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        ...BUCKET, create: "PutEncryptionConfiguration", read: "GetEncryptionConfiguration", update: "PutEncryptionConfiguration",
        delete: "PutEncryptionConfiguration",
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        ...BUCKET, create: "PutBucketVersioning", read: "GetBucketVersioning", update: "PutBucketVersioning", delete: "PutBucketVersioning",
    },
    "aws:sagemaker/endpoint:Endpoint": {
        service: "sagemaker",
        schema: "AWS::SageMaker::Endpoint",
        on: [arn("sagemaker", "endpoint/{prefix}-*"), arn("sagemaker", "endpoint-config/{prefix}-*")],
        create: "CreateEndpoint",
        read: "DescribeEndpoint ListTags",
        update: "UpdateEndpoint",
        delete: "DeleteEndpoint",
        tag: "AddTags DeleteTags",
    },
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
        // Its schema has no handlers.
        service: "sagemaker", on: [arn("sagemaker", "endpoint-config/{prefix}-*")],
        create: "CreateEndpointConfig", read: "DescribeEndpointConfig ListTags", delete: "DeleteEndpointConfig", tag: "AddTags DeleteTags",
    },
    "aws:sagemaker/model:Model": {
        service: "sagemaker", schema: "AWS::SageMaker::Model", on: [arn("sagemaker", "model/{prefix}-*")],
        create: "CreateModel", read: "DescribeModel ListTags", delete: "DeleteModel", tag: "AddTags DeleteTags",
    },
    "aws:sfn/stateMachine:StateMachine": {
        service: "states", schema: "AWS::StepFunctions::StateMachine", on: [arn("states", "stateMachine:{prefix}-*")],
        create: "CreateStateMachine",
        read: "DescribeStateMachine ListTagsForResource",
        update: "UpdateStateMachine",
        delete: "DeleteStateMachine",
        tag: "TagResource UntagResource", besides: "ListStateMachineVersions ValidateStateMachineDefinition",
    },
    "aws:sns/topic:Topic": {
        ...TOPIC,
        schema: "AWS::SNS::Topic",
        create: "CreateTopic",
        read: "GetTopicAttributes ListTagsForResource",
        update: "SetTopicAttributes",
        delete: "DeleteTopic", tag: "TagResource UntagResource",
    },
    "aws:sns/topicPolicy:TopicPolicy": {
        ...TOPIC, schema: "AWS::SNS::TopicPolicy", create: "SetTopicAttributes", read: "GetTopicAttributes", update: "SetTopicAttributes",
        delete: "SetTopicAttributes",
    },
    "aws:sns/topicSubscription:TopicSubscription": {
        ...TOPIC,
        schema: "AWS::SNS::Subscription",
        create: "Subscribe",
        read: "GetSubscriptionAttributes",
        update: "SetSubscriptionAttributes",
        delete: "Unsubscribe",
    },
    "aws:sqs/queue:Queue": {
        service: "sqs", schema: "AWS::SQS::Queue", on: [arn("sqs", "{prefix}-*")],
        create: "CreateQueue", read: "GetQueueAttributes GetQueueUrl ListQueueTags", update: "SetQueueAttributes", delete: "DeleteQueue",
        tag: "TagQueue UntagQueue",
    },
    "aws:ssm/parameter:Parameter": {
        service: "ssm", schema: "AWS::SSM::Parameter", on: [arn("ssm", "parameter{path}/*")],
        create: "PutParameter", read: "GetParameters GetParameter ListTagsForResource", update: "PutParameter", delete: "DeleteParameter",
        tag: "AddTagsToResource RemoveTagsFromResource", besides: "DescribeParameters",
    },
};
