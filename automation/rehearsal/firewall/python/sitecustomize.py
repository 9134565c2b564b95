"""Loaded into every Python process of a rehearsal by PYTHONPATH: refuses connections that leave this machine, and ends the
process when its parent is gone. What it cannot see is listed in `automation/rehearsal/environment.ts`."""

import ipaddress
import os
import socket
import threading
import time

PARENT_POLL_SECONDS = 0.5
LOCAL_NAMES = {"", "localhost", "ip6-localhost", "0.0.0.0", "::"}


def _is_local(host: object) -> bool:
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)
    name = name.strip("[]").rstrip(".").lower().partition("%")[0]
    if name in LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _refusal(target: object) -> ConnectionRefusedError:
    return ConnectionRefusedError(
        111, f"The rehearsal's firewall refused a connection to {target}: only this machine may be reached"
    )


def _check(sock: socket.socket, address: object) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple) and not _is_local(address[0]):
        raise _refusal(f"{address[0]}:{address[1]}")


class LocalSocket(socket.socket):
    """Replaces `socket.socket`. `socket.create_connection`, `ssl`, asyncio and urllib all build on it."""

    def connect(self, address):  # type: ignore[no-untyped-def]
        _check(self, address)
        return super().connect(address)

    def connect_ex(self, address):  # type: ignore[no-untyped-def]
        try:
            _check(self, address)
        except ConnectionRefusedError as refusal:
            return refusal.errno
        return super().connect_ex(address)

    def sendto(self, *args):  # type: ignore[no-untyped-def]
        _check(self, args[-1])
        return super().sendto(*args)

    def sendmsg(self, buffers, ancdata=(), flags=0, address=None):  # type: ignore[no-untyped-def]
        if address is None:
            return super().sendmsg(buffers, ancdata, flags)
        _check(self, address)
        return super().sendmsg(buffers, ancdata, flags, address)


def _guard_lookup(name: str) -> None:
    original = getattr(socket, name)

    def look_up_locally(host, *args, **kwargs):  # type: ignore[no-untyped-def]
        if not _is_local(host) and not _is_address(host):
            raise socket.gaierror(socket.EAI_NONAME, f"The rehearsal's firewall does not look up {host}")
        return original(host, *args, **kwargs)

    setattr(socket, name, look_up_locally)


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def _end_with_parent() -> None:
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()


socket.socket = LocalSocket  # type: ignore[misc]
socket.SocketType = LocalSocket  # type: ignore[misc,assignment]
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    _guard_lookup(_name)
_end_with_parent()
