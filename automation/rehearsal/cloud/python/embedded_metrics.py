"""Metrics that functions write into their logs: the embedded metric format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from typing import Any, Callable

from ministack.services import cloudwatch

MARK = '"_aws"'
MAX_DIMENSIONS = 30


def extracted(append: Callable[[dict[str, Any], list[dict[str, Any]]], None]) -> Callable[[dict[str, Any], list[dict[str, Any]]], None]:
    """What is not of the format is a log line like any other: CloudWatch says nothing about it."""

    def append_and_extract(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        append(stream, events)
        for event in events:
            if MARK in event["message"]:
                _extract(event["message"])

    return append_and_extract


def _extract(line: str) -> None:
    try:
        document = json.loads(line)
    except ValueError:
        return
    metadata = document.get("_aws") if isinstance(document, dict) else None
    for directive in metadata.get("CloudWatchMetrics", []) if isinstance(metadata, dict) else []:
        # In milliseconds; the time of arrival when there is none.
        moment = metadata.get("Timestamp", time.time() * 1000) / 1000
        for names in directive.get("Dimensions", [[]]):
            _store(document, directive, names, moment)


def _store(document: dict[str, Any], directive: dict[str, Any], names: list[str], moment: float) -> None:
    """One set of dimensions. A set that names what the line does not have, or too much, gives no metric."""
    if len(names) > MAX_DIMENSIONS or any(name not in document for name in names):
        return
    dimensions = {name: str(document[name]) for name in names}
    for metric in directive.get("Metrics", []):
        value = document.get(metric["Name"])
        values = [float(item) for item in value] if isinstance(value, list) else None
        if values is None and not isinstance(value, (int, float)):
            continue
        unit = metric.get("Unit", "None")
        cloudwatch._store_datum(directive["Namespace"], metric["Name"], dimensions, moment, unit, value, values, None, None)
