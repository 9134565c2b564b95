"""The training program of the image: reads <root>/input, writes <root>/model/xgboost-model, prints the metrics.

Usage: python -m container.train ROOT. A failure leaves its sentence in <root>/output/failure and exit code 1.
"""

import json
import os
import signal
import sys
from typing import Any

import xgboost

from container.custom_metrics import split_metrics
from container.errors import AlgorithmError, UserError
from container.hyperparameters import MAXIMIZED_METRICS, parse_hyperparameters
from container.lifeline import end_with_parent
from container.training_data import parse_content_type, read_channel

MODEL_NAME = "xgboost-model"
# Sentences of XGBoost that the container blames on the user.
USER_FAULTS = (
    "label must be in [0,1] for logistic regression",
    "label must be in [0, num_class)",
    "Target is multiclass but average='binary'",
    "feature_names mismatch",
    "Check failed: preds.size() == info.labels_.size()",
    "the dataset only contains pos or neg samples",
    "base_score must be in (0,1)",
    "label must be nonnegative",
)


class SaveEachRound(xgboost.callback.TrainingCallback):
    """Keeps the newest model on disk, so that a stopped job has one (`save_model_on_termination`)."""

    def __init__(self, path: str) -> None:
        self._path = path

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        model.save_model(f"{self._path}.next.ubj")
        os.replace(f"{self._path}.next.ubj", self._path)
        return False


def train(root: str) -> None:
    """One job. Raises UserError or AlgorithmError."""
    config = os.path.join(root, "input", "config")
    hyperparameters = parse_hyperparameters(_read_json(os.path.join(config, "hyperparameters.json")))
    channels = _read_json(os.path.join(config, "inputdataconfig.json"))
    if "train" not in channels:
        raise UserError("Missing required channel: train")
    extraneous = set(channels) - {"train", "validation", "code"}
    if extraneous:
        raise UserError(f"Extraneous channel found: {sorted(extraneous)[0]}")
    content_type = parse_content_type(channels["train"].get("ContentType"))
    weights = hyperparameters.pop("csv_weights", 0)
    data = os.path.join(root, "input", "data")
    matrices = {name: read_channel(os.path.join(data, name), content_type, weights) for name in channels}
    matrix = matrices["train"]
    if matrix is None:
        raise UserError("No training data in the train channel: it has no file that counts")
    print(f"Train matrix has {matrix.num_row()} rows and {matrix.num_col()} columns")
    model_path = os.path.join(root, "model", MODEL_NAME)
    _fit(hyperparameters, matrix, matrices.get("validation"), model_path)


def _fit(parameters: dict[str, Any], matrix: xgboost.DMatrix, validation: xgboost.DMatrix | None, path: str) -> None:
    rounds = parameters.pop("num_round")
    metrics = parameters.pop("eval_metric", [])
    own, custom = split_metrics(metrics)
    if own:
        parameters["eval_metric"] = own
    callbacks: list[Any] = [xgboost.callback.EvaluationMonitor()]
    if parameters.pop("save_model_on_termination", "false") == "true":
        callbacks.append(SaveEachRound(path))
    stopping = parameters.pop("early_stopping_rounds", None)
    # The container stops early only with a validation channel *and* an eval_metric: the last one listed decides.
    if stopping and validation is not None and metrics:
        callbacks.append(_early_stopping(stopping, metrics[-1]))
    evals = [(matrix, "train")] + ([(validation, "validation")] if validation is not None else [])
    try:
        booster = xgboost.train(
            parameters,
            matrix,
            num_boost_round=rounds,
            evals=evals,
            # XGBoost hands custom metrics the probability, the container's code expects the margin: its "accuracy"
            # of a binary model is the share of positives, here as there. Judge models by their predictions.
            custom_metric=custom,
            callbacks=callbacks,
            verbose_eval=False,
        )
    except Exception as error:
        if any(fault in str(error) for fault in USER_FAULTS):
            raise UserError(str(error)) from error
        raise AlgorithmError(f"XGB train call failed with exception:\n {error}") from error
    booster.save_model(path)


def _early_stopping(rounds: int, metric: str) -> xgboost.callback.EarlyStopping:
    return xgboost.callback.EarlyStopping(
        rounds=rounds,
        metric_name=metric,
        data_name="validation",
        maximize=metric in MAXIMIZED_METRICS,
        save_best=True,
    )


def _read_json(path: str) -> Any:
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(root: str) -> int:
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        train(root)
    except (UserError, AlgorithmError) as error:
        with open(os.path.join(root, "output", "failure"), "w", encoding="utf-8") as file:
            file.write(f"sagemaker_algorithm_toolkit.exceptions.{type(error).__name__}: {error}")
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
