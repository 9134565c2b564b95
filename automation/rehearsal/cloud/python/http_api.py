"""HTTP APIs: preflight requests, throttling, and the signatures of tokens, as API Gateway has them."""

import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Callable

from ministack.services import apigateway

Answer = Any
# What stands before the digest in a PKCS #1 v1.5 signature with SHA-256: https://www.rfc-editor.org/rfc/rfc8017#section-9.2
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")


def preflight(answer: Callable[[dict[str, Any], str], Answer]) -> Callable[[dict[str, Any], str], Answer]:
    """The gateway answers preflights itself; an origin that is not listed gets no headers, which is how its browser learns.

    An API without a configuration has no such answer: an OPTIONS request then needs a route, and the program has none.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """

    def answer_preflight(configuration: dict[str, Any], origin: str) -> Answer:
        if not configuration:
            return apigateway._http_api_not_found()
        found = answer(configuration, origin)
        return found if found[0] == 204 else (204, {"Content-Length": "0"}, b"")

    return answer_preflight


def own_headers(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """With a CORS configuration, what the integration says about CORS is ignored."""

    async def invoke_and_strip(integration: dict[str, Any], api_id: str, *args: Any, **named: Any) -> Answer:
        status, headers, body = await invoke(integration, api_id, *args, **named)
        if (apigateway._apis.get(api_id) or {}).get("corsConfiguration"):
            headers = {name: value for name, value in headers.items() if not name.lower().startswith("access-control-")}
        return status, headers, body

    return invoke_and_strip


@dataclass
class TokenBucket:
    """Holds up to `burst` requests, and gets `rate` of them back in a second."""

    rate: float
    burst: float
    _tokens: float = field(init=False)
    _filled: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._filled = self.burst, time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._tokens = min(self.burst, self._tokens + (now - self._filled) * self.rate)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


_buckets: dict[tuple[str, str, str, float, float], TokenBucket] = {}
_lock = threading.Lock()


def throttled(execute: Callable[..., Any]) -> Callable[..., Any]:
    """429 above the limits of the route: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"""

    async def execute_within_limits(api_id: str, stage: str, path: str, method: str, *args: Any, **named: Any) -> Answer:
        bucket = None if method == "OPTIONS" else _bucket(api_id, stage, path, method)
        if bucket is not None and not _take(bucket):
            return 429, {"Content-Type": "application/json"}, b'{"message":"Too Many Requests"}'
        return await execute(api_id, stage, path, method, *args, **named)

    return execute_within_limits


def _take(bucket: TokenBucket) -> bool:
    with _lock:
        return bucket.take()


def _bucket(api_id: str, stage: str, path: str, method: str) -> TokenBucket | None:
    """Of a route: its own settings, else the stage's default for each. None without a limit; new limits begin with a full bucket."""
    settings = apigateway._stages.get(api_id, {}).get(stage) or {}
    route = apigateway._match_route(api_id, method, "/" + path.lstrip("/"))
    if route is None:
        return None
    limits = {**(settings.get("defaultRouteSettings") or {}), **((settings.get("routeSettings") or {}).get(route["routeKey"]) or {})}
    rate, burst = limits.get("throttlingRateLimit"), limits.get("throttlingBurstLimit")
    if rate is None or burst is None:
        return None
    with _lock:
        return _buckets.setdefault((api_id, stage, route["routeKey"], rate, burst), TokenBucket(rate, burst))


def verified(_verify: Callable[[str, dict[str, Any]], bool]) -> Callable[[str, dict[str, Any]], bool]:
    """RS256 by arithmetic alone: MiniStack asks a package that is not installed, and takes every signature for false without it."""

    def verify(token: str, key: dict[str, Any]) -> bool:
        signed, _, signature = token.rpartition(".")
        try:
            modulus, exponent, number = (_number(part) for part in (key["n"], key["e"], signature))
        except (KeyError, ValueError):
            return False
        length = (modulus.bit_length() + 7) // 8
        digest = SHA256_PREFIX + hashlib.sha256(signed.encode()).digest()
        expected = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
        return number < modulus and pow(number, exponent, modulus).to_bytes(length, "big") == expected

    return verify


def _number(text: str) -> int:
    return int.from_bytes(apigateway._b64url_decode(text), "big")
