"""AddTags, ListTags, DeleteTags."""

from sagemaker.api_model import check_request
from sagemaker.errors import validation
from sagemaker.state import LOCK, Record, Scope

MOST_TAGS = 50


def add(scope: Scope, request: Record) -> Record:
    check_request("AddTags", request)
    with LOCK:
        tags = _tags_of(scope, request["ResourceArn"])
        merged = {**tags, **{tag["Key"]: tag["Value"] for tag in request["Tags"]}}
        if len(merged) > MOST_TAGS:
            raise validation(f"Tag policy validation failed: a resource has at most {MOST_TAGS} tags")
        tags.update(merged)
        return {"Tags": _listed(tags)}


def listed(scope: Scope, request: Record) -> Record:
    check_request("ListTags", request)
    with LOCK:
        return {"Tags": _listed(_tags_of(scope, request["ResourceArn"]))}


def delete(scope: Scope, request: Record) -> Record:
    check_request("DeleteTags", request)
    with LOCK:
        tags = _tags_of(scope, request["ResourceArn"])
        for key in request["TagKeys"]:
            tags.pop(key, None)
    return {}


def _tags_of(scope: Scope, arn: str) -> dict[str, str]:
    if arn not in scope.tags:
        raise validation(f"Could not find the resource {arn}.")
    return scope.tags[arn]


def _listed(tags: dict[str, str]) -> list[Record]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
