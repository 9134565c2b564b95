"""Container logs in CloudWatch Logs, written as the execution role, if that role may."""

import time

from ministack.core import iam_evaluator
from ministack.core.responses import request_scope
from ministack.services import cloudwatch_logs

ACTIONS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")


def write_logs(role_arn: str, region: str, group: str, stream: str, lines: list[str]) -> None:
    """Nothing is written when there is nothing to say or the role lacks one of the three permissions."""
    account = role_arn.split(":")[4]
    with request_scope(account, region):
        if not lines or not _may_write(role_arn, account, region, group):
            return
        cloudwatch_logs._create_log_group({"logGroupName": group})
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines if line]
        cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})


def _may_write(role_arn: str, account: str, region: str, group: str) -> bool:
    partition, role = role_arn.split(":")[1], role_arn.rsplit("/", 1)[-1]
    policies = iam_evaluator._gather_role_policies(role, account)
    resource = f"arn:{partition}:logs:{region}:{account}:log-group:{group}:*"
    return all(
        iam_evaluator.evaluate(
            iam_evaluator.EvalContext(
                principal_arn=role_arn,
                principal_type="AssumedRole",
                principal_account=account,
                action=action,
                resource_arn=resource,
                region=region,
            ),
            policies,
        ).decision
        == "Allow"
        for action in ACTIONS
    )
