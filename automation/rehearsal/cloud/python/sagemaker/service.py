"""The service as MiniStack sees it: `handle_request`, `reset`, `get_state`."""

import asyncio
import contextvars
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable
from urllib.parse import unquote

from sagemaker import endpoints, invocations, jobs, listing, models, tags, training_jobs, transform_jobs
from sagemaker.errors import ApiError
from sagemaker.state import Record, Scope, all_scopes, current_scope, forget_everything

INVOCATION_PATH = re.compile(r"^/endpoints/([^/]+)/invocations$")
TARGET_PREFIX = "SageMaker."
Answer = tuple[int, dict[str, str], bytes]
Operation = Callable[[Scope, Record], Record]
# An own pool: a Lambda that waits for an endpoint must not starve the cloud's other services.
_pool = ThreadPoolExecutor(max_workers=32, thread_name_prefix="sagemaker")
_logger = logging.getLogger("sagemaker")


def _of_kind(function: Callable[[Scope, str, Record], Record], kind: str) -> Operation:
    return lambda scope, request: function(scope, kind, request)


OPERATIONS: dict[str, Operation] = {
    "CreateTrainingJob": training_jobs.create,
    "DescribeTrainingJob": _of_kind(jobs.describe, "TrainingJob"),
    "StopTrainingJob": _of_kind(jobs.stop, "TrainingJob"),
    "ListTrainingJobs": _of_kind(listing.list_kind, "TrainingJob"),
    "CreateTransformJob": transform_jobs.create,
    "DescribeTransformJob": _of_kind(jobs.describe, "TransformJob"),
    "StopTransformJob": _of_kind(jobs.stop, "TransformJob"),
    "ListTransformJobs": _of_kind(listing.list_kind, "TransformJob"),
    "CreateModel": models.create_model,
    "DescribeModel": _of_kind(models.describe, "Model"),
    "DeleteModel": _of_kind(models.delete, "Model"),
    "ListModels": _of_kind(listing.list_kind, "Model"),
    "CreateEndpointConfig": models.create_endpoint_config,
    "DescribeEndpointConfig": _of_kind(models.describe, "EndpointConfig"),
    "DeleteEndpointConfig": _of_kind(models.delete, "EndpointConfig"),
    "ListEndpointConfigs": _of_kind(listing.list_kind, "EndpointConfig"),
    "CreateEndpoint": endpoints.create,
    "DescribeEndpoint": endpoints.describe,
    "UpdateEndpoint": endpoints.update,
    "DeleteEndpoint": endpoints.delete,
    "ListEndpoints": _of_kind(listing.list_kind, "Endpoint"),
    "AddTags": tags.add,
    "ListTags": tags.listed,
    "DeleteTags": tags.delete,
}


async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
    """One request of the control plane (by target header) or of the runtime (by path)."""
    lowered = {name.lower(): value for name, value in headers.items()}
    context = contextvars.copy_context()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, context.run, _answer, path, lowered, body)


def _answer(path: str, headers: dict[str, str], body: bytes) -> Answer:
    match = INVOCATION_PATH.match(path)
    try:
        if match:
            return invocations.invoke(current_scope(), unquote(match[1]), headers, body)
        name = headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
        operation = OPERATIONS.get(name)
        if operation is None:
            raise ApiError("UnknownOperationException", f"SageMaker {name or path} is not part of the rehearsal")
        return _json(200, operation(current_scope(), _parse(body)))
    except ApiError as error:
        return _refusal(error)
    except Exception as error:  # the cloud goes on; the caller gets the text
        _logger.exception("SageMaker request failed")
        return _refusal(ApiError("InternalFailure", f"{type(error).__name__}: {error}", 500))


def _parse(body: bytes) -> Record:
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", f"The request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise ApiError("SerializationException", "The request is not a JSON object")
    return request


def _refusal(error: ApiError) -> Answer:
    members = {"__type": error.code, "message": error.message, "Message": error.message, **error.members}
    status, headers, body = _json(error.status, members)
    return status, {**headers, "x-amzn-ErrorType": error.code}, body


def _json(status: int, value: Record) -> Answer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(value).encode("utf-8")


def inventory() -> list[str]:
    """ARNs of what exists and can be deleted. Jobs are history: they cannot be deleted and cost nothing."""
    return [
        record[f"{kind}Arn"]
        for scope in all_scopes()
        for kind in ("Model", "EndpointConfig", "Endpoint")
        for record in list(scope.records[kind].values())
    ]


def reset() -> None:
    """Forget everything and end every serving container."""
    for scope in all_scopes():
        for endpoint in list(scope.records["Endpoint"].values()):
            if endpoint["_container"] is not None:
                endpoint["_container"].stop()
    forget_everything()


def get_state() -> None:
    """Nothing is kept over a restart."""
    return None
