"""Parallel and map states: branches beside each other; the first that fails stops the others, and its error is the state's."""

import contextvars
import queue
import threading
from typing import Any, Callable

import state_machine_clock as clocks
from ministack.services import stepfunctions
from state_machine_line import Line, State, Step, finish
from state_machine_retry import attempt

# https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html: as many at once, if the state names no number.
MOST_AT_ONCE = 40
Branch = tuple[Line, Callable[[Line], Any]]
Walk = Callable[[dict[str, Any], Any, Line], Any]


def parallel(state: State, given: Any, line: Line, walk: Walk) -> Step:
    return attempt(state, given, line, lambda: _run_branches(state, given, line, walk))


def _run_branches(state: State, given: Any, line: Line, walk: Walk) -> Step:
    if line.language(state) == "JSONata":
        effective = stepfunctions._apply_jsonata_arguments(state, given, line.context)
    else:
        effective = stepfunctions._apply_parameters(state, stepfunctions._apply_input_path(state, given, line.context), line.context)
    line.record("ParallelStateStarted")

    def start(branch: dict[str, Any]) -> Branch:
        return line.branch(), lambda own: walk(branch, effective, own)

    results = _run("Parallel", [start(branch) for branch in state["Branches"]], line, len(state["Branches"]))
    return finish(state, given, line, results)


def over_items(state: State, given: Any, line: Line, walk: Walk) -> Step:
    return attempt(state, given, line, lambda: _run_items(state, given, line, walk))


def _run_items(state: State, given: Any, line: Line, walk: Walk) -> Step:
    processor = state.get("ItemProcessor") or state.get("Iterator") or {}
    if (processor.get("ProcessorConfig") or {}).get("Mode") == "DISTRIBUTED":
        raise stepfunctions._ExecutionError("States.Runtime", "A distributed map is not runnable in the rehearsal")
    effective, items, at_once = _items(state, given, line)
    line.record("MapStateStarted", mapStateStartedEventDetails={"length": len(items)})
    name = line.context["State"]["Name"]

    def start(index: int, item: Any) -> Branch:
        own = line.branch(Map={"Item": {"Index": index, "Value": item}})
        return own, lambda own: _iterate(state, (given, effective, item), own, lambda chosen: walk(processor, chosen, own), f"{name}:{index}")

    results = _run("Map", [start(index, item) for index, item in enumerate(items)], line, at_once)
    return finish(state, given, line, results)


def _items(state: State, given: Any, line: Line) -> tuple[Any, list[Any], int]:
    """The input that selectors see, the items, and how many run at once."""
    if line.language(state) == "JSONata":
        items = stepfunctions._jsonata_state_field(state, "Items", "array", given, line.context) if "Items" in state else given
        at_once = stepfunctions._jsonata_state_field(state, "MaxConcurrency", "number", given, line.context) if "MaxConcurrency" in state else 0
        effective = given
    else:
        effective = stepfunctions._apply_input_path(state, given, line.context)
        items = stepfunctions._resolve_path_or_ctx(state.get("ItemsPath", "$"), effective, line.context)
        at_once = stepfunctions._resolve_path(state["MaxConcurrencyPath"], effective) if "MaxConcurrencyPath" in state else state.get("MaxConcurrency", 0)
    if not isinstance(items, list):
        raise stepfunctions._ExecutionError("States.Runtime", f"Reference path \"{state.get('ItemsPath', '$')}\" must point to array.")
    return effective, items, at_once or MOST_AT_ONCE


def _iterate(state: State, seen: tuple[Any, Any, Any], own: Line, run: Callable[[Any], Any], name: str) -> Any:
    given, effective, item = seen
    details = {"name": name.rpartition(":")[0], "index": own.context["Map"]["Item"]["Index"]}
    own.record("MapIterationStarted", mapIterationStartedEventDetails=details)
    selector = state.get("ItemSelector") or state.get("Parameters")
    chosen = item
    if selector and own.language(state) == "JSONata":
        chosen = stepfunctions._apply_jsonata_template(selector, given, own.context)
    elif selector:
        chosen = stepfunctions._resolve_params_obj(selector, effective, own.context)
    try:
        result = run(chosen)
    except clocks.Stopped:
        own.record("MapIterationAborted", mapIterationAbortedEventDetails=details)
        raise
    except Exception:
        own.record("MapIterationFailed", mapIterationFailedEventDetails=details)
        raise
    own.record("MapIterationSucceeded", mapIterationSucceededEventDetails=details)
    return result


def _run(kind: str, branches: list[Branch], line: Line, at_once: int) -> list[Any]:
    """Results in the order of the branches. Raises what the first failed one raised."""
    waiting: "queue.SimpleQueue[int]" = queue.SimpleQueue()
    for index in range(len(branches)):
        waiting.put(index)
    results: list[Any] = [None] * len(branches)
    failures: list[Exception] = []

    def work() -> None:
        while not failures:
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            own, run = branches[index]
            try:
                results[index] = run(own)
            except Exception as error:
                # Those that are stopped because of the first one come after it.
                failures.append(error)
                for other, _ in branches:
                    other.clock.stop()

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True) for _ in range(min(at_once, len(branches)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line.clock.join([own.clock for own, _ in branches])
    if failures:
        line.record(f"{kind}StateFailed", **({"mapStateFailedEventDetails": {}} if kind == "Map" else {}))
        raise failures[0]
    line.record(f"{kind}StateSucceeded")
    return results
