"""What CreateStateMachine and UpdateStateMachine refuse before a machine exists."""

import json
from typing import Any, Callable, Iterator

import authorization
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import stepfunctions

PRINCIPAL = "states.amazonaws.com"
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
LOG_ACTIONS = (
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
)
# https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
MANAGED_RULES = {
    "sagemaker:createTrainingJob.sync": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    "sagemaker:createTransformJob.sync": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
}
LONGEST_NAME = 80
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
Answer = Any


def checked(save: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """Wraps create and update: the first reason not to wins."""

    def save_checked(data: dict[str, Any]) -> Answer:
        known = stepfunctions._state_machines.get(data.get("stateMachineArn", ""), {})
        refusal = _refusal({**known, **data})
        return refusal or save(data)

    return save_checked


def _refusal(machine: dict[str, Any]) -> Answer | None:
    try:
        definition = json.loads(machine.get("definition") or "{}")
    except ValueError as error:
        return _invalid(f"INVALID_JSON_DESCRIPTION: {error}")
    fault = next(_faults(definition, ""), None) or next(_name_faults(definition), None)
    if fault:
        return _invalid(fault)
    return _role_refusal(machine, definition)


def _role_refusal(machine: dict[str, Any], definition: dict[str, Any]) -> Answer | None:
    role = machine.get("roleArn", "")
    if not authorization.trusts(role, PRINCIPAL, _arn(machine)):
        return _denied(f"Neither the global service principal {PRINCIPAL}, nor the regional one is authorized to assume the provided role.")
    caller = authorization.caller_for_role(role)
    if _logs(machine) and any(authorization.denial(caller, action, "*") for action in LOG_ACTIONS):
        return _denied("The state machine IAM Role is not authorized to access the Log Destination")
    for rule in _managed_rules(definition):
        arn = f"arn:{role.split(':')[1]}:events:{get_region()}:{get_account_id()}:rule/{rule}"
        if any(authorization.denial(caller, action, arn) for action in RULE_ACTIONS):
            return _denied(f"'{role}' is not authorized to create managed-rule.")
    return None


def _arn(machine: dict[str, Any]) -> str:
    """As it is, or as it will be once it is created."""
    partition = machine.get("roleArn", "arn:aws").split(":")[1]
    made = f"arn:{partition}:states:{get_region()}:{get_account_id()}:stateMachine:{machine.get('name', '')}"
    return str(machine.get("stateMachineArn") or made)


def _logs(machine: dict[str, Any]) -> bool:
    return (machine.get("loggingConfiguration") or {}).get("level", "OFF") != "OFF"


def _managed_rules(definition: dict[str, Any]) -> set[str]:
    resources = [state.get("Resource", "") for _, state in _states(definition, "")]
    return {rule for ending, rule in MANAGED_RULES.items() if any(resource.endswith(f":{ending}") for resource in resources)}


def _states(definition: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states with their paths, those of branches and iterators too."""
    for name, state in definition.get("States", {}).items():
        yield f"{path}/States/{name}", state
        for branch in (*state.get("Branches", []), state.get("Iterator", {}), state.get("ItemProcessor", {})):
            yield from _states(branch, f"{path}/States/{name}")


def _faults(definition: dict[str, Any], path: str) -> Iterator[str]:
    """Transitions that lead nowhere, in the words of Step Functions."""
    states = definition.get("States", {})
    if definition.get("StartAt") not in states:
        yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {definition.get('StartAt')} at {path}/StartAt"
    for name, state in states.items():
        here = f"{path}/States/{name}"
        for place, target in _targets(state):
            if target not in states:
                yield f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {here}/{place}"
        if state.get("Type") not in ("Choice", "Succeed", "Fail") and ("Next" in state) == (state.get("End") is True):
            yield f"SCHEMA_VALIDATION_FAILED: The state must have either Next or End at {here}"
        for branch in (*state.get("Branches", []), *filter(None, (state.get("Iterator"), state.get("ItemProcessor")))):
            yield from _faults(branch, here)
    for name in set(states) - _reachable(definition):
        yield f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable. at {path}/States/{name}'


def _reachable(machine: dict[str, Any]) -> set[str]:
    """Names of the states that a walk from StartAt can come to."""
    found: set[str] = set()
    waiting = [machine.get("StartAt")]
    while waiting:
        name = waiting.pop()
        if name in machine.get("States", {}) and name not in found:
            found.add(name)
            waiting += [target for _, target in _targets(machine["States"][name])]
    return found


def _name_faults(definition: dict[str, Any]) -> Iterator[str]:
    """A name stands for one state of the whole machine. https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html"""
    seen: set[str] = set()
    for path, _ in _states(definition, ""):
        name = path.rpartition("/States/")[2]
        if name in seen:
            yield f"DUPLICATE_STATE_NAME: Duplicate State name: {name} at {path}"
        if len(name) > LONGEST_NAME:
            yield f"SCHEMA_VALIDATION_FAILED: State name exceeds {LONGEST_NAME} characters at {path}"
        seen.add(name)


def _targets(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in ("Next", "Default"):
        if field in state:
            yield field, state[field]
    for field in ("Catch", "Choices"):
        for index, entry in enumerate(state.get(field, [])):
            yield f"{field}[{index}]/Next", entry.get("Next")


def _invalid(fault: str) -> Answer:
    return error_response_json("InvalidDefinition", f"Invalid State Machine Definition: '{fault}'", 400)


def _denied(message: str) -> Answer:
    return error_response_json("AccessDeniedException", message, 400)
