"""Runs one execution from its input to its end, in place of MiniStack's interpreter.

MiniStack's branches share one context object, its timeouts end nothing, paths that lead nowhere yield null, and `States.ALL` catches
what nothing can catch. Its evaluation of paths, templates, choices and JSONata is used as it is.
"""

import json
import logging
from datetime import datetime, timezone
from typing import Any, Callable

import state_machine_branches as branches
import state_machine_clock as clocks
from ministack.core.responses import now_iso
from ministack.services import stepfunctions
from state_machine_line import Line, State, Step, assign, walk
from state_machine_tasks import task

_logger = logging.getLogger("states")


def run(_interpret: Callable[[str], None]) -> Callable[[str], None]:
    def run_execution(arn: str) -> None:
        execution = stepfunctions._executions.get(arn)
        machine = execution and stepfunctions._state_machines.get(execution["stateMachineArn"])
        if machine:
            _run(execution, machine, json.loads(machine["definition"]))

    return run_execution


def _run(execution: dict[str, Any], machine: dict[str, Any], definition: dict[str, Any]) -> None:
    clock = clocks.Clock(execution, definition.get("TimeoutSeconds"))
    line = Line(execution, machine["roleArn"], _context(execution, machine, definition), clock, 1)
    try:
        output = _walk(definition, json.loads(execution["input"]), line)
    except clocks.Stopped:
        return
    except clocks.ExecutionTimedOut:
        _end(execution, "TIMED_OUT", "ExecutionTimedOut", {})
    except stepfunctions._ExecutionError as error:
        execution.update(error=error.error, cause=error.cause)
        _end(execution, "FAILED", "ExecutionFailed", {"executionFailedEventDetails": {"error": error.error, "cause": error.cause}})
    except Exception as error:  # an execution must not stay RUNNING for ever: its reason is the text
        _logger.exception("execution %s", execution["executionArn"])
        execution.update(error="States.Runtime", cause=f"the rehearsal itself failed: {type(error).__name__}: {error}")
        _end(execution, "FAILED", "ExecutionFailed", {"executionFailedEventDetails": {"error": "States.Runtime", "cause": execution["cause"]}})
    else:
        execution["output"] = json.dumps(output)
        _end(execution, "SUCCEEDED", "ExecutionSucceeded", {"executionSucceededEventDetails": {"output": execution["output"]}})


def _context(execution: dict[str, Any], machine: dict[str, Any], definition: dict[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html"""
    return {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "variables": {},
        "Execution": {
            "Id": execution["executionArn"],
            "Input": json.loads(execution["input"]),
            "Name": execution["name"],
            "RoleArn": machine["roleArn"],
            "StartTime": execution["startDate"],
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": execution["stateMachineArn"], "Name": machine["name"]},
    }


def _end(execution: dict[str, Any], status: str, event: str, details: dict[str, Any]) -> None:
    """A stopped execution has ended already, and is not ended again."""
    if execution["status"] != "RUNNING":
        return
    stepfunctions._add_event(execution, event, details)
    execution["stopDate"] = now_iso()
    execution["status"] = status
    stepfunctions._emit_execution_status_event(execution)


def _walk(machine: dict[str, Any], given: Any, line: Line) -> Any:
    return walk(machine, given, line, HANDLERS)


def _pass(state: State, given: Any, line: Line) -> Step:
    if line.language(state) == "JSONata":
        output = stepfunctions._apply_jsonata_output(state, given, line.context, default=given)
        result = output
    else:
        effective = stepfunctions._apply_parameters(state, stepfunctions._apply_input_path(state, given, line.context), line.context)
        result = state.get("Result", effective)
        output = stepfunctions._apply_output_path(state, stepfunctions._apply_result_path(state, given, result), line.context)
    assign(state, state.get("Assign"), line, given, result=result)
    return output, stepfunctions._next_or_end(state)


def _choice(state: State, given: Any, line: Line) -> Step:
    """The rule that matches assigns, or else the state, when none does and its default is next."""
    effective = given if line.language(state) == "JSONata" else stepfunctions._apply_input_path(state, given, line.context)
    for rule in state["Choices"]:
        if _matches(state, rule, effective, line):
            return _chosen(state, rule, rule["Next"], given, line)
    if "Default" not in state:
        raise stepfunctions._ExecutionError("States.NoChoiceMatched", "No choice rule matched and the state has no Default")
    return _chosen(state, state, state["Default"], given, line)


def _matches(state: State, rule: dict[str, Any], given: Any, line: Line) -> bool:
    if line.language(state) == "JSONata":
        return bool(stepfunctions._evaluate_jsonata_choice_rule(rule, given, line.context))
    return bool(stepfunctions._evaluate_rule(rule, given, line.context))


def _chosen(state: State, rule: dict[str, Any], following: str, given: Any, line: Line) -> Step:
    if line.language(state) == "JSONata":
        output = stepfunctions._apply_jsonata_output(rule, given, line.context, default=given)
    else:
        output = stepfunctions._apply_output_path(state, stepfunctions._apply_input_path(state, given, line.context), line.context)
    assign(state, rule.get("Assign"), line, given)
    return output, following


def _wait(state: State, given: Any, line: Line) -> Step:
    line.clock.wait(_seconds(state, given, line))
    if line.language(state) == "JSONata":
        output = stepfunctions._apply_jsonata_output(state, given, line.context, default=given)
    else:
        output = stepfunctions._apply_output_path(state, stepfunctions._apply_input_path(state, given, line.context), line.context)
    assign(state, state.get("Assign"), line, given)
    return output, stepfunctions._next_or_end(state)


def _seconds(state: State, given: Any, line: Line) -> float:
    if line.language(state) == "JSONata":
        if "Seconds" in state:
            return float(stepfunctions._jsonata_wait_seconds(state, given, line.context))
        return _until(stepfunctions._jsonata_wait_timestamp(state, given, line.context))
    effective = stepfunctions._apply_input_path(state, given, line.context)
    if "Seconds" in state or "SecondsPath" in state:
        seconds = state["Seconds"] if "Seconds" in state else stepfunctions._resolve_path_or_ctx(state["SecondsPath"], effective, line.context)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            cause = f"The value of SecondsPath must be a number that is not negative, but was {seconds!r}"
            raise stepfunctions._ExecutionError("States.Runtime", cause)
        return float(seconds)
    if "Timestamp" in state:
        return _until(state["Timestamp"])
    return _until(stepfunctions._resolve_path_or_ctx(state["TimestampPath"], effective, line.context))


def _until(timestamp: Any) -> float:
    moment = stepfunctions._parse_ts(timestamp)
    if moment is None or moment.tzinfo is None:
        raise stepfunctions._ExecutionError("States.Runtime", f"{timestamp!r} is not a timestamp of RFC 3339")
    return float((moment - datetime.now(timezone.utc)).total_seconds())


def _succeed(state: State, given: Any, line: Line) -> Step:
    if line.language(state) == "JSONata":
        return stepfunctions._apply_jsonata_output(state, given, line.context, default=given), None
    return stepfunctions._apply_output_path(state, stepfunctions._apply_input_path(state, given, line.context), line.context), None


def _fail(state: State, given: Any, line: Line) -> Step:
    raise stepfunctions._ExecutionError(*stepfunctions._fail_state_error(state, given, line.context))


HANDLERS: dict[str, Callable[[State, Any, Line], Step]] = {
    "Pass": _pass,
    "Task": task,
    "Choice": _choice,
    "Wait": _wait,
    "Parallel": lambda state, given, line: branches.parallel(state, given, line, _walk),
    "Map": lambda state, given, line: branches.over_items(state, given, line, _walk),
    "Succeed": _succeed,
    "Fail": _fail,
}
