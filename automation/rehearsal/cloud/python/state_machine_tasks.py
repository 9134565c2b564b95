"""Task states: one call of the machine's role for each try, within the state's time."""

import concurrent.futures
import contextvars
import json
import threading
import time
from typing import Any

import state_machine_calls
import state_machine_clock as clocks
from ministack.core.responses import get_region
from ministack.services import stepfunctions
from state_machine_line import Line, State, Step, finish
from state_machine_retry import attempt

LOOK_SECONDS = 0.05
# https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
DEFAULT_TIMEOUT_SECONDS = 99_999_999


def task(state: State, given: Any, line: Line) -> Step:
    return attempt(state, given, line, lambda: _try(state, given, line))


def _try(state: State, given: Any, line: Line) -> Step:
    if line.language(state) == "JSONata":
        effective = stepfunctions._apply_jsonata_arguments(state, given, line.context)
    else:
        effective = stepfunctions._apply_parameters(state, stepfunctions._apply_input_path(state, given, line.context), line.context)
    what = _resource(state["Resource"])
    line.record("TaskScheduled", taskScheduledEventDetails={**what, "region": get_region(), "parameters": json.dumps(effective)})
    line.record("TaskStarted", taskStartedEventDetails=what)
    try:
        result = _call_in_time(state, effective, line, _limit(state, given, line))
    except stepfunctions._ExecutionError as error:
        ended = "TimedOut" if error.error == "States.Timeout" else "Failed"
        line.record(f"Task{ended}", **{f"task{ended}EventDetails": {**what, "error": error.error, "cause": error.cause}})
        raise
    line.record("TaskSucceeded", taskSucceededEventDetails={**what, "output": json.dumps(result)})
    return finish(state, given, line, result)


def _resource(arn: str) -> dict[str, str]:
    """`arn:aws:states:::aws-sdk:ssm:getParameter` is `aws-sdk:ssm` and `getParameter`."""
    kind, _, action = arn.split(":", 5)[-1].rpartition(":")
    if ":states:" not in arn:
        return {"resourceType": "lambda", "resource": "invoke"}
    return {"resourceType": kind, "resource": action}


def _limit(state: State, given: Any, line: Line) -> float:
    if "TimeoutSecondsPath" in state:
        return float(stepfunctions._resolve_path_or_ctx(state["TimeoutSecondsPath"], given, line.context))
    if line.language(state) == "JSONata" and "TimeoutSeconds" in state:
        return float(stepfunctions._jsonata_state_field(state, "TimeoutSeconds", "number", given, line.context))
    return float(state.get("TimeoutSeconds", DEFAULT_TIMEOUT_SECONDS))


def _call_in_time(state: State, given: Any, line: Line, limit: float) -> Any:
    """The call runs beside this thread, which gives it up when its time is over or the line is stopped."""
    outcome: "concurrent.futures.Future[Any]" = concurrent.futures.Future()
    abandoned = threading.Event()

    def work() -> None:
        try:
            outcome.set_result(state_machine_calls.call(line.role, state["Resource"], given, abandoned))
        except Exception as error:  # whatever it is, the waiting thread raises it
            outcome.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True).start()
    end = time.monotonic() + limit
    try:
        while not concurrent.futures.wait([outcome], max(0.0, min(LOOK_SECONDS, end - time.monotonic()))).done:
            line.clock.check()
            if time.monotonic() >= end:
                raise stepfunctions._ExecutionError("States.Timeout", "")
        return outcome.result()
    except (clocks.Stopped, clocks.ExecutionTimedOut, stepfunctions._ExecutionError):
        abandoned.set()
        raise
