"""Starts MiniStack with the rehearsal's patches on a free port of 127.0.0.1, and ends with the process that started it.

Standard output carries one JSON line once requests are answered: {"ready": {"port": 41234, "gaps": [...]}}. All else goes to
standard error. When standard input ends, so does this process, with everything that it started.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
LOOPBACK = "127.0.0.1"
SETTINGS = {
    "BIND_HOST": LOOPBACK,
    "MINISTACK_HOST": "localhost",
    "AUTH": "true",
    # Without this MiniStack listens for MQTT on all interfaces, whatever BIND_HOST says.
    "IOT_MTLS_ENABLED": "0",
    "SFTP_ENABLED": "0",
    "DOCKER_HOST": "unix:///nonexistent",
    "LAMBDA_EXECUTOR": "local",
    "LOG_LEVEL": "INFO",
}


def main() -> None:
    listener = _listen()
    port = listener.getsockname()[1]
    _configure(port)
    sys.path.insert(0, HERE)
    import patches

    gaps = patches.apply()
    import administration

    application = administration.wrap(lambda: _announce({"ready": {"port": port, "gaps": gaps}}))
    threading.Thread(target=_end_with_standard_input, daemon=True, name="standard-input").start()
    asyncio.run(_serve(application, listener))


def _listen() -> socket.socket:
    """The port is taken before anything else starts, so that no other process can get it in between."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind((LOOPBACK, 0))
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _configure(port: int) -> None:
    """MiniStack reads its settings from the environment while it is imported; Lambda workers inherit it."""
    os.environ.update(SETTINGS, GATEWAY_PORT=str(port), AWS_ENDPOINT_URL=f"http://{LOOPBACK}:{port}")
    os.environ.setdefault("MINISTACK_REGION", os.environ["AWS_REGION"])
    os.environ.setdefault("MINISTACK_ACCOUNT_ID", os.environ["AWS_ACCESS_KEY_ID"])


async def _serve(application, listener: socket.socket) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    config.graceful_timeout = 0.5
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await serve(application, config, shutdown_trigger=ended.wait)
    _end()


def _end_with_standard_input() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    _end()


def _end() -> None:
    """Threads that run executions or jobs must not keep the process; workers end with their pipes and by their own lifelines."""
    import atexit

    from ministack.core import lambda_runtime

    try:
        lambda_runtime.kill_workers(list(_workers(lambda_runtime)))
        atexit._run_exitfuncs()
    finally:
        os._exit(0)


def _workers(lambda_runtime):
    for held in list(lambda_runtime._workers.values()):
        yield from held if isinstance(held, list) else [held]


def _announce(message: dict) -> None:
    print(json.dumps(message), flush=True)


if __name__ == "__main__":
    main()
