"""Reads the shards of a mapped stream with the function's role, each in a thread of its own: no shard waits for another."""

import base64
import contextvars
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import batch_delivery
import role_session
from botocore.exceptions import BotoCoreError, ClientError
from ministack.services import lambda_svc

Record = dict[str, Any]

logger = logging.getLogger("stream-reader")
# Lambda reads a shard once a second, and at once while there is more: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
POLL_SECONDS = 1.0
NEW_SHARDS_SECONDS = 2.0
# The payload limit of an invocation: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_PAYLOAD_BYTES = 6 * 1024 * 1024
# What surrounds the data of a record in the event.
ENVELOPE_BYTES = 700

# Last sequence number that is done, by mapping and shard. It outlives a mapping that is disabled for a while.
_checkpoints: dict[tuple[str, str], str] = {}
_written = threading.Condition()
_writes = 0


def checkpoint(mapping_id: str, shard_id: str, sequence_number: str) -> None:
    _checkpoints[mapping_id, shard_id] = sequence_number


def wake() -> None:
    """Something was written to a stream: readers look at once instead of at the next second."""
    global _writes
    with _written:
        _writes += 1
        _written.notify_all()


def read_mapping(mapping: dict[str, Any]) -> None:
    """Starts a reader for each shard, also for those that come later. Ends with the mapping."""
    readers: dict[str, threading.Thread] = {}
    while is_active(mapping):
        try:
            shards = _client(mapping).list_shards(StreamARN=mapping["EventSourceArn"])["Shards"]
        except (ClientError, BotoCoreError) as error:
            report_problem(mapping, error)
            shards = []
        for shard in shards:
            shard_id = shard["ShardId"]
            # One that was disabled has ended its readers, and may be enabled again before this thread looks.
            if shard_id not in readers or not readers[shard_id].is_alive():
                reader = ShardReader(mapping, shard_id)
                readers[shard_id] = threading.Thread(target=contextvars.copy_context().run, args=(reader.run,), daemon=True)
                readers[shard_id].start()
        time.sleep(NEW_SHARDS_SECONDS if shards else POLL_SECONDS)
    for thread in readers.values():
        thread.join()


def is_active(mapping: dict[str, Any]) -> bool:
    return lambda_svc._esms.get(mapping["UUID"]) is mapping and mapping.get("Enabled", True)


def report_problem(mapping: dict[str, Any], error: Exception) -> None:
    mapping["LastProcessingResult"] = f"PROBLEM: {error}"
    logger.warning("event source mapping %s: %s", mapping["UUID"], error)


def function_of(mapping: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Record and configuration of the mapped function; no record when it was deleted."""
    function, config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    return function, config or {}


def _client(mapping: dict[str, Any]) -> Any:
    return role_session.client("kinesis", function_of(mapping)[1].get("Role", ":::::"), mapping["FunctionName"])


@dataclass
class ShardReader:
    """One shard of one mapping."""

    mapping: dict[str, Any]
    shard_id: str
    _iterator: str | None = field(default=None, init=False)
    # Read, and not yet part of a batch.
    _pending: list[Record] = field(default_factory=list, init=False)

    def run(self) -> None:
        while self.is_active():
            try:
                records = self._gather()
                if records:
                    batch_delivery.deliver(self, records)
            except (ClientError, BotoCoreError) as error:
                # What was gathered is not done, so it is read again.
                self._forget()
                report_problem(self.mapping, error)
                time.sleep(POLL_SECONDS)

    def is_active(self) -> bool:
        return is_active(self.mapping)

    def done(self, records: list[Record]) -> None:
        checkpoint(self.mapping["UUID"], self.shard_id, records[-1]["kinesis"]["sequenceNumber"])

    def _gather(self) -> list[Record]:
        """A batch: as soon as it is full, or the batching window is over and there is something to hand over."""
        size, window = self.mapping["BatchSize"], self.mapping.get("MaximumBatchingWindowInSeconds", 0)
        records: list[Record] = []
        ends = 0.0
        while self.is_active():
            seen = _writes
            self._pending = self._pending or self._read(size)
            ends = ends if records else time.time() + window
            if self._take(records, size) or (records and time.time() >= ends):
                return records
            self._wait(seen, min(POLL_SECONDS, ends - time.time()) if records else POLL_SECONDS)
        # Not handed over, so the next reader begins at the checkpoint.
        self._forget()
        return []

    def _take(self, records: list[Record], size: int) -> bool:
        """Moves what fits into the batch; true when no more fits. The rest waits for the next one."""
        payload = sum(_payload(record) for record in records)
        while self._pending and len(records) < size:
            payload += _payload(self._pending[0])
            if records and payload > MAX_PAYLOAD_BYTES:
                return True
            records.append(self._pending.pop(0))
        return len(records) >= size

    def _forget(self) -> None:
        self._iterator, self._pending = None, []

    def _read(self, limit: int) -> list[Record]:
        client = _client(self.mapping)
        arn = self.mapping["EventSourceArn"]
        if self._iterator is None:
            self._iterator = client.get_shard_iterator(StreamARN=arn, ShardId=self.shard_id, **self._position())["ShardIterator"]
        answer = client.get_records(ShardIterator=self._iterator, Limit=limit, StreamARN=arn)
        self._iterator = answer["NextShardIterator"]
        found = [self._event_record(record) for record in answer["Records"]]
        # Records that no filter admits count as done: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
        return lambda_svc._apply_filter_criteria(found, self.mapping)

    def _position(self) -> dict[str, str]:
        """Behind the checkpoint; without one at the beginning: of a shard that LATEST found empty, all is new."""
        sequence_number = _checkpoints.get((self.mapping["UUID"], self.shard_id))
        if sequence_number is None:
            return {"ShardIteratorType": "TRIM_HORIZON"}
        return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence_number}

    def _wait(self, seen: int, seconds: float) -> None:
        with _written:
            _written.wait_for(lambda: _writes != seen, timeout=max(0.0, seconds))

    def _event_record(self, record: dict[str, Any]) -> Record:
        """As https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example shows it."""
        arn = self.mapping["EventSourceArn"]
        return {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "data": base64.b64encode(record["Data"]).decode(),
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"{self.shard_id}:{record['SequenceNumber']}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": function_of(self.mapping)[1].get("Role", ""),
            "awsRegion": arn.split(":")[3],
            "eventSourceARN": arn,
        }


def _payload(record: Record) -> int:
    return len(record["kinesis"]["data"]) + ENVELOPE_BYTES
