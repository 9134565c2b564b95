"""Reads a training channel as the container does: the content type decides, and a missing one means LIBSVM."""

import csv
import os
from email.message import Message

import xgboost

from container.errors import UserError

CSV_TYPES = ("csv", "text/csv")
LIBSVM_TYPES = ("libsvm", "text/libsvm", "text/x-libsvm")
# Accepted by the container, not readable here (they need its own readers).
OTHER_TYPES = ("parquet", "application/x-parquet", "recordio-protobuf", "application/x-recordio-protobuf")
SNIPPET_LENGTH = 50


def parse_content_type(value: str | None) -> str:
    """`csv` or `libsvm`. Raises UserError for what the container, or the rehearsal, does not read."""
    if value is None:
        return "libsvm"
    message = Message()
    message["Content-Type"] = value.lower()
    content_type = value.lower().split(";")[0].strip()
    if content_type in CSV_TYPES:
        if message.get_param("label_size", "1") != "1":
            raise UserError(
                f"{value} is not an accepted csv ContentType. Optional parameter label_size must be equal to 1"
            )
        return "csv"
    if content_type in LIBSVM_TYPES:
        return "libsvm"
    if content_type in OTHER_TYPES:
        raise UserError(f"{value} is accepted by the container, but the rehearsal reads text/csv and text/libsvm only")
    accepted = ", ".join((CSV_TYPES[0], LIBSVM_TYPES[0], "parquet", "recordio-protobuf", "text/csv", *LIBSVM_TYPES[1:]))
    raise UserError(f"{value} is not an accepted ContentType: {accepted}.")


def read_channel(folder: str, content_type: str, csv_weights: int) -> "xgboost.DMatrix | None":
    """The channel's matrix, or None when it holds no data file."""
    files = _data_files(folder)
    if not files:
        return None
    for path in files:
        _check_first_line(path, content_type)
    if content_type == "libsvm":
        return _load(f"{os.path.dirname(files[0])}?format=libsvm", "libsvm")
    with open(files[0], encoding="utf-8", errors="ignore") as file:
        delimiter = _delimiter(file.readline())
    weights = "&weight_column=1" if csv_weights == 1 else ""
    return _load(f"{os.path.dirname(files[0])}?format=csv&label_column=0&delimiter={delimiter}{weights}", "csv")


def _load(uri: str, kind: str) -> "xgboost.DMatrix":
    try:
        return xgboost.DMatrix(uri)
    except Exception as error:
        raise UserError(f"Failed to load {kind} data with exception:\n{error}") from error


def _data_files(folder: str) -> list[str]:
    """Files of the first folder without sub-folders; names that start with a dot or an underscore do not count."""
    for root, folders, names in os.walk(folder):
        if not folders:
            return [os.path.join(root, name) for name in sorted(names) if not name.startswith((".", "_"))]
    return []


def _check_first_line(path: str, content_type: str) -> None:
    with open(path, encoding="utf-8", errors="ignore") as file:
        if content_type == "csv":
            _delimiter(file.readline())
            return
        for line in file:
            features = _count_libsvm_features(line)
            if features > 1:
                return
            if features < 0:
                raise UserError(
                    f"First line '{line[:SNIPPET_LENGTH]}...' of file '{os.path.basename(path)}' is not "
                    "'LIBSVM' format. Please ensure the file is in 'LIBSVM' format."
                )


def _delimiter(line: str) -> str:
    try:
        return csv.Sniffer().sniff(line).delimiter
    except csv.Error as error:
        raise UserError(f"Could not determine delimiter on line {line[:SNIPPET_LENGTH]}:\n{error}") from error


def _count_libsvm_features(line: str) -> int:
    """Number of `index:value` pairs, or -1 when the line is not LIBSVM."""
    label, *features = line.split(" ")
    parts = label.split(":")
    try:
        [float(part) for part in parts]
    except ValueError:
        return -1
    if len(parts) > 2 or any(feature.count(":") != 1 for feature in features):
        return -1
    return len(features)
