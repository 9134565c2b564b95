"""Condition keys that MiniStack does not give to IAM: `dynamodb:LeadingKeys`, the partition keys that a request names."""

import json
import re
from typing import Any, Callable, Iterator

from ministack.services import dynamodb

Item = dict[str, dict[str, Any]]


def with_leading_keys(read_context: Callable[[bytes], dict[str, Any]]) -> Callable[[bytes], dict[str, Any]]:
    def read_with_keys(body: bytes) -> dict[str, Any]:
        context = read_context(body)
        try:
            keys = sorted(set(_leading_keys(json.loads(body or b"{}"))))
        except (ValueError, AttributeError):
            return context
        return {**context, "dynamodb:LeadingKeys": keys} if keys else context

    return read_with_keys


def _leading_keys(request: dict[str, Any]) -> Iterator[str]:
    table = str(request.get("TableName", ""))
    for item in (request.get("Key"), request.get("Item")):
        yield from _values(table, item)
    if "KeyConditionExpression" in request:
        yield from _queried(table, request)
    for name, wanted in (request.get("RequestItems") or {}).items():
        entries = wanted if isinstance(wanted, list) else wanted.get("Keys", [])
        for entry in entries:
            put, delete = entry.get("PutRequest", {}).get("Item"), entry.get("DeleteRequest", {}).get("Key")
            yield from _values(name, put or delete or entry)


def _values(table: str, item: Item | None) -> Iterator[str]:
    value = (item or {}).get(_partition_key(table))
    if value:
        yield str(next(iter(value.values())))


def _queried(table: str, request: dict[str, Any]) -> Iterator[str]:
    """`#id = :id` or `Id = :id`; a partition key can only be compared for equality."""
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", request["KeyConditionExpression"]):
        if names.get(name, name) == _partition_key(table) and value in values:
            yield str(next(iter(values[value].values())))


def _partition_key(table: str) -> str:
    schema = (dynamodb._tables.get(table.rsplit("/", 1)[-1]) or {}).get("KeySchema", [])
    return next((str(key["AttributeName"]) for key in schema if key["KeyType"] == "HASH"), "")
