"""Tasks of a state machine as calls of its role, with the error names of Step Functions.

Names: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html; optimised integrations speak of the service
as the first generation of AWS's Java SDK does (`SageMaker.AmazonSageMakerException`), `aws-sdk` integrations as the second
(`SageMaker.SageMakerException`).
"""

import contextvars
import json
import time
from datetime import datetime
from typing import Any, Callable

import role_session
from botocore.exceptions import ClientError, ParamValidationError
from ministack.services import stepfunctions

POLL_SECONDS = 0.2
SYNC_TAG = {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
_role: contextvars.ContextVar[str | None] = contextvars.ContextVar("state_machine_role", default=None)

# Service in the resource's ARN: botocore's name, prefix of its errors, its general error.
OPTIMISED = {
    "lambda": ("lambda", "Lambda", "AWSLambdaException"),
    "dynamodb": ("dynamodb", "DynamoDB", "AmazonDynamoDBException"),
    "sns": ("sns", "SNS", "AmazonSNSException"),
    "sagemaker": ("sagemaker", "SageMaker", "AmazonSageMakerException"),
}
SDK = {
    "sagemaker": ("sagemaker", "SageMaker", "SageMakerException"),
    "dynamodb": ("dynamodb", "DynamoDb", "DynamoDbException"),
    "s3": ("s3", "S3", "S3Exception"),
    "sns": ("sns", "Sns", "SnsException"),
    "ssm": ("ssm", "Ssm", "SsmException"),
    "lambda": ("lambda", "Lambda", "LambdaException"),
}
SYNC_JOBS = {"createTrainingJob": "TrainingJob", "createTransformJob": "TransformJob"}
# The actions that Step Functions offers without `.sync`; https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
SAGEMAKER_ACTIONS = {*SYNC_JOBS, "createModel", "createEndpointConfig", "createEndpoint", "updateEndpoint"}


def remember_role(execute_task: Callable[..., Any]) -> Callable[..., Any]:
    """Every task knows its machine's role; set per task, because branches run in threads of their own."""

    def execute(state: Any, given: Any, execution: Any, context: Any) -> Any:
        machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
        _role.set(machine["roleArn"] if machine else None)
        context.setdefault("Execution", {}).setdefault("RedriveCount", 0)
        if machine:
            context["Execution"].setdefault("RoleArn", machine["roleArn"])
        return execute_task(state, given, execution, context)

    return execute


def with_role(invoke_resource: Callable[..., Any]) -> Callable[..., Any]:
    """Replaces MiniStack's calls, which no policy sees. What is not listed above is refused by name, not run unjudged."""

    def invoke(resource: str, given: Any) -> Any:
        role = _role.get()
        if role is None:
            return invoke_resource(resource, given)
        parts = resource.split(":")
        if parts[2] == "lambda" and ":function:" in resource:
            return _call_function(role, {"FunctionName": resource, "Payload": given})["Payload"]
        if parts[2] != "states":
            raise _not_rehearsed(resource)
        if parts[5] == "aws-sdk" and parts[6] in SDK:
            return _call(role, SDK[parts[6]], parts[7], given)
        if parts[5] not in OPTIMISED or ".waitForTaskToken" in resource:
            raise _not_rehearsed(resource)
        return _call_optimised(role, parts[5], parts[6], given)

    return invoke


def _call_optimised(role: str, service: str, action: str, given: Any) -> Any:
    name, _, pattern = action.partition(".")
    if service == "lambda" and name == "invoke" and not pattern:
        return _call_function(role, given)
    if service == "sagemaker":
        if pattern == "sync" and name in SYNC_JOBS:
            return _run_job(role, name, given)
        if pattern or name not in SAGEMAKER_ACTIONS:
            raise _not_rehearsed(f"sagemaker:{action}")
    return _call(role, OPTIMISED[service], name, given)


def _run_job(role: str, action: str, given: Any) -> Any:
    """Starts the job, tagged as Step Functions tags it, and waits for its end."""
    kind = SYNC_JOBS[action]
    _call(role, OPTIMISED["sagemaker"], action, {**given, "Tags": [*given.get("Tags", []), SYNC_TAG]})
    while True:
        description = _call(role, OPTIMISED["sagemaker"], f"describe{kind}", {f"{kind}Name": given[f"{kind}Name"]})
        status = description[f"{kind}Status"]
        if status == "Completed":
            return description
        if status in ("Failed", "Stopped"):
            raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(description))
        time.sleep(POLL_SECONDS)


def _call_function(role: str, given: Any) -> Any:
    payload = given.get("Payload", {})
    request = {**given, "Payload": json.dumps(payload).encode()}
    answer = _call(role, OPTIMISED["lambda"], "invoke", request)
    text = answer["Payload"]
    try:
        value = json.loads(text) if text else None
    except ValueError:
        value = text
    if answer.get("FunctionError"):
        # The error's own name, so that Retry and Catch can tell errors apart; the cause is the function's whole answer.
        name = value.get("errorType") if isinstance(value, dict) else None
        raise stepfunctions._ExecutionError(name or "Lambda.Unknown", json.dumps(value))
    return {"ExecutedVersion": answer.get("ExecutedVersion", "$LATEST"), "Payload": value, "StatusCode": answer["StatusCode"]}


def _call(role: str, service: tuple[str, str, str], action: str, given: Any) -> Any:
    name, prefix, general = service
    client = role_session.client(name, role, "StepFunctions")
    operation = action[0].upper() + action[1:]
    try:
        answer = client._make_api_call(operation, given or {})
    except ParamValidationError as error:
        raise stepfunctions._ExecutionError("States.Runtime", f"The Parameters could not be used to start the Task: {error}") from error
    except ClientError as error:
        raise _named(error, client, prefix, general) from error
    answer.pop("ResponseMetadata", None)
    return _as_json(answer)


def _named(error: ClientError, client: Any, prefix: str, general: str) -> Exception:
    """Errors in the service's model have names of their own, all others the service's general one."""
    code = error.response["Error"].get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    shapes = {shape.metadata.get("error", {}).get("code", shape.name): shape.name for shape in client.meta.service_model.error_shapes}
    names = {**{name: name for name in shapes.values()}, **shapes}
    name = f"{names[code].removesuffix('Exception')}Exception" if code in names else general
    message = error.response["Error"].get("Message", "")
    cause = f"{message} (Service: {general}; Status Code: {status}; Error Code: {code})"
    return stepfunctions._ExecutionError(f"{prefix}.{name}", cause)


def _as_json(value: Any) -> Any:
    """Times are milliseconds since the epoch, byte streams text, as Step Functions hands them on."""
    if isinstance(value, dict):
        return {key: _as_json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_json(entry) for entry in value]
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if hasattr(value, "read"):
        value = value.read()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _not_rehearsed(what: str) -> Exception:
    return stepfunctions._ExecutionError("States.Runtime", f"{what} is not runnable in the rehearsal")
