"""FinalMetricDataList: the last value of each metric that the container printed."""

import re
import time

from sagemaker.state import Record

# CloudWatch stores the tab as #011; the metric definitions of the built-in image look for that.
METRIC_LINE = re.compile(r".*\[[0-9]+\].*#011")
VALUE = re.compile(r"#011validation-([^:#\s]+):(\S+?)(?=#011|$)")
MOST_METRICS = 40


def final_metrics(output: list[str]) -> list[Record]:
    """Only `validation:<metric>`: without a validation channel there is none, and the list is empty."""
    last: dict[str, float] = {}
    for line in output:
        stored = line.replace("\t", "#011")
        if METRIC_LINE.match(stored):
            last.update({name: float(value) for name, value in VALUE.findall(stored)})
    now = time.time()
    metrics = [{"MetricName": f"validation:{name}", "Value": value, "Timestamp": now} for name, value in last.items()]
    return metrics[:MOST_METRICS]
