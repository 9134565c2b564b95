"""DataProcessing of transform jobs on CSV records: the JSONPath subset that SageMaker documents for CSV."""

import re
from typing import Callable

from sagemaker.errors import validation

Filter = Callable[[list[str]], list[str]]
WHOLE = "$"
SLICE = re.compile(r"\$\[(-?\d*):(-?\d*)\]")
INDEXES = re.compile(r"\$\[(-?\d+(?:\s*,\s*-?\d+)*)\]")


def parse_filter(expression: str, member: str) -> Filter:
    """`$`, `$[a:b]`, `$[a,b,...]`; negative numbers count from the end. Anything else is refused with its member."""
    text = expression.strip()
    if text in ("", WHOLE):
        return lambda fields: fields
    found = SLICE.fullmatch(text)
    if found:
        start, end = (int(part) if part else None for part in found.groups())
        return lambda fields: fields[start:end]
    found = INDEXES.fullmatch(text)
    if not found:
        raise validation(f"{member} '{expression}' is not a JSONPath that the rehearsal knows for text/csv")
    indexes = [int(part) for part in found[1].split(",")]
    return lambda fields: [fields[index] for index in indexes if -len(fields) <= index < len(fields)]


def split_fields(record: str) -> list[str]:
    return record.split(",")


def join_fields(fields: list[str]) -> str:
    return ",".join(fields)
