"""The serving half of the algorithm: load every file at the root of the model folder, parse a payload, predict, encode.

Order and outcomes as in aws/sagemaker-xgboost-container v3.0-5 (`serve_utils.py`, `encoder.py`, `serve.py`).
"""

import csv
import io
import json
import os
import pickle
from typing import Any

import numpy
import xgboost
from scipy import sparse, stats

CSV_TYPES = ("csv", "text/csv")
LIBSVM_TYPES = ("libsvm", "text/libsvm", "text/x-libsvm")
VOTING_OBJECTIVES = ("multi:softmax", "binary:hinge")
PICKLED, SAVED = "pkl_format", "xgb_format"
SNIFFED_CHARACTERS = 512


class BoosterUnpickler(pickle.Unpickler):
    """Unpickles an xgboost Booster and nothing that could run something else."""

    ALLOWED = {("xgboost.core", "Booster"), ("builtins", "bytearray")}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.ALLOWED:
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a Booster")
        return super().find_class(module, name)


class Model:
    """The boosters of one model folder: usually one; several are averaged or vote."""

    def __init__(self, folder: str, ensemble: bool = True) -> None:
        """Raises RuntimeError with both causes for a file that is no model, and IndexError for a folder without one."""
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if not name.startswith(".")]
        files = [path for path in paths if os.path.isfile(path)]
        loaded = [_load(path) for path in (files if ensemble else files[:1])]
        self.boosters = [booster for booster, _ in loaded]
        self.format = loaded[0][1]
        config = json.loads(self.boosters[0].save_config())
        self.objective: str = config["learner"]["objective"]["name"]

    def predict(self, matrix: xgboost.DMatrix, is_csv: bool) -> numpy.ndarray:
        """One value or one row of values per row. Raises for a column count that XGBoost refuses."""
        if self.format == PICKLED:
            self._check_columns(matrix.num_col(), is_csv)
        predictions = [booster.predict(matrix, validate_features=False) for booster in self.boosters]
        if len(predictions) == 1:
            return predictions[0]
        if self.objective in VOTING_OBJECTIVES:
            return stats.mode(predictions).mode
        return numpy.mean(predictions, axis=0)

    def _check_columns(self, given: int, is_csv: bool) -> None:
        """Only pickled models are checked by the container itself."""
        trained = self.boosters[0].num_features()
        if is_csv and trained not in (given, given + 1):
            raise ValueError(
                f"Feature size of csv inference data {given} is not consistent "
                f"with feature size of trained model {trained}."
            )
        if not is_csv and given > trained + 1:
            raise ValueError(
                f"Feature size of libsvm inference data {given} is larger than "
                f"feature size of trained model {trained}."
            )


def _load(path: str) -> tuple[xgboost.Booster, str]:
    try:
        with open(path, "rb") as file:
            booster = BoosterUnpickler(file).load()
        if not isinstance(booster, xgboost.Booster):
            raise TypeError(f"a pickled {type(booster).__name__} is no Booster")
        kind = PICKLED
    except Exception as not_pickled:
        try:
            booster, kind = xgboost.Booster(), SAVED
            booster.load_model(path)
        except Exception as not_saved:
            raise RuntimeError(
                f"Model {path} cannot be loaded:\nPickle load error={not_pickled}\nXGB load model error={not_saved}"
            ) from not_saved
    booster.set_param("nthread", 1)
    return booster, kind


def parse_payload(payload: bytes, content_type: str) -> tuple[xgboost.DMatrix, bool]:
    """The matrix and whether it came as CSV. Raises RuntimeError, which the container answers with 415."""
    kind = content_type.lower().split(";")[0].strip()
    if kind in CSV_TYPES:
        return _guarded("csv", _parse_csv, payload), True
    if kind in LIBSVM_TYPES:
        return _guarded("libsvm", _parse_libsvm, payload), False
    raise RuntimeError(f"Content-type {content_type} is not supported.")


def _guarded(kind: str, parse: Any, payload: bytes) -> xgboost.DMatrix:
    try:
        return parse(payload.strip().decode("utf-8"))
    except Exception as error:
        raise RuntimeError(
            f"Loading {kind} data failed with Exception, please ensure data is in {kind} format:\n"
            f" {type(error)}\n {error}"
        ) from error


def _parse_csv(text: str) -> xgboost.DMatrix:
    """No header, no label. An empty cell is missing; the delimiter is sniffed from the first line."""
    lines = text.split("\n")
    sniffed = csv.Sniffer().sniff(lines[0][:SNIFFED_CHARACTERS]).delimiter
    delimiter = "," if sniffed.isalnum() else sniffed
    cells = [["nan" if cell == "" else cell for cell in line.split(delimiter)] for line in lines]
    return xgboost.DMatrix(numpy.array(cells).astype(float))


def _parse_libsvm(text: str) -> xgboost.DMatrix:
    entries = [
        (row, int(item.split(":")[0]), float(item.split(":")[1]))
        for row, line in enumerate(text.split("\n"))
        for item in line.split(" ")
        if ":" in item
    ]
    rows, columns, values = (list(part) for part in zip(*entries))
    return xgboost.DMatrix(sparse.csr_matrix((values, (rows, columns))))


def encode(predictions: list[Any], accept: str) -> str:
    """Text of an answer: JSON scores, or one line per row with commas between the values of a row."""
    if accept == "application/json":
        return json.dumps({"predictions": [{"score": value} for value in predictions]})
    if accept != "text/csv":
        raise ValueError(f"{accept} cannot be encoded")
    stream = io.StringIO()
    numpy.savetxt(stream, predictions, delimiter=",", fmt="%s")
    return stream.getvalue()


def encode_batch(predictions: list[Any]) -> str:
    """Text of an answer inside a transform job: one line per row; a row of several values keeps its brackets."""
    return "\n".join(str(value) for value in predictions) + "\n"
