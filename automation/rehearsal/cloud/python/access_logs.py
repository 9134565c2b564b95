"""Server access logs of S3: whether they could be delivered. None is written."""

import re
from typing import Any, Callable

import authorization
import usage
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_xml, get_account_id
from ministack.services import s3

Answer = Any
PRINCIPAL = "logging.s3.amazonaws.com"
TARGET = re.compile(rb"<TargetBucket>([^<]+)</TargetBucket>")
PREFIX = re.compile(rb"<TargetPrefix>([^<]*)</TargetPrefix>")


def checked(put: Callable[[str, bytes], Answer]) -> Callable[[str, bytes], Answer]:
    def put_checked(bucket: str, body: bytes) -> Answer:
        target = TARGET.search(body)
        problem = _problem(bucket, target[1].decode(), PREFIX.search(body)) if target else None
        if problem:
            return error_response_xml("InvalidTargetBucketForLogging", problem, 400)
        return put(bucket, body)

    return put_checked


def _problem(bucket: str, target: str, prefix: re.Match[bytes] | None) -> str | None:
    if target not in s3._buckets:
        return "The target bucket for logging does not exist"
    key = (prefix[1].decode() if prefix else "") + "2026-01-01-00-00-00-0123456789ABCDEF"
    asked = authorization.evaluation(
        f"service:{PRINCIPAL}", "s3:PutObject", f"arn:aws:s3:::{target}/{key}",
        {"aws:SourceArn": f"arn:aws:s3:::{bucket}", "aws:SourceAccount": get_account_id()},
    )
    policy = s3._bucket_policies.get(target)
    allowed = iam_evaluator.evaluate_resource_policy(policy, asked, service=PRINCIPAL).decision == "Allow"
    usage.record("s3:PutObject", asked.resource_arn, PRINCIPAL, allowed)
    return None if allowed else "You must give the logging service permission to write to the target bucket"
