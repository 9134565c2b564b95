"""Key policies: KMS refuses one that nobody in the account could ever change again."""

import json
from typing import Any, Callable

import authorization
from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region

LOCKOUT = "The new key policy will not allow you to update the key policy in the future."


def checked(save: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key"""

    def save_checked(data: dict[str, Any]) -> Any:
        if data.get("Policy") and not data.get("BypassPolicyLockoutSafetyCheck") and _locks_out(data["Policy"]):
            return error_response_json("MalformedPolicyDocumentException", LOCKOUT, 400)
        return save(data)

    return save_checked


def _locks_out(policy: str) -> bool:
    try:
        document = json.loads(policy)
    except ValueError:
        return False
    partition = "aws-cn" if get_region().startswith("cn-") else "aws"
    root = f"arn:{partition}:iam::{get_account_id()}:root"
    evaluation = authorization.evaluation(root, "kms:PutKeyPolicy", "*", {})
    return bool(iam_evaluator.evaluate_resource_policy(document, evaluation).decision != "Allow")
