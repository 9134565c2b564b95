"""Container logs in CloudWatch Logs, written as the execution role, if that role may."""

import time

import authorization
import encryption
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

GROUP_ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams")


def write_logs(role_arn: str, region: str, group: str, stream: str, lines: list[str]) -> None:
    """Nothing is written when there is nothing to say or the role lacks one of the four permissions; the job goes on."""
    account = role_arn.split(":")[4]
    with request_scope(account, region):
        if not lines or not _may_write(role_arn, group, stream):
            return
        cloudwatch_logs._create_log_group({"logGroupName": group})
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines if line]
        cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})
        encryption.record_log_write(group)


def _may_write(role_arn: str, group: str, stream: str) -> bool:
    caller, arn = authorization.caller_for_role(role_arn), cloudwatch_logs._make_group_arn(group).removesuffix(":*")
    questions = [*((action, f"{arn}:*") for action in GROUP_ACTIONS), ("logs:PutLogEvents", f"{arn}:log-stream:{stream}")]
    return not any(authorization.denial(caller, action, resource) for action, resource in questions)
