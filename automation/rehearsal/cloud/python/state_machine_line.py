"""One line of an execution: the whole of it, a branch, or one iteration. Each has its own context object and clock."""

import json
import threading
from dataclasses import dataclass
from typing import Any, Callable

import state_machine_paths as paths
from ministack.core.responses import now_iso
from ministack.services import stepfunctions
from state_machine_clock import Clock

# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html: input or result of a task, state, or execution.
MOST_BYTES = 262_144
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: neither retried nor caught by anything.
TERMINAL = ("States.Runtime", "States.DataLimitExceeded")
State = dict[str, Any]
Step = tuple[Any, str | None]
_history = threading.Lock()


@dataclass
class Line:
    execution: dict[str, Any]
    role: str
    context: dict[str, Any]
    clock: Clock
    # Id of the event before the next one; 0 at the start.
    previous: int = 0

    def branch(self, **context: Any) -> "Line":
        """Sees what has been assigned so far; what it assigns itself stays in it."""
        own = {**self.context, **context, "variables": dict(self.context["variables"])}
        return Line(self.execution, self.role, own, self.clock.branch(), self.previous)

    def record(self, event_type: str, **details: Any) -> int:
        with _history:
            event = stepfunctions._add_event(self.execution, event_type, {"previousEventId": self.previous, **details})
            self.previous = event["id"]
        return self.previous

    def language(self, state: State) -> str:
        return str(stepfunctions._state_query_language(state, self.context))


def walk(machine: dict[str, Any], given: Any, line: Line, handlers: dict[str, Callable[[State, Any, Line], Step]]) -> Any:
    """From StartAt to the end. Raises stepfunctions._ExecutionError, Stopped or ExecutionTimedOut."""
    name = machine.get("StartAt")
    while name is not None:
        line.clock.check()
        state = machine["States"].get(name)
        if state is None:
            raise stepfunctions._ExecutionError("States.Runtime", f"State '{name}' not found in definition")
        given, name = _enter(name, state, given, line, handlers)
    return given


def _enter(name: str, state: State, given: Any, line: Line, handlers: dict[str, Callable[[State, Any, Line], Step]]) -> Step:
    kind = state.get("Type", "")
    paths.variables.set(line.context["variables"])
    line.context["State"] = {"Name": name, "EnteredTime": now_iso(), "RetryCount": 0}
    entered = line.record(f"{kind}StateEntered", stateEnteredEventDetails={"name": name, "input": json.dumps(given)})
    handler = handlers.get(kind)
    if handler is None:
        raise stepfunctions._ExecutionError("States.Runtime", f"Unknown state type: {kind}")
    try:
        output, following = handler(state, given, line)
    except stepfunctions._ExecutionError as error:
        if error.error == "States.Runtime" and not str(error.cause).startswith("An error occurred"):
            error.cause = f"An error occurred while executing the state '{name}' (entered at the event id #{entered}). {error.cause}"
        raise
    text = json.dumps(output)
    if len(text.encode()) > MOST_BYTES:
        cause = f"The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
        raise stepfunctions._ExecutionError("States.DataLimitExceeded", cause)
    line.record(f"{kind}StateExited", stateExitedEventDetails={"name": name, "output": text})
    return output, following


def finish(state: State, given: Any, line: Line, result: Any) -> Step:
    """Output and successor of a state with a result: JSONata's Output, or the chain of JSONPath's fields."""
    if line.language(state) == "JSONata":
        output = stepfunctions._apply_jsonata_output(state, given, line.context, result=result, default=result)
    else:
        chosen = stepfunctions._resolve_params_obj(state["ResultSelector"], result, line.context) if state.get("ResultSelector") else result
        output = stepfunctions._apply_result_path(state, given, chosen)
        output = stepfunctions._apply_output_path(state, output, line.context)
    assign(state, state.get("Assign"), line, given, result=result)
    return output, stepfunctions._next_or_end(state)


def assign(state: State, wanted: Any, line: Line, given: Any, **values: Any) -> None:
    """All values are reckoned before the first is assigned. JSONPath's `$` is the result, or the error."""
    if not wanted:
        return
    if line.language(state) == "JSONata":
        made = {name: stepfunctions._apply_jsonata_template(value, given, line.context, **values) for name, value in wanted.items()}
    else:
        made = stepfunctions._resolve_params_obj(wanted, next(iter(values.values()), given), line.context)
    line.context["variables"].update(made)
