"""Retry and Catch of task, parallel and map states."""

import random
from typing import Any, Callable

from ministack.services import stepfunctions
from state_machine_line import TERMINAL, Line, State, Step, assign


def attempt(state: State, given: Any, line: Line, work: Callable[[], Step]) -> Step:
    """Runs the work until it succeeds, is caught, or fails for good. Each try sees its own $$.State.RetryCount."""
    entered, tries = line.context["State"], {}
    while True:
        line.context["State"] = {**entered, "RetryCount": sum(tries.values())}
        try:
            return work()
        except stepfunctions._ExecutionError as error:
            if error.error in TERMINAL:
                raise
            retrier, index = stepfunctions._find_matching_retrier(state.get("Retry", []), error.error, tries)
            if retrier is None:
                return _caught(state, given, line, error)
            line.clock.wait(_delay(retrier, tries.get(index, 0)))
            tries[index] = tries.get(index, 0) + 1


def _delay(retrier: dict[str, Any], tries: int) -> float:
    """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
    seconds = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** tries
    seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
    return float(random.uniform(0, seconds) if retrier.get("JitterStrategy") == "FULL" else seconds)


def _caught(state: State, given: Any, line: Line, error: Any) -> Step:
    catcher = stepfunctions._find_matching_catcher(state.get("Catch", []), error.error)
    if catcher is None:
        raise error
    told = {"Error": error.error, "Cause": error.cause}
    if line.language(state) == "JSONata":
        # Without Output the error is the next state's input.
        output = stepfunctions._apply_jsonata_output(catcher, given, line.context, error_output=told, default=told)
        assign(state, catcher.get("Assign"), line, given, error_output=told)
    else:
        output = stepfunctions._apply_result_path_raw(catcher.get("ResultPath", "$"), given, told)
        assign(state, catcher.get("Assign"), line, given, error=told)
    return output, catcher["Next"]
