"""Where Lambda sends what it gave up: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"""

import json
import logging
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import role_session
from botocore.exceptions import BotoCoreError, ClientError
from ministack.services import lambda_svc, sqs

if TYPE_CHECKING:
    from batch_delivery import Record, Source

logger = logging.getLogger("failure-destination")


def send(source: "Source", records: "list[Record]", request: dict[str, Any]) -> None:
    """With the function's role. If that may not, the records are gone all the same, as on AWS: only the log tells."""
    mapping = source.mapping
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", "")
    _, config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if not destination or config is None:
        return
    record = {
        "requestContext": {"requestId": str(uuid.uuid4()), "functionArn": config["FunctionArn"], **request},
        "responseContext": {"statusCode": 200, "executedVersion": config.get("Version", "$LATEST"), "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": _iso(datetime.now(timezone.utc)),
        "KinesisBatchInfo": _batch_info(source, records),
    }
    try:
        _write(destination, record, source, records, config["Role"])
    except (ClientError, BotoCoreError) as error:
        mapping["LastProcessingResult"] = f"PROBLEM: {error}"
        logger.error("event source mapping %s: %s records are lost: %s", mapping["UUID"], len(records), error)


def _batch_info(source: "Source", records: "list[Record]") -> dict[str, Any]:
    first, last = records[0]["kinesis"], records[-1]["kinesis"]
    return {
        "shardId": source.shard_id,
        "startSequenceNumber": first["sequenceNumber"],
        "endSequenceNumber": last["sequenceNumber"],
        "approximateArrivalOfFirstRecord": _iso(datetime.fromtimestamp(first["approximateArrivalTimestamp"], timezone.utc)),
        "approximateArrivalOfLastRecord": _iso(datetime.fromtimestamp(last["approximateArrivalTimestamp"], timezone.utc)),
        "batchSize": len(records),
        "streamArn": source.mapping["EventSourceArn"],
    }


def _write(destination: str, record: dict[str, Any], source: "Source", records: "list[Record]", role: str) -> None:
    """A bucket gets the records too; a queue or a topic only learns where they stand in the stream."""
    service = destination.split(":")[2]
    client = role_session.client(service, role, source.mapping["FunctionName"])
    if service == "s3":
        bucket = destination.rpartition(":")[2]
        # Both are asked for by the documentation: s3:ListBucket to find the bucket, s3:PutObject to write.
        client.head_bucket(Bucket=bucket)
        body = json.dumps({**record, "payload": json.dumps({"Records": records})})
        client.put_object(Bucket=bucket, Key=_key(source), Body=body.encode())
    elif service == "sqs":
        _, _, _, _, account, name = destination.split(":")
        client.send_message(QueueUrl=sqs._queue_url_for_account(account, name), MessageBody=json.dumps(record))
    else:
        client.publish(TopicArn=destination, Message=json.dumps(record))


def _key(source: "Source") -> str:
    now = datetime.now(timezone.utc)
    return f"aws/lambda/{source.mapping['UUID']}/{source.shard_id}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
