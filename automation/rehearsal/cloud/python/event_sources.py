"""Event source mappings of Kinesis: who may make one, what its defaults are, and who reads its stream.

MiniStack's own poller reads all streams in one thread, drops what a function reports as failed, and sends nothing anywhere.
"""

import contextvars
import threading
from typing import Any, Callable

import authorization
import stream_reader
from ministack.core.responses import _request_account_id, _request_region, error_response_json
from ministack.services import kinesis, lambda_svc

Answer = Any
# https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html, less what only consumers with a throughput of their own need.
READ_ACTIONS = (
    "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
)
# https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
DEFAULTS = {
    "BatchSize": 100, "BisectBatchOnFunctionError": False, "MaximumRecordAgeInSeconds": -1, "MaximumRetryAttempts": -1,
    "ParallelizationFactor": 1,
}


def created(create: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    def create_checked(data: dict[str, Any]) -> Answer:
        stream = data.get("EventSourceArn", "")
        if ":kinesis:" not in stream:
            return create(data)
        refusal = _unreadable(data.get("FunctionName", ""), stream)
        if refusal:
            return refusal
        before = set(lambda_svc._esms.keys())
        answer = create({**DEFAULTS, **{key: value for key, value in data.items() if value is not None}})
        for mapping_id in set(lambda_svc._esms.keys()) - before:
            _anchor(lambda_svc._esms[mapping_id])
        return answer

    return create_checked


def updated(update: Callable[[str, dict[str, Any]], Answer]) -> Callable[[str, dict[str, Any]], Answer]:
    def update_checked(mapping_id: str, data: dict[str, Any]) -> Answer:
        mapping = lambda_svc._esms.get(mapping_id)
        stream = (mapping or {}).get("EventSourceArn", "")
        refusal = _unreadable(data["FunctionName"], stream) if "FunctionName" in data and ":kinesis:" in stream else None
        return refusal or update(mapping_id, data)

    return update_checked


def _unreadable(function: str, stream: str) -> Answer | None:
    """AWS's words when the function's role may not read the stream."""
    name, qualifier, error = lambda_svc._resolve_existing_esm_function(function)
    if error:
        return error
    _, config = lambda_svc._get_func_record_for_qualifier(name, qualifier)
    caller = authorization.caller_for_role((config or {}).get("Role", ":::::"))
    if not any(authorization.denial(caller, action, stream) for action in READ_ACTIONS):
        return None
    return error_response_json(
        "InvalidParameterValueException",
        f"Cannot access stream {stream}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, "
        "and ListStreams Actions on your stream in IAM.",
        400,
    )


def _anchor(mapping: dict[str, Any]) -> None:
    """LATEST means: after what is there now, however late the first reading is."""
    if mapping.get("StartingPosition") != "LATEST":
        return
    stream = kinesis._streams.get(mapping["EventSourceArn"].rsplit("/", 1)[-1]) or {"shards": {}}
    for shard_id, shard in stream["shards"].items():
        if shard["records"]:
            stream_reader.checkpoint(mapping["UUID"], shard_id, shard["records"][-1]["SequenceNumber"])


def polled(_poll: Callable[[], bool]) -> Callable[[], bool]:
    """Instead of MiniStack's pass over all streams: a thread for each mapping, which lives as long as the mapping is enabled."""

    def start_readers() -> bool:
        for account, region, mapping in lambda_svc._iter_all_esms():
            if ":kinesis:" in mapping.get("EventSourceArn", "") and mapping.get("Enabled", True):
                _start_once(account, region, mapping)
        return False

    return start_readers


_readers: dict[str, threading.Thread] = {}


def _start_once(account: str, region: str, mapping: dict[str, Any]) -> None:
    reader = _readers.get(mapping["UUID"])
    if reader is not None and reader.is_alive():
        return
    context = contextvars.copy_context()
    context.run(_request_account_id.set, account)
    context.run(_request_region.set, region)
    name = f"event-source-{mapping['UUID']}"
    _readers[mapping["UUID"]] = threading.Thread(target=context.run, args=(stream_reader.read_mapping, mapping), daemon=True, name=name)
    _readers[mapping["UUID"]].start()
