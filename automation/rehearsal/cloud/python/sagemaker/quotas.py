"""Account limits and pacing, read at every check, so that a test can change them while the cloud runs.

`<FIRSTLIGHT_FOLDER>/sagemaker.json` (or the file that FIRSTLIGHT_SAGEMAKER_SETTINGS names) overrides single values:
{"serverlessEndpoints": 5, "serverlessConcurrency": 10, "trainingInstances": {"ml.m5.xlarge": 0}, "deletionSeconds": 1}
"""

import json
import os
from typing import Any

from sagemaker.errors import ApiError

DEFAULTS: dict[str, Any] = {
    # Real defaults of newer accounts: quota codes L-99AD19BF and L-96300102.
    "serverlessEndpoints": 5,
    "serverlessConcurrency": 10,
    "serverlessMemoryMiB": 6144,
    # Instance type -> instances at once. A type that is not listed has `instancesOfAnyType`.
    "trainingInstances": {},
    "spotTrainingInstances": {},
    "transformInstances": {},
    "instancesOfAnyType": 20,
    # How long the name of a deleted endpoint stays taken (seconds), also of those that are being deleted. On AWS: minutes.
    "deletionSeconds": 1.0,
    # Least time between Creating and InService or Failed (seconds). Lets a test see the state.
    "creationSeconds": 0.0,
    # Endpoint name or "*" -> what its updates come to: "hang" (until the entry is gone), "fail", "rollbackFails".
    "endpointUpdates": {},
}


def setting(name: str) -> Any:
    path = os.environ.get("FIRSTLIGHT_SAGEMAKER_SETTINGS") or os.path.join(folder(), "sagemaker.json")
    try:
        with open(path, encoding="utf-8") as file:
            return {**DEFAULTS, **json.load(file)}[name]
    except FileNotFoundError:
        return DEFAULTS[name]


def folder() -> str:
    """Folder of this run. Everything that jobs and endpoints write lies below it."""
    return os.environ.get("FIRSTLIGHT_FOLDER") or os.path.join(os.getcwd(), ".firstlight")


def check_instances(table: str, usage: str, instance_type: str, in_use: int, wanted: int) -> None:
    """`table` names the setting, `usage` the words of the quota, e.g. `training job usage`."""
    limit = setting(table).get(instance_type, setting("instancesOfAnyType"))
    check_limit(f"{instance_type} for {usage}", limit, in_use, wanted, " Instances")


def check_limit(quota: str, limit: int, in_use: int, wanted: int, unit: str = "") -> None:
    """Raises ResourceLimitExceeded in the words of the service."""
    if in_use + wanted > limit:
        raise ApiError(
            "ResourceLimitExceeded",
            f"The account-level service limit '{quota}' is {limit}{unit}, with current utilization of {in_use}{unit} "
            f"and a request delta of {wanted}{unit}. Please use AWS Service Quotas to request an increase for this "
            "quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.",
        )
