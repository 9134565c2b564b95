"""SageMaker's IAM actions and resources, for the control plane and the runtime."""

import json
from typing import Any, Callable
from urllib.parse import unquote

from ministack.core import iam_actions
from ministack.core.responses import error_response_json

from sagemaker.service import INVOCATION_PATH
from sagemaker.state import ARN_PARTS, Scope

# Longest first: CreateEndpointConfig must not be taken for CreateEndpoint.
KINDS = sorted(ARN_PARTS, key=len, reverse=True)


def action(extract: Callable[..., str | None]) -> Callable[..., str | None]:
    def extract_action(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> str | None:
        if service == "sagemaker" and INVOCATION_PATH.match(path):
            return "sagemaker:InvokeEndpoint"
        return extract(service, method, path, headers, body, query_params)

    return extract_action


def resource(extract: Callable[..., str]) -> Callable[..., str]:
    def extract_resource(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any,
                         region: str, account_id: str) -> str:
        if service != "sagemaker":
            return extract(service, method, path, headers, body, query_params, region, account_id)
        match = INVOCATION_PATH.match(path)
        if match:
            return Scope(account_id, region).arn("Endpoint", unquote(match[1]))
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        return resource_of(operation, json.loads(body or b"{}"), region, account_id)

    return extract_resource


def resource_of(operation: str, request: dict[str, Any], region: str, account: str) -> str:
    """ARN that an operation is authorised on; `*` for lists."""
    if "ResourceArn" in request:
        return str(request["ResourceArn"])
    for kind in KINDS:
        if operation.endswith(kind) and f"{kind}Name" in request:
            return Scope(account, region).arn(kind, str(request[f"{kind}Name"]))
    return "*"


def denied(respond: Callable[..., Any]) -> Callable[..., Any]:
    """A denial names the resource, with status 400."""

    def respond_with_resource(service: str, action: str, principal_arn: str, request_id: str, **named: Any) -> Any:
        if service != "sagemaker" or named.get("error_code"):
            return respond(service, action, principal_arn, request_id, **named)
        message = iam_actions.identity_denial_message(action, principal_arn, named.get("resource_arn", "*"), named.get("explicit_deny", False))
        return error_response_json("AccessDeniedException", message, 400)

    return respond_with_resource
