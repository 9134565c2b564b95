"""How many messages wait in a queue, as CloudWatch knows it: alarms on dead letters look at nothing else."""

import json
from typing import Any, Callable

from ministack.services import cloudwatch, sqs

Answer = Any
Handler = Callable[..., Any]
CHANGES = {"SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue"}


def measured(handle: Handler) -> Handler:
    """SQS measures once a minute; here each change is measured, by the JSON protocol, which the SDKs of today speak.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """

    async def handle_measured(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        answer = await handle(method, path, headers, body, query_params)
        if headers.get("x-amz-target", "").rpartition(".")[2] in CHANGES and answer[0] < 300:
            _measure(json.loads(body or b"{}").get("QueueUrl", ""))
        return answer

    return handle_measured


def _measure(url: str) -> None:
    queue = sqs._get_q(url)
    sqs._refresh_counts(queue)
    attributes = queue["attributes"]
    dimensions = {"QueueName": attributes["QueueArn"].rpartition(":")[2]}
    for metric, attribute in (
        ("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessages"),
        ("ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesNotVisible"),
    ):
        cloudwatch.record_metric("AWS/SQS", metric, float(attributes[attribute]), "Count", dimensions)
