"""Kinesis beside its keys: streams on demand, and readers that hear of what is written."""

import json
from typing import Any, Callable

import encryption
import stream_reader
from ministack.core.responses import error_response_json, json_response
from ministack.services import kinesis

Answer = Any
Handler = Callable[..., Any]
WRITES = ("PutRecord", "PutRecords")
# https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
SHARDS_ON_DEMAND = 4


def served(handle: Handler) -> Handler:
    async def handle_served(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation == "UpdateStreamMode":
            return _update_mode(json.loads(body or b"{}"))
        answer = await handle(method, path, headers, body, query_params)
        if operation in WRITES:
            stream_reader.wake()
        return answer

    return handle_served


def _update_mode(data: dict[str, Any]) -> Answer:
    """A change of the mode leaves the shards as they are.

    https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html
    """
    stream = kinesis._streams.get(encryption.stream_name(data))
    if stream is None:
        return error_response_json("ResourceNotFoundException", f"Stream {data.get('StreamARN')} not found", 400)
    stream["StreamModeDetails"] = dict(data["StreamModeDetails"])
    return json_response({})


def created(create: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    def create_sized(data: dict[str, Any]) -> Answer:
        on_demand = data.get("StreamModeDetails", {}).get("StreamMode") == "ON_DEMAND"
        return create({**data, "ShardCount": SHARDS_ON_DEMAND} if on_demand else data)

    return create_sized


def resource(extract: Callable[..., str]) -> Callable[..., str]:
    """GetRecords names its stream by the iterator alone, unless the caller adds the ARN."""

    def extract_resource(service: str, method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any,
                         region: str, account_id: str) -> str:
        found = extract(service, method, path, headers, body, query_params, region, account_id)
        if service != "kinesis" or found != "*" or b"ShardIterator" not in (body or b""):
            return found
        state = kinesis._shard_iterators.get(json.loads(body).get("ShardIterator", "")) or {}
        return str(state.get("stream_arn") or found)

    return extract_resource
