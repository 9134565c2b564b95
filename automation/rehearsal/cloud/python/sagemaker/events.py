"""Status changes as events on the account's default bus.

https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html: an endpoint's status is told in capitals
(`IN_SERVICE`), a job's as the API tells it (`Completed`).
"""

import json
import logging
import re

from ministack.services import eventbridge

from sagemaker.state import LOCK, Record, Scope, public

WORDS = {"Endpoint": "Endpoint", "TrainingJob": "Training Job", "TransformJob": "Transform Job"}
_logger = logging.getLogger("sagemaker")


def publish(scope: Scope, kind: str, record: Record) -> None:
    """Best effort, as on AWS: an event that cannot be delivered changes nothing."""
    with LOCK:
        detail = {name: _in_milliseconds(name, value) for name, value in public(record).items()}
        detail["Tags"] = dict(scope.tags.get(record[f"{kind}Arn"], {}))
    if kind == "Endpoint":
        detail.pop("PendingDeploymentSummary", None)
        detail["EndpointStatus"] = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", detail["EndpointStatus"]).upper()
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": f"SageMaker {WORDS[kind]} State Change",
        "Detail": json.dumps(detail),
        "Resources": [record[f"{kind}Arn"]],
    }
    try:
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    except Exception:  # the cloud goes on; its log has the reason
        _logger.exception("an event of %s was not delivered", record[f"{kind}Arn"])


def _in_milliseconds(name: str, value: object) -> object:
    return round(value * 1000) if name.endswith("Time") and isinstance(value, float) else value
