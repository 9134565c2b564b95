"""What an execution role needs beside S3: the image's repository, a grant on the disk's key, metrics.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
"""

import authorization
from ministack.services import kms

from sagemaker.errors import JobFailure
from sagemaker.images import URI
from sagemaker.state import Scope

PULL_ACTIONS = ("ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer")


def missing_pull_action(scope: Scope, role_arn: str, image: str) -> str | None:
    """The first action, without its prefix, that the role lacks to pull the image."""
    match = URI.fullmatch(image)
    if match is None:
        return "BatchGetImage"
    partition, repository = role_arn.split(":")[1], match["image"].partition(":")[0]
    arn = f"arn:{partition}:ecr:{match['region']}:{match['account']}:repository/{repository}"
    caller = authorization.caller_for_role(role_arn)
    needed = [("ecr:GetAuthorizationToken", "*"), *((action, arn) for action in PULL_ACTIONS)]
    return next((action.partition(":")[2] for action, resource in needed if authorization.denial(caller, action, resource)), None)


def require_image_of_job(scope: Scope, role_arn: str, image: str) -> None:
    """Text: https://github.com/aws/sagemaker-python-sdk/issues/1968"""
    if missing_pull_action(scope, role_arn, image):
        raise JobFailure("ClientError: Cannot pull algorithm container. Either the image does not exist or its permissions are incorrect.")


def require_image_of_model(scope: Scope, role_arn: str, image: str) -> None:
    """Text: https://github.com/aws/sagemaker-python-sdk/issues/2002"""
    action = missing_pull_action(scope, role_arn, image)
    if action:
        raise JobFailure(f"The role '{role_arn}' does not have {action} permission for the image: '{image}'.")


def require_disk_key(role_arn: str, key_id: str | None) -> None:
    """The disk of a machine is encrypted with a grant that the role gives."""
    if key_id is None:
        return
    key = kms._resolve_key(key_id)
    if key is None or key["KeyState"] != "Enabled":
        raise JobFailure(f"ClientError: The KMS key {key_id} of the volume does not exist or is not enabled.")
    context = {"kms:GrantIsForAWSResource": "true"}
    denied = authorization.denial(authorization.caller_for_role(role_arn), "kms:CreateGrant", key["Arn"], context)
    if denied:
        raise JobFailure(f"ClientError: The KMS key of the volume cannot be used. {denied}")


def write_metrics(role_arn: str, namespace: str) -> None:
    """A container without the permission runs all the same, and CloudWatch shows nothing of it."""
    authorization.denial(authorization.caller_for_role(role_arn), "cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": namespace})
