"""CloudWatch's metrics."""

import embedded_metrics
import queue_metrics
from ministack.services import cloudwatch_logs, sqs
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
    Patch(
        name="queue-metrics",
        module=sqs,
        attribute="handle_request",
        sha256="a838f9d3e2667278cb5d57e6f04c9f43c720857ac5fe7b993de44dc1994501b7",
        replace=queue_metrics.measured,
        behaviour="The number of messages that wait in a queue is a metric",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
        test="metrics.cloud.ts",
    ),
]
