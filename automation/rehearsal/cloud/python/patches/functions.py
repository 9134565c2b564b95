"""Lambda, and the HTTP API that calls it."""

import functions
import role_use
from ministack.core import lambda_runtime
from ministack.services import apigateway, lambda_svc
from patching import Patch

PATCHES = [
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
