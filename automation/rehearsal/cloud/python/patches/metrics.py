"""CloudWatch's metrics."""

import embedded_metrics
from ministack.services import cloudwatch_logs
from patching import Patch

PATCHES = [
    Patch(
        name="embedded-metrics",
        module=cloudwatch_logs,
        attribute="_append_log_events",
        sha256="e47cae7a15a4cc4668b51832593f304d5bb88fecfa67de3b88c0c115883e987c",
        replace=embedded_metrics.extracted,
        behaviour="Log lines in the embedded metric format become metrics",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html",
        test="metrics.cloud.ts",
    ),
]
