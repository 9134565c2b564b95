"""Reference paths, strict as Step Functions is: what is not there is an error, not null.

Texts: https://github.com/floci-io/floci/issues/2521 (Step Functions Local 2.0.0) and
https://github.com/awsdocs/aws-step-functions-developer-guide/pull/5.
"""

import contextvars
import json
import re
from typing import Any, Callable

from ministack.services import stepfunctions

VARIABLE = re.compile(r"^\$([A-Za-z_]\w*)(.*)$", re.DOTALL)
# What states have assigned, for paths that begin with a name: `$run.id`.
variables: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("state_machine_variables", default={})


class Missing(Exception):
    """Nothing is where a path points."""


def find(path: str, data: Any) -> Any:
    """What the path selects. Raises Missing."""
    named = VARIABLE.match(path)
    if named:
        if named[1] not in variables.get():
            raise Missing(path)
        data, path = variables.get()[named[1]], f"${named[2]}"
    if path == "$":
        return data
    tokens = stepfunctions._parse_jsonpath_tokens(path) if path.startswith("$") else None
    if tokens is None:
        raise stepfunctions._ExecutionError("States.Runtime", f"Path '{path}' is not runnable in the rehearsal")
    if any(kind == "wildcard" for kind, _ in tokens):
        return _original_resolve(path, data)
    for kind, key in tokens:
        known = isinstance(data, dict) and key in data if kind == "field" else isinstance(data, list) and key < len(data)
        if not known:
            raise Missing(path)
        data = data[key]
    return data


def strict(resolve: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    global _original_resolve
    _original_resolve = resolve

    def resolve_strictly(path: str, data: Any) -> Any:
        try:
            return find(path, data)
        except Missing:
            raise stepfunctions._ExecutionError("States.Runtime", f"Invalid path '{path}': no results for path in {_text(data)}") from None

    return resolve_strictly


def filled(_fill: Callable[..., Any]) -> Callable[..., Any]:
    """Payload templates: a field whose name ends in `.$` is replaced by what its path or function yields."""

    def fill(template: Any, data: Any, context: Any = None) -> Any:
        if isinstance(template, list):
            return [fill(entry, data, context) for entry in template]
        if not isinstance(template, dict):
            return template
        return {
            key.removesuffix(".$"): _value(key, entry, data, context or {}) if key.endswith(".$") else fill(entry, data, context)
            for key, entry in template.items()
        }

    return fill


def _value(field: str, path: Any, data: Any, context: Any) -> Any:
    if not isinstance(path, str):
        raise stepfunctions._ExecutionError("States.Runtime", f"The value of the field '{field}' must be a text with a path")
    if path.startswith("States."):
        return stepfunctions._evaluate_intrinsic(path, data, context)
    try:
        return find(path[1:], context) if path.startswith("$$") else find(path, data)
    except Missing:
        cause = f"The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{_text(data)}'"
        raise stepfunctions._ExecutionError("States.Runtime", cause) from None


def named_failures(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """A function that fails on its arguments is an error that can be caught; one whose path is missing is not."""

    def evaluate_named(expression: str, data: Any, context: Any) -> Any:
        try:
            return evaluate(expression, data, context)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            cause = f"The function '{expression}' had the following error: {error}"
            raise stepfunctions._ExecutionError("States.IntrinsicFailure", cause) from error

    return evaluate_named


def checked_rule(evaluate: Callable[..., bool]) -> Callable[..., bool]:
    """Only IsPresent may ask for what is not there; comparisons with a path are comparisons with its value."""

    def evaluate_checked(rule: Any, data: Any, context: Any = None) -> bool:
        variable = rule.get("Variable")
        if variable is None:
            return evaluate(rule, data, context)
        try:
            find(variable[1:], context) if variable.startswith("$$") else find(variable, data)
        except Missing:
            if "IsPresent" in rule:
                return not rule["IsPresent"]
            cause = f"Invalid path '{variable}': The choice state's condition path references an invalid value."
            raise stepfunctions._ExecutionError("States.Runtime", cause) from None
        if "IsPresent" in rule:
            return bool(rule["IsPresent"])
        return evaluate({key.removesuffix("Path"): _compared(key, value, data, context) for key, value in rule.items()}, data, context)

    return evaluate_checked


def _compared(key: str, value: Any, data: Any, context: Any) -> Any:
    return stepfunctions._resolve_path_or_ctx(value, data, context) if key.endswith("Path") else value


def _text(data: Any) -> str:
    return json.dumps(data, separators=(",", ":"), default=str)


def _original_resolve(path: str, data: Any) -> Any:
    raise RuntimeError("the paths are not patched yet")
