"""Service Quotas for SageMaker alone: the limits that the stand-in of SageMaker enforces, under the names that AWS gives them."""

import json
from typing import Any

from sagemaker.quotas import setting

TARGET_PREFIX = "ServiceQuotasV20190624."
SERVICE = "sagemaker"
SERVERLESS = {
    "Number of serverless endpoints": "serverlessEndpoints",
    "Maximum total concurrency that can be allocated across all serverless endpoints": "serverlessConcurrency",
}
INSTANCES = {
    "training job usage": "trainingInstances",
    "spot training job usage": "spotTrainingInstances",
    "transform job usage": "transformInstances",
}
# AWS lists every type that there is; these are the ones that pipelines of tables use.
FAMILIES = ("c5", "c6i", "c7i", "m5", "m6i", "m7i", "r6i", "r7i", "g4dn", "g5")
SIZES = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge")
TYPES = tuple(f"ml.{family}.{size}" for family in FAMILIES for size in SIZES)

Answer = tuple[int, dict[str, str], bytes]


async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Answer:
    """ListServiceQuotas and ListAWSDefaultServiceQuotas, in one page."""
    operation = next((value for name, value in headers.items() if name.lower() == "x-amz-target"), "").removeprefix(TARGET_PREFIX)
    if operation not in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
        return _answer(400, {"__type": "UnrecognizedClientException", "message": f"the rehearsal has no {operation or method + ' ' + path}"})
    if json.loads(body or b"{}").get("ServiceCode") != SERVICE:
        return _answer(400, {"__type": "NoSuchResourceException", "message": "The rehearsal knows the quotas of sagemaker only"})
    return _answer(200, {"Quotas": [_quota(name, value) for name, value in _values().items()]})


def _values() -> dict[str, float]:
    serverless = {name: setting(key) for name, key in SERVERLESS.items()}
    instances = {
        f"{kind} for {usage}": setting(key).get(kind, setting("instancesOfAnyType"))
        for usage, key in INSTANCES.items()
        for kind in dict.fromkeys((*TYPES, *setting(key)))
    }
    return {name: float(value) for name, value in {**serverless, **instances}.items()}


def _quota(name: str, value: float) -> dict[str, Any]:
    return {"ServiceCode": SERVICE, "ServiceName": "Amazon SageMaker", "QuotaName": name, "Value": value, "Unit": "None", "Adjustable": True, "GlobalQuota": False}


def _answer(status: int, document: dict[str, Any]) -> Answer:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(document).encode()


def reset() -> None:
    """Nothing is kept here."""


def get_state() -> dict[str, Any]:
    """Nothing is kept here."""
    return {}
