"""SageMaker's IAM actions and resources, for the control plane and the runtime."""

import json
from typing import Any, Callable
from urllib.parse import unquote

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

