"""What the rehearsal asks the cloud beside AWS's API: `GET /_firstlight/{usage,inventory,memory}`."""

import json
from typing import Any, Callable

import inventory
import memory
import usage

PREFIX = "/_firstlight/"
QUESTIONS: dict[str, Callable[[], Any]] = {
    "usage": usage.listed,
    "inventory": inventory.listed,
    "memory": memory.peak,
}


def wrap(on_started: Callable[[], None]) -> Any:
    """The ASGI application: ours for the prefix, MiniStack's for all else. `on_started` is called when requests are served."""
    import ministack.app

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await ministack.app.app(scope, receive, _after_start(send, on_started))
        elif scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await _answer(scope["path"].removeprefix(PREFIX), send)
        else:
            await ministack.app.app(scope, receive, send)

    memory.watch()
    return application


def _after_start(send: Any, on_started: Callable[[], None]) -> Any:
    async def forward(message: dict[str, Any]) -> None:
        await send(message)
        if message["type"] == "lifespan.startup.complete":
            on_started()

    return forward


async def _answer(name: str, send: Any) -> None:
    question = QUESTIONS.get(name)
    status, value = (200, question()) if question else (404, f"no question {name}; there are {sorted(QUESTIONS)}")
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(value).encode()})
