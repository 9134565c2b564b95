"""How requests arrive: each decision is written down, and loopback counts as encrypted."""

from typing import Any, Callable

import usage
from ministack.core import iam_evaluator


def recorded(enforce: Callable[..., Any]) -> Callable[..., Any]:
    def enforce_and_record(access_key_id: str, iam_action: str, service: str, region: str, resource_arn: str = "*",
                           service_context: dict[str, Any] | None = None) -> Any:
        denied = enforce(access_key_id, iam_action, service, region, resource_arn=resource_arn, service_context=service_context)
        if not isinstance(denied, iam_evaluator.AuthError):
            usage.record(iam_action, resource_arn, usage.caller(access_key_id), denied is None)
        return denied

    return enforce_and_record


def secure(pin: Callable[[str, bool], None]) -> Callable[[str, bool], None]:
    def pin_as_secure(source_ip: str, _secure_transport: bool) -> None:
        pin(source_ip, True)

    return pin_as_secure
