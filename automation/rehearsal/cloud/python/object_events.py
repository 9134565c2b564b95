"""The version of an object in S3's event to EventBridge, which MiniStack knows and leaves out."""

import contextvars
import json
from typing import Any, Callable

_version: contextvars.ContextVar[str | None] = contextvars.ContextVar("object_version", default=None)


def remember_version(fire: Callable[..., None]) -> Callable[..., None]:
    def fire_with_version(*args: Any, version_id: str | None = None, **named: Any) -> None:
        token = _version.set(version_id)
        try:
            fire(*args, version_id=version_id, **named)
        finally:
            _version.reset(token)

    return fire_with_version


def with_version(dispatch: Callable[..., None]) -> Callable[..., None]:
    def dispatch_with_version(event: dict[str, Any], view: Any = None) -> None:
        version = _version.get()
        if version and event.get("Source") == "aws.s3":
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event = {**event, "Detail": json.dumps(detail)}
        dispatch(event, view)

    return dispatch_with_version
