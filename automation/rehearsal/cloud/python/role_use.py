"""Handing a role to a service: the caller must be allowed to (`iam:PassRole`), and the role must trust the service."""

import json
import re
from typing import Any, Callable

import authorization
from ministack.core.responses import error_response_json, get_account_id, get_region

Answer = Any
Handler = Callable[..., Any]
FUNCTION = re.compile(r"^/2015-03-31/functions(/[^/]+/configuration)?/?$")
# SageMaker reads the role's trust itself; here it is only about passing.
SAGEMAKER_ROLES = {"CreateTrainingJob": "RoleArn", "CreateModel": "ExecutionRoleArn"}


def for_functions(handle: Handler) -> Handler:
    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        if method in ("POST", "PUT") and FUNCTION.match(path):
            role = _parse(body).get("Role")
            refusal = role and (_pass(headers, query, role, "lambda.amazonaws.com") or _lambda_trust(role))
            if refusal:
                return refusal
        return await handle(method, path, headers, body, query)

    return handle_checked


def _lambda_trust(role: str) -> Answer | None:
    if authorization.trusts(role, "lambda.amazonaws.com"):
        return None
    return error_response_json("InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda.", 400)


def for_state_machines(handle: Handler) -> Handler:
    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        if _operation(headers) in ("CreateStateMachine", "UpdateStateMachine"):
            role = _parse(body).get("roleArn")
            refusal = role and _pass(headers, query, role, "states.amazonaws.com")
            if refusal:
                return refusal
        return await handle(method, path, headers, body, query)

    return handle_checked


def for_event_targets(handle: Handler) -> Handler:
    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        if _operation(headers) == "PutTargets":
            request = _parse(body)
            for target in request.get("Targets", []):
                refusal = _target_refusal(headers, query, target, request.get("Rule", ""))
                if refusal:
                    return refusal
        return await handle(method, path, headers, body, query)

    return handle_checked


def _target_refusal(headers: dict[str, str], query: Any, target: dict[str, Any], rule: str) -> Answer | None:
    role, arn = target.get("RoleArn"), target.get("Arn", "")
    if role is None:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html
        return error_response_json("ValidationException", f"RoleArn is required for target {arn}.", 400) if ":states:" in arn else None
    refusal = _pass(headers, query, role, "events.amazonaws.com")
    rule_arn = f"arn:{role.split(':')[1]}:events:{get_region()}:{get_account_id()}:rule/{rule}"
    if refusal or authorization.trusts(role, "events.amazonaws.com", rule_arn):
        return refusal
    return error_response_json("ValidationException", f"Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'.", 400)


def for_sagemaker(handle: Handler) -> Handler:
    """Passing the job's or model's role, and tagging: a create with tags needs `sagemaker:AddTags` as well."""

    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
        operation, request = _operation(headers), _parse(body)
        role = request.get(SAGEMAKER_ROLES.get(operation, ""))
        refusal = (_pass(headers, query, role, "sagemaker.amazonaws.com") if role else None) or _tag(headers, query, operation, request)
        refusal = refusal or _use_config(headers, query, operation, request)
        return refusal or await handle(method, path, headers, body, query)

    return handle_checked


def _tag(headers: dict[str, str], query: Any, operation: str, request: dict[str, Any]) -> Answer | None:
    import sagemaker_routing

    caller = authorization.caller_of(headers, query)
    if caller is None or not operation.startswith("Create") or not request.get("Tags"):
        return None
    resource = sagemaker_routing.resource_of(operation, request, get_region(), get_account_id())
    message = authorization.denial(caller, "sagemaker:AddTags", resource)
    return error_response_json("AccessDeniedException", message, 400) if message else None


def _use_config(headers: dict[str, str], query: Any, operation: str, request: dict[str, Any]) -> Answer | None:
    """Making or updating an endpoint is authorised on the endpoint and on its configuration.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    """
    import sagemaker_routing

    caller = authorization.caller_of(headers, query)
    if caller is None or operation not in ("CreateEndpoint", "UpdateEndpoint") or "EndpointConfigName" not in request:
        return None
    config = {"EndpointConfigName": request["EndpointConfigName"]}
    resource = sagemaker_routing.resource_of("UseEndpointConfig", config, get_region(), get_account_id())
    message = authorization.denial(caller, f"sagemaker:{operation}", resource)
    return error_response_json("AccessDeniedException", message, 400) if message else None


def starts_executions(dispatch: Callable[..., None]) -> Callable[..., None]:
    """EventBridge starts an execution with the target's role, and drops the event when that may not."""

    def invoke_target(target: dict[str, Any], event: Any, rule: Any, view: Any = None) -> None:
        if ":states:" in target.get("Arn", ""):
            caller = authorization.caller_for_role(target.get("RoleArn", ":::::"))
            if authorization.denial(caller, "states:StartExecution", target["Arn"]):
                return
        dispatch(target, event, rule, view)

    return invoke_target


def _pass(headers: dict[str, str], query: Any, role: str, service: str) -> Answer | None:
    caller = authorization.caller_of(headers, query)
    message = caller and authorization.denial(caller, "iam:PassRole", role, {"iam:PassedToService": service})
    return error_response_json("AccessDeniedException", message, 403) if message else None


def _operation(headers: dict[str, str]) -> str:
    return headers.get("x-amz-target", "").rpartition(".")[2]


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
