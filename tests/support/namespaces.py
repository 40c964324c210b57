"""Machines that are network namespaces of this one, each on a cable that can be pulled. Needs root.

What stands on the loopback of this machine is reached at the same port on the loopback of each of them, by
way of the cable: a forwarder on both sides. Nothing else is reached from there."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_PORTS_AWAY = 15_000
_BEGIN_SECONDS = 20.0


def missing() -> str:
    """Why there are none here; empty where there are."""
    if sys.platform != "linux" or os.geteuid() or shutil.which("ip") is None:
        return "network namespaces need Linux, root and `ip`"
    done = subprocess.run(["ip", "netns", "list"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "this machine gives no network namespaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    name: str
    address: str
    cable: str

    def command(self, *words: str) -> list[str]:
        """A command there. It is not under the guard: nothing but the cable leads out."""
        return ["ip", "netns", "exec", self.name, *words]

    def pull(self) -> None:
        _ip("link", "set", self.cable, "down")

    def plug(self) -> None:
        _ip("link", "set", self.cable, "up")


@contextmanager
def machine(number: int, ports: Sequence[int]) -> Iterator[Machine]:
    """`ports`: of this machine's loopback, to be had there."""
    name, cable, far = f"tagloom{os.getpid()}-{number}", f"tl{os.getpid() % 10_000}a{number}", ""
    far = cable.replace("a", "b")
    subnet = f"10.{200 + os.getpid() % 50}.{number}"
    with ExitStack() as stack:
        _ip("netns", "add", name)
        stack.callback(_ip, "netns", "del", name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", far)
        _ip("link", "set", far, "netns", name)
        _ip("addr", "add", f"{subnet}.1/24", "dev", cable)
        _ip("link", "set", cable, "up")
        _ip("-n", name, "addr", "add", f"{subnet}.2/24", "dev", far)
        _ip("-n", name, "link", "set", far, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        made = Machine(name=name, address=f"{subnet}.2", cable=cable)
        forward = [sys.executable, "-m", "tests.support.namespaces"]
        here = [f"{subnet}.1:{_away(one)}=127.0.0.1:{one}" for one in ports]
        there = [f"127.0.0.1:{one}={subnet}.1:{_away(one)}" for one in ports]
        stack.enter_context(_running([*forward, *here]))
        stack.enter_context(_running(made.command(*forward, *there)))
        yield made


def _away(port: int) -> int:
    return port - _PORTS_AWAY if port > 20_000 else port + _PORTS_AWAY


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=20)


@contextmanager
def _running(words: list[str]) -> Iterator[None]:
    process = subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        deadline = time.monotonic() + _BEGIN_SECONDS
        assert process.stdout.readline(), f"{words} did not begin"
        assert time.monotonic() < deadline
        yield
    finally:
        process.kill()
        process.communicate()


async def _forward(pairs: Sequence[str]) -> None:
    for pair in pairs:
        (host, port), (to, to_port) = (one.split(":") for one in pair.split("="))

        async def come(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str = to, port: str = to_port
        ) -> None:
            try:
                there, away = await asyncio.open_connection(to, int(port))
            except OSError:
                writer.close()
                return
            await asyncio.gather(_pass(reader, away), _pass(there, writer))

        await asyncio.start_server(come, host, int(port))
    print("forwarding", flush=True)
    await asyncio.Event().wait()


async def _pass(reader: asyncio.StreamReader, writer: Any) -> None:
    try:
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(_forward(sys.argv[1:]))
