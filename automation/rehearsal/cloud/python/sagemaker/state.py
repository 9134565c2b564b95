"""What exists, per account and region. One lock guards all of it; long work never holds the lock."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from ministack.core.responses import get_account_id, get_region

Record = dict[str, Any]
LOCK = threading.RLock()
_scopes: dict[tuple[str, str], "Scope"] = {}

ARN_PARTS = {
    "TrainingJob": "training-job",
    "TransformJob": "transform-job",
    "Model": "model",
    "EndpointConfig": "endpoint-config",
    "Endpoint": "endpoint",
}


@dataclass
class Scope:
    """One account in one region."""

    account: str
    region: str
    records: dict[str, dict[str, Record]] = field(default_factory=lambda: {kind: {} for kind in ARN_PARTS})
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def arn(self, kind: str, name: str) -> str:
        """SageMaker writes resource names in lower case inside ARNs."""
        partition = "aws-cn" if self.region.startswith("cn-") else "aws"
        return f"arn:{partition}:sagemaker:{self.region}:{self.account}:{ARN_PARTS[kind]}/{name.lower()}"

    def find(self, kind: str, name: str) -> Record | None:
        """Names are compared without case, as on create."""
        return self.records[kind].get(name.lower())

    def add(self, kind: str, name: str, record: Record, tags: list[dict[str, str]] | None) -> str:
        arn = self.arn(kind, name)
        record[f"{kind}Arn"] = arn
        record["CreationTime"] = time.time()
        record["LastModifiedTime"] = record["CreationTime"]
        self.records[kind][name.lower()] = record
        self.tags[arn] = {tag["Key"]: tag["Value"] for tag in tags or []}
        return arn

    def remove(self, kind: str, name: str) -> None:
        self.records[kind].pop(name.lower(), None)
        self.tags.pop(self.arn(kind, name), None)


def current_scope() -> Scope:
    """The scope of the request that this thread serves."""
    key = (get_account_id(), get_region())
    with LOCK:
        return _scopes.setdefault(key, Scope(*key))


def all_scopes() -> list[Scope]:
    with LOCK:
        return list(_scopes.values())


def forget_everything() -> None:
    with LOCK:
        _scopes.clear()


def public(record: Record) -> Record:
    """A record without our own notes, whose names start with an underscore."""
    return {name: value for name, value in record.items() if not name.startswith("_") and value is not None}
