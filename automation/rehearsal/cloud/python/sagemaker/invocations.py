"""InvokeEndpoint: POST /endpoints/<name>/invocations."""

from http.client import HTTPException

from sagemaker.errors import ApiError
from sagemaker.state import LOCK, Record, Scope

SERVERLESS_PAYLOAD_BYTES = 4 * 1024 * 1024
SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack", "UpdateRollbackFailed")
Answer = tuple[int, dict[str, str], bytes]


def invoke(scope: Scope, name: str, headers: dict[str, str], body: bytes) -> Answer:
    """The container's answer, or an ApiError of the runtime API. Names keep their case here."""
    if len(body) > SERVERLESS_PAYLOAD_BYTES:
        text = f"Request size {len(body)} exceeds the limit of {SERVERLESS_PAYLOAD_BYTES} bytes."
        raise ApiError("ValidationError", text, 413)
    with LOCK:
        endpoint = scope.find("Endpoint", name)
        found = endpoint is not None and endpoint["EndpointName"] == name and endpoint["_container"] is not None
        if endpoint is None or not found or endpoint["EndpointStatus"] not in SERVING:
            raise ApiError("ValidationError", f"Endpoint {name} of account {scope.account} not found.")
        if endpoint["_in_flight"] >= endpoint["_concurrency"]:
            raise ApiError("ThrottlingException", "Rate exceeded", 429)
        endpoint["_in_flight"] += 1
        container, variant = endpoint["_container"], endpoint["ProductionVariants"][0]["VariantName"]
    try:
        content_type, accept = headers.get("content-type", ""), headers.get("accept", "")
        status, answer_type, answer = container.invoke(body, content_type, accept)
    except (OSError, HTTPException) as error:
        raise ApiError("InternalFailure", f"The container did not answer: {error}", 500) from error
    finally:
        with LOCK:
            endpoint["_in_flight"] -= 1
    if status >= 400:
        raise _model_error(scope, endpoint, status, answer.decode("utf-8", "replace"))
    return 200, {"Content-Type": answer_type, "x-Amzn-Invoked-Production-Variant": variant}, answer


def _model_error(scope: Scope, endpoint: Record, status: int, text: str) -> ApiError:
    side = "client" if status < 500 else "server"
    group = f"/aws/sagemaker/Endpoints/{endpoint['EndpointName']}"
    console = f"https://{scope.region}.console.aws.amazon.com/cloudwatch/home?region={scope.region}"
    return ApiError(
        "ModelError",
        f'Received {side} error ({status}) from primary with message "{text}". See '
        f"{console}#logEventViewer:group={group} in account {scope.account} for more information.",
        424,
        OriginalStatusCode=status,
        OriginalMessage=text,
        LogStreamArn=f"arn:aws:logs:{scope.region}:{scope.account}:log-group:{group}",
    )
