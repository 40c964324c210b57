"""Nothing leaves the loopback while tests run: an audit hook on every connection and name lookup.

An audit hook sees C code and every library alike and cannot be taken off again. What it refuses it
also remembers, so that a test fails even when the program turned the refusal into polite words.

Children are covered by being started through :func:`command`, which runs this module first:
``python -m tests.support.loopback app run …`` is ``python -m app run …`` under the guard.
"""

from __future__ import annotations

import ipaddress
import os
import runpy
import socket
import sys
from collections.abc import Iterator, Sequence
from typing import NoReturn

REFUSED_EXIT = 97
"""The exit code of a guarded child that tried to leave."""

Address = object
_NETWORK = (int(socket.AF_INET), int(socket.AF_INET6))


class LeftTheLoopback(ConnectionRefusedError):
    """A test tried to talk to another machine."""


class Guard:
    """Refuses what is not loopback; `refused` says what was tried, oldest first."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def install(self) -> None:
        """From now on, until the process ends."""
        sys.addaudithook(self._heard)

    def take(self) -> list[str]:
        """What was refused since the last time."""
        refused, self.refused = self.refused, []
        return refused

    def _heard(self, event: str, args: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._going_to(args[0], args[1])
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            self._asking_for(args[0])

    def _going_to(self, sock: object, address: Address) -> None:
        family = int(getattr(sock, "family", 0))
        if family not in _NETWORK or not isinstance(address, tuple) or not address:
            return
        if not is_loopback(str(address[0])):
            self._refuse(f"a connection to {address[0]} port {address[1]}")

    def _asking_for(self, host: object) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if not isinstance(name, str) or is_loopback(name) or _is_number(name):
            return
        if name.rstrip(".").endswith(".invalid"):
            # RFC 6761: such a name never exists, so a test of "no such name" needs no name server.
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        self._refuse(f"a look-up of the name {name}")

    def _refuse(self, what: str) -> NoReturn:
        self.refused.append(what)
        raise LeftTheLoopback(f"tests never leave the loopback: {what} was refused")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether an address or name can only mean this machine. The wildcard and "" do, for binding."""
    name = host.split("%")[0].rstrip(".").lower()
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or address.is_unspecified or (mapped is not None and mapped.is_loopback)


def command(module: str, *arguments: str | os.PathLike[str], python: str = sys.executable) -> list[str]:
    """The command line that runs `python -m module arguments…` as a child under the guard.

    The child's working directory must be the repository, or PYTHONPATH must name it. When it tried
    to leave the loopback, its exit code is `REFUSED_EXIT`.
    """
    return [python, "-m", "tests.support.loopback", module, *(os.fspath(one) for one in arguments)]


def run_guarded(arguments: Sequence[str]) -> None:
    """Runs a module as `__main__` under a new guard; does what :func:`command` promises."""
    guard = Guard()
    guard.install()
    sys.argv = list(arguments)
    try:
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    finally:
        for line in _complaints(guard):
            print(line, file=sys.stderr, flush=True)
        if guard.refused:
            os._exit(REFUSED_EXIT)


def _complaints(guard: Guard) -> Iterator[str]:
    for what in guard.refused:
        yield f"tests never leave the loopback: {what} was refused"


if __name__ == "__main__":
    run_guarded(sys.argv[1:])
