"""The sockets of the server, bound before anything slow happens, and what is wrong when one cannot be."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from fnlloyd.config import ServerSettings
from fnlloyd.errors import SetupError

BACKLOG = 2048
ANYWHERE = ("0.0.0.0", "::", "")


@dataclass(frozen=True, slots=True)
class Address:
    """Where clients find the server."""

    url: str
    legacy_url: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    sockets: list[socket.socket]
    address: Address


@contextmanager
def listen(server: ServerSettings) -> Iterator[Listening]:
    """Bind the port, and the older API's if there is one; closed at the end. Raises SetupError."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(_bind(server.host, server.port, "--port"))]
        if server.legacy_port is not None:
            sockets.append(stack.enter_context(_bind(server.host, server.legacy_port, "--legacy-port")))
        urls = [_url(server.host, bound) for bound in sockets]
        yield Listening(sockets, Address(*urls))


def _url(host: str, bound: socket.socket) -> str:
    shown = "127.0.0.1" if host in ANYWHERE else host.strip("[]")
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{bound.getsockname()[1]}"


def _bind(host: str, port: int, flag: str) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise SetupError(
            f"cannot listen on {host!r}: it is no address of this machine ({error.strerror})",
            hint="--host 127.0.0.1 for this machine only, --host 0.0.0.0 for others too",
            field="server.host",
        ) from None
    try:
        return socket.create_server((place[0], place[1]), family=family, backlog=BACKLOG)
    except OSError as error:
        raise _refusal(error, host, port, flag) from None


def _refusal(error: OSError, host: str, port: int, flag: str) -> SetupError:
    field = "server.port"
    if error.errno == errno.EADDRINUSE:
        who = "another Fnlloyd" if _is_fnlloyd(host, port) else "another program"
        return SetupError(
            f"port {port} on {host} is taken by {who}",
            hint=f"use another one ({flag} {port + 1 if port < 65535 else 8001}), or stop the one that has it: "
            f"`{_who_has(port)}` shows which it is",
            field=field,
        )
    if error.errno == errno.EACCES:
        return SetupError(
            f"this user may not listen on port {port}",
            hint=f"take a port from 1024 up, such as {flag} 8000",
            field=field,
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return SetupError(
            f"cannot listen on {host}: it is no address of this machine",
            hint="--host 127.0.0.1 for this machine only, --host 0.0.0.0 for others too",
            field="server.host",
        )
    return SetupError(f"cannot listen on {host} port {port}: {error.strerror or error}", field=field)


def _is_fnlloyd(host: str, port: int) -> bool:
    place = "127.0.0.1" if host in ANYWHERE else host
    try:
        # Without proxies: the one who has the port is on this machine.
        with build_opener(ProxyHandler({})).open(f"http://{place}:{port}/health", timeout=0.5) as answer:
            return b'"availableModels"' in answer.read(4096)
    except (URLError, OSError, ValueError):
        return False


def _who_has(port: int) -> str:
    if sys.platform == "win32":
        return f"netstat -ano | findstr :{port}"
    if sys.platform == "darwin":
        return f"lsof -nP -iTCP:{port} -sTCP:LISTEN"
    return f"ss -ltnp 'sport = :{port}'"
