"""All changes to MiniStack 1.5.33, each with the source it replaces, the behaviour of AWS, and its contract test."""

import importlib.metadata

import ministack.app as app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime, router
from ministack.services import apigateway, cloudwatch_logs, dynamodb, eventbridge, lambda_svc, s3, sns, stepfunctions

import encryption
import functions
import gaps
import object_events
import role_use
import sagemaker.service
import sagemaker_routing
import state_machine_calls
import state_machine_checks
import state_machine_logs
import transport
from patching import Patch, PatchMismatch, apply_all

WRITTEN_FOR = "1.5.33"

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
    Patch(
        name="state-machine-role",
        module=stepfunctions,
        attribute="_execute_task",
        sha256="53c818d247dba62c49b82c78ad185f18083422f2bc30168836d7b4f2dae28d9a",
        replace=state_machine_calls.remember_role,
        behaviour="Tasks run as the state machine's role; $$.Execution has RoleArn and RedriveCount",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="state-machine-calls",
        module=stepfunctions,
        attribute="_invoke_resource",
        sha256="a85d2be9a8584ce0f8660e27ccc9e1687a5f5d167a727613b8ee0c90bdd53d69",
        replace=state_machine_calls.with_role,
        behaviour="Tasks are calls signed with the role's session, so IAM judges them; SageMaker jobs with .sync are polled to their end; errors have the names of Step Functions",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="state-machine-create",
        module=stepfunctions,
        attribute="_create_state_machine",
        sha256="4bc1231dda6925d21e113eb9e2e1bf3d54839926a1c415de258f31b77cf5c583",
        replace=state_machine_checks.checked,
        behaviour="Refuses a role that states.amazonaws.com may not assume, that may not deliver logs or make managed rules, and transitions that lead nowhere",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-update",
        module=stepfunctions,
        attribute="_update_state_machine",
        sha256="476e0deee6a3d66bcf5d5dc6b5ae2c97613cbb35aa0d9b013da782b538c4ef2e",
        replace=state_machine_checks.checked,
        behaviour="As on creation",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        test="stateMachineCreation.cloud.ts",
    ),
    Patch(
        name="state-machine-logs",
        module=stepfunctions,
        attribute="_run_execution",
        sha256="996dff84e0e0605ae3ffb450d0dfa0adc150caa811d0715fc2d4eb7cf28a1648",
        replace=state_machine_logs.delivered,
        behaviour="The history of an execution is delivered to its log group by level",
        source="https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html",
        test="stateMachine.cloud.ts",
    ),
    Patch(
        name="pass-role-lambda",
        module=lambda_svc,
        attribute="handle_request",
        sha256="f2255bfe6f90ab0a0c4f3a144cb0c1ba058e49a804d77bbefb9fa9249e534948",
        replace=role_use.for_functions,
        behaviour="Creating a function needs iam:PassRole on its role, which must trust lambda.amazonaws.com",
        source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="pass-role-states",
        module=stepfunctions,
        attribute="handle_request",
        sha256="efa6e8c4532a9e05de1d5c451ba1609388c4cb6662e72df46f3fb9158a84e9c4",
        replace=role_use.for_state_machines,
        behaviour="Creating a state machine needs iam:PassRole on its role",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="pass-role-events",
        module=eventbridge,
        attribute="handle_request",
        sha256="129d025f18994a77a496a5f5044700f48742c9b35c81df78cd40d840c070fbe1",
        replace=role_use.for_event_targets,
        behaviour="A state machine as a target needs a role that events.amazonaws.com may assume, and iam:PassRole on it",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="event-target-role",
        module=eventbridge,
        attribute="_invoke_target",
        sha256="550e304af08095637ed4de07798e4acc1b1f89316f91ab60d4d865f9f46c58f2",
        replace=role_use.starts_executions,
        behaviour="An event starts an execution only if the target's role has states:StartExecution",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="object-version-known",
        module=s3,
        attribute="_fire_s3_event",
        sha256="2ab38cfade76bf2e1f76f9a467af19a3d5bc3e5f0a6d944a8c879677facbfdc4",
        replace=object_events.remember_version,
        behaviour="An event of a versioned bucket says which version of the object it is about",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html",
        test="objectEvents.cloud.ts",
    ),
    Patch(
        name="object-version-told",
        module=eventbridge,
        attribute="_dispatch_event",
        sha256="d1bfe064f602d11c9700f4890bde62c7641b4442a9f2d61da81c075c8186416d",
        replace=object_events.with_version,
        behaviour="As above: detail.object.version-id",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html",
        test="objectEvents.cloud.ts",
    ),
    Patch(
        name="object-keys",
        module=s3,
        attribute="handle_request",
        sha256="0856144f19e733b438aed58ad5095720e48f8fd3b86ce1a6bbdaa9a44459a246",
        replace=encryption.of_objects,
        behaviour="Objects under a customer key need kms:GenerateDataKey to write and kms:Decrypt to read",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="table-keys",
        module=dynamodb,
        attribute="handle_request",
        sha256="1201f2ac993ce1a07339816d280e7b86da8395988b41f91ce72caade86e12406",
        replace=encryption.of_tables,
        behaviour="Items of a table under a customer key need kms:Decrypt",
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="topic-keys",
        module=sns,
        attribute="handle_request",
        sha256="a6cb34ecce860f66b656cc556ad59c8c7de1c783a30262652cdb9603164b7fdf",
        replace=encryption.of_topics,
        behaviour="Publishing to a topic under a customer key needs kms:GenerateDataKey and kms:Decrypt",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="log-group-keys",
        module=cloudwatch_logs,
        attribute="_create_log_group",
        sha256="ce6fd1931ae9eb644fd7d3e1cfb695f5de37f060f4290da375019d9f6fc58268",
        replace=encryption.of_log_groups,
        behaviour="A log group's key must let the logs service use it for that group",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="error-type-script",
        module=lambda_runtime,
        attribute="_NODEJS_WORKER_SCRIPT",
        sha256="4c6fe8a41c8fb28a56ba8d16461b767213d29548e8f08cdb41e479223dd29089",
        replace=functions.with_error_type,
        behaviour="The name of a thrown error is the errorType of the answer",
        source="https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html",
        test="functions.cloud.ts",
    ),
    Patch(
        name="error-type-worker",
        module=lambda_runtime,
        attribute="Worker.invoke",
        sha256="96751a75471021ecc05362bd28031305be50ff352345c5f7b1f9b7924a467b31",
        replace=functions.remember_answer,
        behaviour="As above: the worker's whole answer is kept",
        source="https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html",
        test="functions.cloud.ts",
    ),
    Patch(
        name="error-type-body",
        module=lambda_svc,
        attribute="_execute_function_warm",
        sha256="62b9218bef5b948a23c3269d6fb7260f88dda21cb88a1962ab72e4dceac81153",
        replace=functions.with_error_body,
        behaviour="As above: the answer's body carries name and trace",
        source="https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html",
        test="functions.cloud.ts",
    ),
    Patch(
        name="function-logs",
        module=lambda_svc,
        attribute="_emit_lambda_logs",
        sha256="111efbf06968bb207427d25f6070f8048962a56385e2f7c62bb76b5f9d051720",
        replace=functions.allowed_by_role,
        behaviour="A function's log is written with its role, or not at all",
        source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
        test="functions.cloud.ts",
    ),
    Patch(
        name="api-permission",
        module=apigateway,
        attribute="_invoke_lambda_proxy",
        sha256="fbe5024fcd36643f48b24c6bf405e6d4983503748de1da69b3ab63358fd015d1",
        replace=functions.permitted_to_api,
        behaviour="An HTTP API calls a function only with its permission; without it, and when the function fails, the caller gets 500 Internal Server Error",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html",
        test="functions.cloud.ts",
    ),
]


def apply() -> list[dict[str, str]]:
    """Put all patches in place and return what remains unenforced. Raises PatchMismatch."""
    installed = importlib.metadata.version("ministack")
    if installed != WRITTEN_FOR:
        raise PatchMismatch(f"MiniStack {installed} is installed; the patches are written for {WRITTEN_FOR}")
    apply_all(PATCHES)
    _add_sagemaker()
    return gaps.GAPS


def _add_sagemaker() -> None:
    """An additional service, not a replaced one."""
    app._loaded_modules["sagemaker"] = sagemaker.service
    app.SERVICE_REGISTRY["sagemaker"] = {"module": "sagemaker"}
    app.SERVICE_HANDLERS["sagemaker"] = role_use.for_sagemaker(sagemaker.service.handle_request)
    router.SERVICE_PATTERNS["sagemaker"] = {"target_prefixes": [sagemaker.service.TARGET_PREFIX]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["sagemaker"] = "sagemaker"
