"""Metrics that the container adds to XGBoost's own. Computed on the margin, as there."""

from typing import Callable

import numpy
import xgboost

Metric = Callable[[numpy.ndarray, numpy.ndarray], float]


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else 0.0


def _precision_of(label: float, truth: numpy.ndarray, guess: numpy.ndarray) -> float:
    return _ratio(numpy.sum((truth == label) & (guess == label)), numpy.sum(guess == label))


def _recall_of(label: float, truth: numpy.ndarray, guess: numpy.ndarray) -> float:
    return _ratio(numpy.sum((truth == label) & (guess == label)), numpy.sum(truth == label))


def _f1_of(label: float, truth: numpy.ndarray, guess: numpy.ndarray) -> float:
    precision, recall = _precision_of(label, truth, guess), _recall_of(label, truth, guess)
    return _ratio(2 * precision * recall, precision + recall)


def _accuracy(truth: numpy.ndarray, guess: numpy.ndarray) -> float:
    return float(numpy.mean(truth == guess))


def _balanced_accuracy(truth: numpy.ndarray, guess: numpy.ndarray) -> float:
    return float(numpy.mean([_recall_of(label, truth, guess) for label in numpy.unique(truth)]))


def _macro(score: Callable[[float, numpy.ndarray, numpy.ndarray], float]) -> Metric:
    def average(truth: numpy.ndarray, guess: numpy.ndarray) -> float:
        labels = numpy.unique(numpy.concatenate([truth, guess]))
        return float(numpy.mean([score(label, truth, guess) for label in labels]))

    return average


def _binary(score: Callable[[float, numpy.ndarray, numpy.ndarray], float]) -> Metric:
    def positive(truth: numpy.ndarray, guess: numpy.ndarray) -> float:
        if len(numpy.unique(numpy.concatenate([truth, guess]))) > 2:
            raise ValueError("Target is multiclass but average='binary'. Please choose another average setting.")
        return score(1.0, truth, guess)

    return positive


def _r2(truth: numpy.ndarray, value: numpy.ndarray) -> float:
    return 1.0 - _ratio(numpy.sum((truth - value) ** 2), numpy.sum((truth - numpy.mean(truth)) ** 2))


CLASS_METRICS: dict[str, Metric] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _macro(_f1_of),
    "f1_binary": _binary(_f1_of),
    "f1_macro": _macro(_f1_of),
    "precision": _binary(_precision_of),
    "precision_macro": _macro(_precision_of),
    "precision_micro": _accuracy,
    "recall": _binary(_recall_of),
    "recall_macro": _macro(_recall_of),
    "recall_micro": _accuracy,
}
VALUE_METRICS: dict[str, Metric] = {
    "mse": lambda truth, value: float(numpy.mean((truth - value) ** 2)),
    "rmse": lambda truth, value: float(numpy.sqrt(numpy.mean((truth - value) ** 2))),
    "mae": lambda truth, value: float(numpy.mean(numpy.abs(truth - value))),
    "r2": _r2,
}

CustomMetric = Callable[[numpy.ndarray, "xgboost.DMatrix"], list[tuple[str, float]]]


def split_metrics(names: list[str]) -> tuple[list[str], CustomMetric | None]:
    """XGBoost's own metrics, and one function for those that the container adds (None without any)."""
    custom = [name for name in names if name in CLASS_METRICS or name in VALUE_METRICS]
    if not custom:
        return names, None

    def evaluate(predictions: numpy.ndarray, matrix: "xgboost.DMatrix") -> list[tuple[str, float]]:
        truth = matrix.get_label()
        return [(name, _score(name, truth, predictions)) for name in custom]

    return [name for name in names if name not in custom], evaluate


def _score(name: str, truth: numpy.ndarray, predictions: numpy.ndarray) -> float:
    if name in VALUE_METRICS:
        return VALUE_METRICS[name](truth, predictions)
    guess = numpy.argmax(predictions, axis=-1) if predictions.ndim > 1 else (predictions > 0.0)
    return CLASS_METRICS[name](truth, guess.astype(float))
