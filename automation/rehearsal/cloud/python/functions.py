"""Lambda: who may call a function, what its errors are called, and whether its role lets it write logs."""

import contextvars
from typing import Any, Callable

import authorization
import encryption
import usage
from ministack.core.arn import execute_api_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import apigateway, lambda_svc

ERROR = 'trace: err.stack || ""'
THROWN = "error: e.message, trace: e.stack\n"
API_PRINCIPAL = "apigateway.amazonaws.com"
# What became of the invocation that this thread runs: the worker's answer carries more than MiniStack hands on.
_answer: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("lambda_answer", default={})


def with_error_type(script: str) -> str:
    """The worker reports the error's name beside its message."""
    if script.count(ERROR) != 1 or script.count(THROWN) != 1:
        raise RuntimeError("the Node worker does not report errors where it did")
    script = script.replace(ERROR, f'{ERROR}, type: (err && err.name) || "Error"')
    return script.replace(THROWN, 'error: e.message, trace: e.stack, type: (e && e.name) || "Error"\n')


def remember_answer(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoke_and_remember(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = invoke(self, *args, **kwargs)
        _answer.set(answer)
        return answer

    return invoke_and_remember


def with_error_body(execute: Callable[..., Any]) -> Callable[..., Any]:
    """`{errorType, errorMessage, trace}`, as Node's runtime reports an error."""

    def execute_and_name(func: dict[str, Any], event: Any, request_id: str) -> Any:
        _answer.set({})
        result = execute(func, event, request_id)
        answer, body = _answer.get(), result.get("body")
        if result.get("error") and answer.get("type") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
            body.update(errorType=answer["type"], trace=str(answer.get("trace", "")).split("\n"))
        return result

    return execute_and_name


def allowed_by_role(emit: Callable[..., None]) -> Callable[..., None]:
    """Without permission a function runs all the same, and its log stays empty."""

    def emit_if_allowed(func: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        config = func.get("config") or func
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
        caller = authorization.caller_for_role(config.get("Role", ":::::"))
        stream = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{group}:log-stream:any"
        if not any(authorization.denial(caller, action, stream) for action in ("logs:CreateLogStream", "logs:PutLogEvents")):
            emit(func, *args, **kwargs)
            encryption.record_log_write(group)

    return emit_if_allowed


def permitted_to_api(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """An HTTP API needs the function's permission. Its callers learn nothing of why they get a 500."""

    async def invoke_if_permitted(
        integration: dict[str, Any], api_id: str, stage: str, path: str, method: str, headers: Any, body: Any, query: Any, route_key: str, *args: Any, **kwargs: Any
    ) -> Any:
        reference = apigateway._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", ""))
        function, config, _ = lambda_svc._get_func_record_for_ref_in_scope(
            reference, account_id=kwargs.get("owner_account_id"), region=kwargs.get("owner_region")
        )
        source = execute_api_arn(get_region(), get_account_id(), api_id, stage, method, path)
        if kwargs.get("authorizer_iam") is None:
            # Open routes ask nobody's policies, so nobody else writes them down.
            usage.record("execute-api:Invoke", source, "anonymous", True)
        # The permission is asked for the route, with its parameters in braces; the caller's own policies for the path that was called.
        route = execute_api_arn(get_region(), get_account_id(), api_id, stage, method, route_key.split(" ")[-1])
        if function is None or not _permits(function, route):
            return _internal_error()
        usage.record("lambda:InvokeFunction", config["FunctionArn"], API_PRINCIPAL, True)
        answer = await invoke(integration, api_id, stage, path, method, headers, body, query, route_key, *args, **kwargs)
        # A function that fails is a 500 to the caller, one that answers 502 is a 502: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
        return _internal_error() if answer[0] == 502 and b'"errorMessage"' in answer[2] else answer

    return invoke_if_permitted


def _permits(function: dict[str, Any], source: str) -> bool:
    context = {"aws:SourceArn": source, "aws:SourceAccount": get_account_id()}
    return authorization.service_may(function.get("policy"), API_PRINCIPAL, "lambda:InvokeFunction", context)


def _internal_error() -> Any:
    return 500, {"Content-Type": "application/json"}, b'{"message":"Internal Server Error"}'
