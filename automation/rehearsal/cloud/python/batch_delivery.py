"""Hands a batch of a stream to its function until every record is done or given up, as Lambda does.

Retries: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
Partial success: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
"""

import json
import time
from dataclasses import dataclass
from typing import Any, Protocol

import failure_destination
import usage
from ministack.services import cloudwatch, lambda_svc

Record = dict[str, Any]
# Lambda's own pauses are longer; what matters here is that there are some, and that they hold up nobody else.
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
RETRIES_EXHAUSTED = "RetryAttemptsExhausted"
TOO_OLD = "RecordAgeExceeded"


class Source(Protocol):
    """What the records come from: a shard, as one mapping reads it."""

    mapping: dict[str, Any]
    shard_id: str

    def is_active(self) -> bool: ...
    def done(self, records: list[Record]) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """Of one invocation."""

    # Index of the first record that is not done; None when all are.
    first_failed: int | None = None
    # The function did not say which record: it threw, ran out of time, or answered nonsense.
    unclear: bool = False
    # The function was not even started.
    throttled: bool = False


def deliver(source: Source, records: list[Record]) -> bool:
    """False when the mapping went before all was done; what is not done then comes again."""
    invocations = pauses = 0
    while records and source.is_active():
        records = _without_old(source, records, invocations)
        if not records:
            return True
        outcome = _invoke(source.mapping, records)
        if not outcome.throttled:
            invocations += 1
            if outcome.first_failed is None:
                source.done(records)
                return True
            if outcome.unclear and len(records) > 1 and source.mapping.get("BisectBatchOnFunctionError"):
                middle = len(records) // 2
                return deliver(source, records[:middle]) and deliver(source, records[middle:])
            records, invocations = _rest(source, records, outcome.first_failed, invocations)
            if 0 <= source.mapping["MaximumRetryAttempts"] < invocations:
                _give_up(source, records, RETRIES_EXHAUSTED, invocations)
                return True
        time.sleep(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**pauses))
        pauses += 1
    return not records


def _rest(source: Source, records: list[Record], first_failed: int, invocations: int) -> tuple[list[Record], int]:
    """The checkpoint moves to the first failed record. With bisecting that is a split, and splits use up no retries."""
    if first_failed == 0:
        return records, invocations
    source.done(records[:first_failed])
    return records[first_failed:], 0 if source.mapping.get("BisectBatchOnFunctionError") else invocations


def _without_old(source: Source, records: list[Record], invocations: int) -> list[Record]:
    limit = source.mapping["MaximumRecordAgeInSeconds"]
    if limit < 0:
        return records
    oldest = time.time() - limit
    count = sum(1 for record in records if _arrival(record) < oldest)
    if count > 0:
        _give_up(source, records[:count], TOO_OLD, invocations)
    return records[count:]


def _give_up(source: Source, records: list[Record], condition: str, invocations: int) -> None:
    failure_destination.send(source, records, {"condition": condition, "approximateInvokeCount": invocations})
    source.done(records)


def _invoke(mapping: dict[str, Any], records: list[Record]) -> Outcome:
    function, config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None:
        mapping["LastProcessingResult"] = "PROBLEM: Function not found"
        return Outcome(throttled=True)
    result = lambda_svc._execute_function(function, {"Records": records})
    if result.get("throttle"):
        mapping["LastProcessingResult"] = "PROBLEM: Function call throttled"
        return Outcome(throttled=True)
    # The mapping acts, so that a report can tell whether it ever did.
    usage.record("lambda:InvokeFunction", config["FunctionArn"], lambda_svc._esm_arn(mapping["UUID"]), True)
    age = (time.time() - _arrival(records[-1])) * 1000
    cloudwatch.record_metric("AWS/Lambda", "IteratorAge", max(0.0, age), "Milliseconds", {"FunctionName": mapping["FunctionName"]})
    outcome = _read_result(mapping, records, result)
    mapping["LastProcessingResult"] = "OK" if outcome.first_failed is None else "PROBLEM: Function call failed"
    return outcome


def _read_result(mapping: dict[str, Any], records: list[Record], result: dict[str, Any]) -> Outcome:
    if result.get("error"):
        return Outcome(first_failed=0, unclear=True)
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return Outcome()
    body = result.get("body")
    body = json.loads(body) if isinstance(body, str) and body.startswith("{") else body
    failures = body.get("batchItemFailures") if isinstance(body, dict) else None
    if not failures:
        return Outcome()
    numbers = [record["kinesis"]["sequenceNumber"] for record in records]
    named = [failure.get("itemIdentifier") if isinstance(failure, dict) else None for failure in failures]
    if not all(number in numbers for number in named):
        return Outcome(first_failed=0, unclear=True)
    return Outcome(first_failed=min(numbers.index(number) for number in named))


def _arrival(record: Record) -> float:
    return float(record["kinesis"]["approximateArrivalTimestamp"])
