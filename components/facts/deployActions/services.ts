/** What deploying functions, the API, models, the state machine, roles and what watches them calls. Sources: `../deployActions.ts`. */
import { arn } from "./entry.ts";
import type { DeployActions } from "./entry.ts";

const API: Pick<DeployActions, "service" | "on"> = {
    service: "apigateway",
    on: ["arn:{partition}:apigateway:{region}::/apis", "arn:{partition}:apigateway:{region}::/apis/*", "arn:{partition}:apigateway:{region}::/tags/*"],
};
const ROLE: Pick<DeployActions, "service" | "on"> = { service: "iam", on: ["arn:{partition}:iam::{account}:role/{prefix}-*"] };
const RULE_ARNS = [arn("events", "rule/{prefix}-*")];
const LOG_GROUPS = [
    "/aws/lambda/{prefix}-*", "/aws/sagemaker/Endpoints/{prefix}-*", "/aws/vendedlogs/*/{prefix}-*",
].map((name) => arn("logs", `log-group:${name}`));

/** By Pulumi type. */
export const services: Readonly<Record<string, DeployActions>> = {
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
};
