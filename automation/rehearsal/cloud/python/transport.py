"""How requests arrive: each decision is written down, loopback counts as encrypted, and HTTP/2 works.

The SDK's Kinesis client speaks HTTP/2 and nothing else.
"""

from collections.abc import Mapping
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


def signed_authority(build: Callable[[Mapping[str, Any], str], str]) -> Callable[[Mapping[str, Any], str], str]:
    """HTTP/2 has `:authority` where HTTP/1.1 has `host`, and that is what its clients sign; the server calls both `host`."""

    def build_with_authority(headers: Mapping[str, Any], signed_headers: str) -> str:
        return build({**headers, ":authority": headers.get("host", "")}, signed_headers)

    return build_with_authority


def keeps_streams(_receive: Callable[..., Any]) -> Callable[..., Any]:
    """GOAWAY ends no stream that is open: an answer of more than one window would break off in the middle."""

    def receive_goaway(_connection: Any, _frame: Any) -> tuple[list[Any], list[Any]]:
        return [], []

    return receive_goaway
