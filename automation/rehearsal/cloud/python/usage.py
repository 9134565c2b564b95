"""Every call that reached the cloud: IAM action, resource, calling principal, and whether it was allowed."""

import threading
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

_records: dict[tuple[str, str, str, bool], int] = {}
_lock = threading.Lock()


def record(action: str, resource: str, principal: str, allowed: bool) -> None:
    with _lock:
        key = (action, resource, principal, allowed)
        _records[key] = _records.get(key, 0) + 1


def listed() -> list[dict[str, Any]]:
    """Equal calls are listed once, in the order of their first occurrence."""
    with _lock:
        return [
            {"action": action, "resource": resource, "principal": principal, "allowed": allowed, "count": count}
            for (action, resource, principal, allowed), count in _records.items()
        ]


def principal_arn(arn: str) -> str:
    """The role behind an assumed-role session; other principals as they are."""
    parts = arn.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("assumed-role/"):
        return arn
    from ministack.services import iam

    name = parts[5].split("/")[1]
    role = iam._roles.get_scoped(parts[4], None, name) or {}
    return role.get("Arn") or f"{parts[0]}:{parts[1]}:iam::{parts[4]}:role/{name}"


def caller(access_key: str) -> str:
    principal = iam_evaluator.resolve_principal(access_key or "", get_account_id())
    return principal_arn(getattr(principal, "arn", "anonymous"))
