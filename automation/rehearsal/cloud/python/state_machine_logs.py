"""Delivery of an execution's history to its log group."""

import json
import time
from typing import Any, Callable

import encryption
import usage
from ministack.services import cloudwatch_logs, stepfunctions

# Events that a level leaves out: https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html
FATAL = {"ExecutionAborted", "ExecutionFailed", "ExecutionTimedOut"}
DETAILS = "EventDetails"
PRINCIPAL = "delivery.logs.amazonaws.com"


def delivered(run: Callable[[str], None]) -> Callable[[str], None]:
    def run_and_log(execution_arn: str) -> None:
        run(execution_arn)
        execution = stepfunctions._executions.get(execution_arn)
        machine = execution and stepfunctions._state_machines.get(execution["stateMachineArn"])
        if machine:
            _deliver(machine.get("loggingConfiguration") or {}, machine["name"], execution)

    return run_and_log


def _deliver(logging: dict[str, Any], machine_name: str, execution: dict[str, Any]) -> None:
    level = logging.get("level", "OFF")
    events = [event for event in execution["events"] if _is_logged(event["type"], level)]
    for destination in logging.get("destinations", []) if events else []:
        arn = destination["cloudWatchLogsLogGroup"]["logGroupArn"]
        group = arn.split(":log-group:")[1].removesuffix(":*")
        target = {"logGroupName": group, "logStreamName": f"states/{machine_name}/{time.strftime('%Y-%m-%d-%H-%M')}/{execution['name'][:8]}"}
        cloudwatch_logs._create_log_stream(target)
        lines = [_line(event, execution["executionArn"], bool(logging.get("includeExecutionData"))) for event in events]
        now = int(time.time() * 1000)
        cloudwatch_logs._put_log_events({**target, "logEvents": [{"timestamp": now, "message": line} for line in lines]})
        usage.record("logs:PutLogEvents", f"{arn.removesuffix('*')}log-stream:{target['logStreamName']}", PRINCIPAL, True)
        encryption.record_log_write(group)


def _is_logged(event_type: str, level: str) -> bool:
    if level == "ALL":
        return True
    if level == "ERROR":
        return event_type in FATAL or event_type.endswith(("Failed", "TimedOut", "Aborted"))
    return level == "FATAL" and event_type in FATAL


def _line(event: dict[str, Any], execution_arn: str, with_data: bool) -> str:
    details = next((value for key, value in event.items() if key.endswith(DETAILS)), {})
    if not with_data:
        details = {key: value for key, value in details.items() if key not in ("input", "output")}
    return json.dumps({"id": str(event.get("id")), "type": event["type"], "details": details, "execution_arn": execution_arn}, default=str)
