"""The container's two kinds of failure."""


class UserError(Exception):
    """The user of the algorithm can avoid it: a wrong hyperparameter, a file in another format."""


class AlgorithmError(Exception):
    """XGBoost itself failed."""
