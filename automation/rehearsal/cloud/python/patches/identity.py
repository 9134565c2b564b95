"""Who calls, over which way, and what IAM judges it on."""

import batch_actions
import condition_keys
import sagemaker_routing
import transport
import ministack.app as app
from ministack.core import iam_actions, iam_evaluator
from patching import Patch

PATCHES = [
    Patch(
        name="sagemaker-actions",
        module=iam_actions,
        attribute="extract_iam_action",
        sha256="ec476b92d969822b69c5b51b7c86cbc85794d3126a2f4c15f70f5444851cd5a6",
        replace=sagemaker_routing.action,
        behaviour="The runtime's POST /endpoints/NAME/invocations is the IAM action sagemaker:InvokeEndpoint",
        source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html",
        test="sagemakerAccess.cloud.ts",
    ),
    Patch(
        name="batch-actions",
        module=iam_actions,
        attribute="extract_iam_action",
        sha256="ec476b92d969822b69c5b51b7c86cbc85794d3126a2f4c15f70f5444851cd5a6",
        replace=batch_actions.action,
        behaviour="Batches of messages are authorised as the single message: sqs:SendMessage for SendMessageBatch",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html",
        test="streams.cloud.ts",
    ),
    Patch(
        name="sagemaker-resources",
        module=iam_actions,
        attribute="extract_resource_arn",
        sha256="82f51700695c62fdca72583e1c264cc146fc22d5aa0a5faebabc3aa0a798f2e9",
        replace=sagemaker_routing.resource,
        behaviour="SageMaker's actions are authorised on the ARN of what they name, with the name in lower case",
        source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html",
        test="sagemakerAccess.cloud.ts",
    ),
    Patch(
        name="sagemaker-denials",
        module=iam_actions,
        attribute="access_denied_response",
        sha256="3cc2e315f91f45daeb6160cb1c8250291fde007fa3e721acf72c8159838589a8",
        replace=sagemaker_routing.denied,
        behaviour="A denial of SageMaker names the resource",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
        test="stateMachineIntegrations.cloud.ts",
    ),
    Patch(
        name="leading-keys",
        module=iam_actions,
        attribute="dynamodb_service_context",
        sha256="0f0021bdc8a3f13c08e31cc7148fc9ffc139fdf8e87d569ee49bb78859d1804f",
        replace=condition_keys.with_leading_keys,
        behaviour="Requests to a table carry dynamodb:LeadingKeys, the partition keys that they name",
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html",
        test="stateMachineIntegrations.cloud.ts",
    ),
    Patch(
        name="usage",
        module=iam_evaluator,
        attribute="enforce",
        sha256="cf64b1ee5b099c8f705e919a43bd7b354e4772f150edb89f8218c930b8550c8c",
        replace=transport.recorded,
        behaviour="None: every decision is written down, for the report's account of what was used",
        source="automation/rehearsal/cloud/cloud.ts",
        test="startCloud.cloud.ts",
    ),
    Patch(
        name="loopback-is-tls",
        module=app,
        attribute="pin_request_origin",
        sha256="de819c1bd9ac2be4b8dd3c7a66d2c3c690fe74d95b4d42519ec581ac9ebf3b36",
        replace=transport.secure,
        behaviour="Requests to AWS are encrypted, so aws:SecureTransport is true; here loopback stands for the encrypted way",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport",
        test="startCloud.cloud.ts",
    ),
]
