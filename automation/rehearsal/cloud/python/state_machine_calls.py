"""Tasks of a state machine as calls of its role, with the error names of Step Functions.

Names: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html; optimised integrations speak of the service
as the first generation of AWS's Java SDK does (`SageMaker.AmazonSageMakerException`), `aws-sdk` integrations as the second
(`SageMaker.SageMakerException`).
"""

import json
import threading
from datetime import datetime
from typing import Any, Callable

import role_session
from botocore.exceptions import ClientError, ParamValidationError
from botocore.validate import ParamValidator
from ministack.core.responses import error_response_json
from ministack.services import stepfunctions

POLL_SECONDS = 0.2
SYNC_TAG = {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}

Service = tuple[str, str, str, str]

# Service in the resource's ARN: botocore's name, prefix of its errors, its general error, and its name in causes.
OPTIMISED = {
    "lambda": ("lambda", "Lambda", "AWSLambdaException", "AWSLambda"),
    "dynamodb": ("dynamodb", "DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "sns": ("sns", "SNS", "AmazonSNSException", "AmazonSNS"),
    "sagemaker": ("sagemaker", "SageMaker", "AmazonSageMakerException", "AmazonSageMaker"),
}
SDK = {
    "sagemaker": ("sagemaker", "SageMaker", "SageMakerException", "SageMaker"),
    "dynamodb": ("dynamodb", "DynamoDb", "DynamoDbException", "DynamoDb"),
    "s3": ("s3", "S3", "S3Exception", "S3"),
    "sns": ("sns", "Sns", "SnsException", "Sns"),
    "ssm": ("ssm", "Ssm", "SsmException", "Ssm"),
    "lambda": ("lambda", "Lambda", "LambdaException", "Lambda"),
    "sfn": ("stepfunctions", "Sfn", "SfnException", "Sfn"),
}
SYNC_JOBS = {"createTrainingJob": "TrainingJob", "createTransformJob": "TransformJob"}
# What Step Functions offers; https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
ACTIONS = {
    "lambda": {"invoke"},
    "dynamodb": {"getItem", "putItem", "updateItem", "deleteItem"},
    "sns": {"publish"},
    "sagemaker": {*SYNC_JOBS, "createModel", "createEndpointConfig", "createEndpoint", "updateEndpoint"},
}


def call(role: str, resource: str, given: Any, abandoned: threading.Event) -> Any:
    """One try of a task. What is not listed above is refused by name, not run unjudged. `abandoned`: nobody waits for the answer."""
    parts = resource.split(":")
    if parts[2] == "lambda" and ":function:" in resource:
        return _call_function(role, {"FunctionName": resource, "Payload": given})["Payload"]
    if parts[2] != "states":
        raise _not_rehearsed(resource)
    if parts[5] == "aws-sdk" and parts[6] in SDK:
        return _call_sdk(role, SDK[parts[6]], parts[7], given)
    if parts[5] not in OPTIMISED or ".waitForTaskToken" in resource:
        raise _not_rehearsed(resource)
    return _call_optimised(role, parts[5], parts[6], given, abandoned)


def refuse_test(_test_state: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: error_response_json("ValidationException", "TestState is not runnable in the rehearsal", 400)


def _call_optimised(role: str, service: str, action: str, given: Any, abandoned: threading.Event) -> Any:
    name, _, pattern = action.partition(".")
    if name not in ACTIONS[service]:
        raise _not_rehearsed(f"{service}:{action}")
    if service == "lambda" and name == "invoke" and not pattern:
        return _call_function(role, given)
    if pattern == "sync" and name in SYNC_JOBS:
        return _run_job(role, name, given, abandoned)
    if pattern:
        raise _not_rehearsed(f"{service}:{action}")
    return _call(role, OPTIMISED[service], name, given)


def _run_job(role: str, action: str, given: Any, abandoned: threading.Event) -> Any:
    """Starts the job, tagged as Step Functions tags it, and waits for its end. An abandoned one is stopped, if the role may."""
    kind = SYNC_JOBS[action]
    _call(role, OPTIMISED["sagemaker"], action, {**given, "Tags": [*given.get("Tags", []), SYNC_TAG]})
    name = {f"{kind}Name": given[f"{kind}Name"]}
    while not abandoned.wait(POLL_SECONDS):
        description = _call(role, OPTIMISED["sagemaker"], f"describe{kind}", name)
        status = description[f"{kind}Status"]
        if status == "Completed":
            return description
        if status in ("Failed", "Stopped"):
            raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(description))
    return _call(role, OPTIMISED["sagemaker"], f"stop{kind}", name)


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


def _milliseconds(moment: datetime) -> int:
    """Since the epoch, as optimised integrations tell times."""
    return int(moment.timestamp() * 1000)


def _call(role: str, service: Service, action: str, given: Any, as_time: Callable[[datetime], Any] = _milliseconds) -> Any:
    name = service[0]
    client = role_session.client(name, role, "StepFunctions")
    try:
        answer = client._make_api_call(_operation(action), given or {})
    except ParamValidationError as error:
        faults = ", ".join(_parameter_faults(client, _operation(action), given or {}))
        cause = f"The Parameters '{json.dumps(given, default=str)}' could not be used to start the Task: [{faults}]"
        raise stepfunctions._ExecutionError("States.Runtime", cause) from error
    except ClientError as error:
        raise _named(error, client, service) from error
    answer.pop("ResponseMetadata", None)
    return _as_json(answer, as_time)


def _parameter_faults(client: Any, operation: str, given: Any) -> list[str]:
    """In the words of Step Functions where those are known, else in botocore's.

    https://github.com/aws/aws-step-functions-data-science-sdk-python/issues/15 shows the whole sentence with a field that is not supported.
    """
    report = ParamValidator().validate(given, client.meta.service_model.operation_model(operation).input_shape)
    faults = []
    for reason, path, details in report._errors:
        if reason == "unknown field":
            faults.append(f"The field \"{details['unknown_param']}\" is not supported by Step Functions")
        elif reason == "invalid type" and details["valid_types"] == [str(str)]:
            faults.append(f"The value for the field '{path.rpartition('.')[2]}' must be a STRING")
        else:
            faults.append(report._format_error((reason, path, details)))
    return faults


def _call_sdk(role: str, service: Service, action: str, given: Any) -> Any:
    """Members are in PascalCase whatever the API calls them, times are ISO 8601.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    shape = role_session.client(service[0], role, "StepFunctions").meta.service_model.operation_model(_operation(action)).input_shape
    answer = _call(role, service, action, _to_api(given or {}, shape), as_time=lambda moment: moment.isoformat())
    return _pascal(answer)


def _to_api(value: Any, shape: Any) -> Any:
    """Names that begin with a small letter in the API."""
    if shape is None or shape.type_name not in ("structure", "list"):
        return value
    if isinstance(value, list):
        return [_to_api(entry, shape.member) for entry in value]
    if not isinstance(value, dict):
        return value
    names = {f"{name[0].upper()}{name[1:]}": name for name in shape.members}
    return {names.get(name, f"unknown member {name}"): _to_api(entry, shape.members.get(names.get(name))) for name, entry in value.items()}


def _pascal(value: Any) -> Any:
    if isinstance(value, list):
        return [_pascal(entry) for entry in value]
    return {f"{name[0].upper()}{name[1:]}": _pascal(entry) for name, entry in value.items()} if isinstance(value, dict) else value


def _operation(action: str) -> str:
    return action[0].upper() + action[1:]


def _named(error: ClientError, client: Any, service: Service) -> Exception:
    """Errors in the service's model have names of their own, all others the service's general one.

    The cause is the message of AWS's Java SDK: its second generation, which `aws-sdk` integrations use, tells no error code.
    """
    _, prefix, general, speaker = service
    code = error.response["Error"].get("Code", "")
    metadata = error.response.get("ResponseMetadata", {})
    status, request = metadata.get("HTTPStatusCode", 0), metadata.get("RequestId", "none")
    shapes = {shape.metadata.get("error", {}).get("code", shape.name): shape.name for shape in client.meta.service_model.error_shapes}
    names = {**{name: name for name in shapes.values()}, **shapes}
    name = f"{names[code].removesuffix('Exception')}Exception" if code in names else general
    message = error.response["Error"].get("Message", "")
    if service in OPTIMISED.values():
        source = f"(Service: {speaker}; Status Code: {status}; Error Code: {code}; Request ID: {request}; Proxy: null)"
    else:
        source = f"(Service: {speaker}, Status Code: {status}, Request ID: {request})"
    return stepfunctions._ExecutionError(f"{prefix}.{name}", f"{message} {source}")


def _as_json(value: Any, as_time: Callable[[datetime], Any]) -> Any:
    """Times and byte streams as Step Functions hands them on."""
    if isinstance(value, dict):
        return {key: _as_json(entry, as_time) for key, entry in value.items()}
    if isinstance(value, list):
        return [_as_json(entry, as_time) for entry in value]
    if isinstance(value, datetime):
        return as_time(value)
    if hasattr(value, "read"):
        value = value.read()
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _not_rehearsed(what: str) -> Exception:
    return stepfunctions._ExecutionError("States.Runtime", f"{what} is not runnable in the rehearsal")
