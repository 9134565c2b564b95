"""Hyperparameters of the built-in XGBoost algorithm: strings in, checked and typed values out.

Ranges, aliases and dependencies as in aws/sagemaker-xgboost-container (`hyperparameter_validation.py`).
"""

from typing import Any, Callable

from container.errors import UserError

Parser = Callable[[str], Any]
Check = Callable[[Any], bool]
Rule = tuple[Parser, Check, str]

MAXIMIZED_METRICS = (
    "accuracy auc aucpr balanced_accuracy f1 f1_binary f1_macro map ndcg precision r2 recall "
    "precision_macro precision_micro recall_macro recall_micro"
).split()
MINIMIZED_METRICS = (
    "aft-nloglik cox-nloglik error gamma-deviance gamma-nloglik interval-regression-accuracy logloss mae mape "
    "merror mlogloss mphe mse poisson-nloglik rmse rmsle tweedie-nloglik"
).split()
THRESHOLD_METRICS = ("error", "ndcg", "map")
OBJECTIVES = (
    "aft_loss_distribution binary:logistic binary:logitraw binary:hinge count:poisson multi:softmax multi:softprob "
    "rank:pairwise rank:ndcg rank:map reg:linear reg:squarederror reg:logistic reg:gamma reg:pseudohubererror "
    "reg:squaredlogerror reg:absoluteerror reg:tweedie survival:aft survival:cox"
).split()
ALIASES = {"learning_rate": "eta", "min_split_loss": "gamma", "reg_lambda": "lambda", "reg_alpha": "alpha"}


def _at_least(low: float) -> Check:
    return lambda value: value >= low


def _above(low: float) -> Check:
    return lambda value: value > low


def _between(low: float, high: float) -> Check:
    return lambda value: low <= value <= high


def _share(value: float) -> bool:
    return 0 < value <= 1


def _integer(check: Check, described: str) -> Rule:
    return int, check, described


def _number(check: Check, described: str) -> Rule:
    return float, check, described


def _choice(*values: str) -> Rule:
    return str, lambda value: value in values, f"[{', '.join(values)}]"


def _comma_separated(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _tuple_of_integers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.strip("() ").split(",") if part.strip())


def _known_metrics(metrics: list[str]) -> bool:
    return all(_known_metric(metric) for metric in metrics)


def _known_metric(metric: str) -> bool:
    name, at, threshold = metric.partition("@")
    if not at:
        return metric in MAXIMIZED_METRICS + MINIMIZED_METRICS
    if name not in THRESHOLD_METRICS:
        raise UserError(
            f"Metric '{metric}' is not supported. Parameter 'eval_metric' with customized threshold should "
            f"be one of these options: {', '.join(repr(each) for each in THRESHOLD_METRICS)}."
        )
    try:
        float(threshold)
    except ValueError as error:
        raise UserError(f"Threshold value 't' in '{name}@t' expects float input.") from error
    return True


RULES: dict[str, Rule] = {
    "num_round": _integer(_at_least(1), "[1, inf)"),
    "csv_weights": _integer(_between(0, 1), "[0, 1]"),
    "early_stopping_rounds": _integer(_at_least(1), "[1, inf)"),
    "booster": _choice("gbtree", "gblinear", "dart"),
    "verbosity": _integer(_between(0, 3), "[0, 3]"),
    "nthread": _integer(_at_least(1), "[1, inf)"),
    "eta": _number(_between(0, 1), "[0, 1]"),
    "gamma": _number(_at_least(0), "[0, inf)"),
    "max_depth": _integer(_at_least(0), "[0, inf)"),
    "min_child_weight": _number(_at_least(0), "[0, inf)"),
    "max_delta_step": _number(_at_least(0), "[0, inf)"),
    "subsample": _number(_share, "(0, 1]"),
    "colsample_bytree": _number(_share, "(0, 1]"),
    "colsample_bylevel": _number(_share, "(0, 1]"),
    "colsample_bynode": _number(_share, "(0, 1]"),
    "lambda": _number(_at_least(0), "[0, inf)"),
    "alpha": _number(_at_least(0), "[0, inf)"),
    "tree_method": _choice("auto", "exact", "approx", "hist", "gpu_hist"),
    "scale_pos_weight": _number(_above(0), "(0, inf)"),
    "grow_policy": _choice("depthwise", "lossguide"),
    "process_type": _choice("default", "update"),
    "refresh_leaf": _integer(_between(0, 1), "[0, 1]"),
    "max_leaves": _integer(_at_least(0), "[0, inf)"),
    "max_bin": _integer(_at_least(0), "[0, inf)"),
    "monotone_constraints": (_tuple_of_integers, lambda value: all(part in (-1, 0, 1) for part in value), "[-1, 0, 1]"),
    "sample_type": _choice("uniform", "weighted"),
    "normalize_type": _choice("tree", "forest"),
    "rate_drop": _number(_between(0, 1), "[0, 1]"),
    "one_drop": _integer(_between(0, 1), "[0, 1]"),
    "skip_drop": _number(_between(0, 1), "[0, 1]"),
    "tweedie_variance_power": _number(lambda value: 1 < value < 2, "(1, 2)"),
    "objective": (str, lambda value: value in OBJECTIVES, f"[{', '.join(OBJECTIVES)}]"),
    "num_class": _integer(_at_least(2), "[2, inf)"),
    "base_score": _number(_at_least(0), "[0, inf)"),
    "eval_metric": (_comma_separated, _known_metrics, f"[{', '.join(MAXIMIZED_METRICS + MINIMIZED_METRICS)}]"),
    "seed": _integer(lambda value: -(2**31) < value < 2**31 - 1, "(-2147483648, 2147483647)"),
    "num_parallel_tree": _integer(_at_least(1), "[1, inf)"),
    "save_model_on_termination": _choice("true", "false"),
    "aft_loss_distribution": _choice("normal", "logistic", "extreme"),
    "sampling_method": _choice("uniform", "gradient_based"),
}

# Known to the container and not run here: refused by name, so that nobody believes they were rehearsed.
NOT_REHEARSED = (
    "sketch_eps updater dsplit predictor interaction_constraints lambda_bias _kfold _num_cv_round "
    "_tuning_objective_metric aft_loss_distribution_scale deterministic_histogram prob_buffer_row use_dask_gpu_training"
).split()


def parse_hyperparameters(given: dict[str, str]) -> dict[str, Any]:
    """Typed hyperparameters. Raises UserError with the container's own sentence."""
    named = {ALIASES.get(name, name): value for name, value in given.items()}
    if "num_round" not in named:
        raise UserError("Missing required hyperparameter: num_round")
    parsed = {name: _parse(name, value) for name, value in named.items()}
    for name, value in parsed.items():
        _, check, described = RULES[name]
        if not check(value):
            raise UserError(f"Hyperparameter {name}: value {value} not in range {described}")
    _check_dependencies(parsed)
    return parsed


def _parse(name: str, value: str) -> Any:
    if name in NOT_REHEARSED:
        raise UserError(f"Hyperparameter {name}: the container knows it, the rehearsal does not run it; leave it out")
    if name not in RULES:
        raise UserError(f"Extraneous hyperparameter found: {name}")
    try:
        return RULES[name][0](value)
    except ValueError as error:
        raise UserError(f"Hyperparameter {name}: could not parse value (caused by ValueError)") from error


def _check_dependencies(parsed: dict[str, Any]) -> None:
    objective = parsed.get("objective", "reg:squarederror")
    metrics = parsed.get("eval_metric", [])
    if objective in ("multi:softmax", "multi:softprob") and "num_class" not in parsed:
        raise UserError("Require input for parameter 'num_class' for multi-classification")
    if "auc" in metrics and not objective.startswith(("binary:", "rank:")):
        raise UserError("Metric 'auc' can only be applied for classification and ranking problems.")
    if "aft-nloglik" in metrics and objective != "survival:aft":
        raise UserError("Metric 'aft-nloglik' can only be applied for 'survival:aft' objective.")
    if "monotone_constraints" in parsed and parsed.get("tree_method") not in ("exact", "hist"):
        raise UserError(
            "monotone_constraints can be used only when the tree_method parameter is set to either 'exact' or 'hist'."
        )
