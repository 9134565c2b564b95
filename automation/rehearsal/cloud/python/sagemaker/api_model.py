"""Checks a request against AWS's own description (botocore's data): required members, types, ranges, patterns."""

import functools
import gzip
import json
import os
import re
from typing import Any

import botocore

from sagemaker.errors import ApiError, not_rehearsed, validation

MODEL_FILE = os.path.join(os.path.dirname(botocore.__file__), "data", "sagemaker", "2017-07-24", "service-2.json.gz")
JSON_KINDS = {bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", str: "STRING_VALUE"}
EXPECTED: dict[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "String"),
    "integer": ((int,), "Integer"),
    "long": ((int,), "Long"),
    "float": ((int, float), "Float"),
    "double": ((int, float), "Double"),
    "boolean": ((bool,), "Boolean"),
    "timestamp": ((int, float), "Timestamp"),
    "structure": ((dict,), "Structure"),
    "map": ((dict,), "Map"),
    "list": ((list,), "List"),
}


@functools.cache
def _shapes() -> dict[str, Any]:
    with gzip.open(MODEL_FILE, "rt", encoding="utf-8") as file:
        return json.load(file)["shapes"]


def check_request(operation: str, request: dict[str, Any]) -> None:
    """Raises SerializationException for a wrong JSON type, ValidationException with every broken constraint."""
    shape = _shapes().get(f"{operation}Request") or _shapes().get(f"{operation}Input")
    problems: list[str] = []
    _check(shape, request, "", problems)
    if problems:
        noun = "validation error" if len(problems) == 1 else "validation errors"
        raise validation(f"{len(problems)} {noun} detected: {'; '.join(problems)}")


def refuse_members(request: dict[str, Any], members: dict[str, str]) -> None:
    """Refuse members that AWS would act on and the rehearsal would not. `members`: name -> why."""
    for name, why in members.items():
        if request.get(name) not in (None, [], {}, False):
            raise not_rehearsed(f"{name} ({why})")


def _check(shape: dict[str, Any], value: Any, path: str, problems: list[str]) -> None:
    kind = shape["type"]
    types, name = EXPECTED[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
        given = JSON_KINDS.get(type(value), "START_OBJECT" if isinstance(value, dict) else "START_ARRAY")
        raise ApiError("SerializationException", f"{given} can not be converted to a {name} (at '{path}')")
    if kind == "structure":
        _check_structure(shape, value, path, problems)
    elif kind == "map":
        _check_size(shape, len(value), path, value, problems)
        for key, item in value.items():
            _check(_shapes()[shape["key"]["shape"]], key, f"{path}.key", problems)
            _check(_shapes()[shape["value"]["shape"]], item, f"{path}.{key}.member", problems)
    elif kind == "list":
        _check_size(shape, len(value), path, value, problems)
        for index, item in enumerate(value, start=1):
            _check(_shapes()[shape["member"]["shape"]], item, f"{path}.{index}.member", problems)
    else:
        _check_scalar(shape, value, path, problems)


def _check_structure(shape: dict[str, Any], value: dict[str, Any], path: str, problems: list[str]) -> None:
    for name in shape.get("required", []):
        if value.get(name) is None:
            problems.append(_problem("null", _join(path, name), "Member must not be null"))
    for name, item in value.items():
        member = shape["members"].get(name)
        if member is None:
            # AWS ignores a misspelt member. A rehearsal that did so would call a setting applied that is not.
            place = path or "the request"
            raise validation(f"Unknown member '{name}' at '{place}': AWS would ignore it without a word")
        if item is not None:
            _check(_shapes()[member["shape"]], item, _join(path, name), problems)


def _check_scalar(shape: dict[str, Any], value: Any, path: str, problems: list[str]) -> None:
    if "enum" in shape and value not in shape["enum"]:
        problems.append(_problem(value, path, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]"))
    if shape["type"] == "string":
        _check_size(shape, len(value), path, value, problems)
        if "pattern" in shape and not _matches(shape["pattern"], value):
            must = f"Member must satisfy regular expression pattern: {shape['pattern']}"
            problems.append(_problem(value, path, must))
        return
    if "min" in shape and value < shape["min"]:
        problems.append(_problem(value, path, f"Member must have value greater than or equal to {shape['min']}"))
    if "max" in shape and value > shape["max"]:
        problems.append(_problem(value, path, f"Member must have value less than or equal to {shape['max']}"))


def _check_size(shape: dict[str, Any], size: int, path: str, value: Any, problems: list[str]) -> None:
    if "min" in shape and size < shape["min"]:
        problems.append(_problem(value, path, f"Member must have length greater than or equal to {shape['min']}"))
    if "max" in shape and size > shape["max"]:
        problems.append(_problem(value, path, f"Member must have length less than or equal to {shape['max']}"))


@functools.cache
def _pattern(text: str) -> "re.Pattern[str] | None":
    try:
        return re.compile(text)
    except re.error:
        return None  # Java classes such as \p{L}, which only tags use: their length is still checked


def _matches(pattern: str, value: str) -> bool:
    compiled = _pattern(pattern)
    return compiled is None or compiled.fullmatch(value) is not None


def _join(path: str, name: str) -> str:
    lowered = name[0].lower() + name[1:]
    return f"{path}.{lowered}" if path else lowered


def _problem(value: Any, path: str, constraint: str) -> str:
    shown = value if value == "null" else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"
