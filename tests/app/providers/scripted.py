"""A loopback server that answers by a script and misbehaves at the level of sockets when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Act(StrEnum):
    ANSWER = "answer"
    RESET_BEFORE_BODY = "reset before the body is read"
    RESET_IN_BODY = "reset in the middle of the body"
    RESET_AFTER_BODY = "reset after the whole body"
    CLOSE_AFTER_BODY = "closed after the whole body, without a word"
    SILENT = "no answer at all"
    HALF_HEADERS = "half of the headers, then closed"
    HALF_BODY = "half of the answer, then closed"
    HALF_BODY_RESET = "half of the answer, then reset"
    SLOW_HEADERS = "headers that drip, for ever"
    SLOW_BODY = "a body that drips, for ever"
    GARBAGE = "not HTTP"
    ENDLESS = "a body without an end, as fast as it can be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`json` or `body`; half answers promise the whole length."""

    status: int = 200
    json: object = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    act: Act = Act.ANSWER
    delay: float = 0.0

    def content(self) -> bytes:
        return json.dumps(self.json).encode() if self.json is not None else self.body

    def head(self) -> bytes:
        kind = "application/json" if self.json is not None else "application/octet-stream"
        lines = {"Content-Type": kind, "Content-Length": str(len(self.content()))} | dict(self.headers)
        if self.status == 204:
            del lines["Content-Length"]
        return (
            f"HTTP/1.1 {self.status} Whatever\r\n"
            + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
            + "\r\n"
        ).encode()


@dataclass(slots=True, kw_only=True)
class Seen:
    """A request as it came. `body` is what was read of it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    raw_names: tuple[str, ...] = ()

    def json(self) -> object:
        return json.loads(self.body)


Answerer = Reply | Callable[[Seen], Reply]
Routes = Mapping[str, Answerer | Sequence[Answerer]]
"""`"POST /v1/tasks/.*"` → a reply, a function of the request, or a list of them, the last for ever."""


class Scripted:
    """Routes may be changed while it runs. `seen` are the requests whose headers came whole."""

    def __init__(self, routes: Routes) -> None:
        self.routes: dict[str, Answerer | Sequence[Answerer]] = dict(routes)
        self.seen: list[Seen] = []
        self.connections = 0
        self.url = ""
        self._used: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def until(self, comes: Callable[[], bool]) -> None:
        """Waits for something that the other side does; the test's own time-out ends it."""
        async with asyncio.timeout(10):
            while not comes():  # noqa: ASYNC110 - what it waits for knows no event
                await asyncio.sleep(0.005)

    def count(self, pattern: str) -> int:
        return len(self.asked(pattern))

    def asked(self, pattern: str) -> list[Seen]:
        return [one for one in self.seen if re.fullmatch(pattern, f"{one.method} {one.path}")]

    def pick(self, seen: Seen) -> Reply:
        line = f"{seen.method} {seen.path}"
        for pattern, answer in self.routes.items():
            if not re.fullmatch(pattern, line):
                continue
            if isinstance(answer, Sequence):
                turn = self._used.get(pattern, 0)
                self._used[pattern] = turn + 1
                answer = answer[min(turn, len(answer) - 1)]
            return answer(seen) if callable(answer) else answer
        return Reply(status=418, json={"error": f"the script knows nothing of {line}"})

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
                while await self._one(reader, writer):
                    pass
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()
            # Over TLS a line is closed only some turns of the loop later: whoever stops us waits for that.
            with contextlib.suppress(OSError, TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 0.5)
            self._tasks.discard(task)

    async def stop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection may be used again."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        pairs = [line.split(": ", 1) for line in head[1:] if line]
        seen = Seen(
            method=method,
            path=path,
            headers={name.lower(): value for name, value in pairs},
            raw_names=tuple(name for name, _ in pairs),
        )
        self.seen.append(seen)
        length = int(seen.headers.get("content-length", "0"))
        reply = self.pick(seen) if not length else None
        early = self._peek(seen) if length else None
        if early is Act.RESET_BEFORE_BODY:
            return self._reset(writer)
        if early is Act.RESET_IN_BODY:
            seen.body = await reader.readexactly(max(1, min(length // 2, 100_000)))
            return self._reset(writer)
        if length:
            seen.body = await reader.readexactly(length)
            reply = self.pick(seen)
        assert reply is not None
        await asyncio.sleep(reply.delay)
        return await self._answer(reply, writer)

    def _peek(self, seen: Seen) -> Act | None:
        """An act that must happen before the body is read; only a plain reply can ask for one."""
        for pattern, answer in self.routes.items():
            if re.fullmatch(pattern, f"{seen.method} {seen.path}"):
                if isinstance(answer, Sequence):
                    answer = answer[min(self._used.get(pattern, 0), len(answer) - 1)]
                early = (Act.RESET_BEFORE_BODY, Act.RESET_IN_BODY)
                if isinstance(answer, Reply) and answer.act in early:
                    self._used[pattern] = self._used.get(pattern, 0) + 1
                    return answer.act
                return None
        return None

    async def _answer(self, reply: Reply, writer: asyncio.StreamWriter) -> bool:
        head, content = reply.head(), reply.content()
        match reply.act:
            case Act.ANSWER:
                writer.write(head + content)
                await writer.drain()
                return True
            case Act.RESET_AFTER_BODY | Act.RESET_BEFORE_BODY | Act.RESET_IN_BODY:
                return self._reset(writer)
            case Act.CLOSE_AFTER_BODY:
                return False
            case Act.SILENT:
                await asyncio.sleep(3600)
            case Act.HALF_HEADERS:
                writer.write(head[: len(head) // 2])
            case Act.HALF_BODY | Act.HALF_BODY_RESET:
                writer.write(head + content[: len(content) // 2])
                await writer.drain()
                await asyncio.sleep(0.02)
                if reply.act is Act.HALF_BODY_RESET:
                    return self._reset(writer)
            case Act.SLOW_HEADERS:
                await _drip(writer, head)
            case Act.SLOW_BODY:
                writer.write(head)
                await _drip(writer, content)
            case Act.GARBAGE:
                writer.write(b"\x00\x01 220 mail.example ready\r\n\r\n")
            case Act.ENDLESS:
                await _pour(writer, reply.status)
        await writer.drain()
        return False

    def _reset(self, writer: asyncio.StreamWriter) -> bool:
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return False


async def _drip(writer: asyncio.StreamWriter, content: bytes) -> None:
    for at in range(len(content) - 1):
        writer.write(content[at : at + 1])
        await writer.drain()
        await asyncio.sleep(0.05)
    await asyncio.sleep(3600)


async def _pour(writer: asyncio.StreamWriter, status: int) -> None:
    """Until the other side has had enough."""
    writer.write(f"HTTP/1.1 {status} Whatever\r\nContent-Type: image/png\r\n\r\n".encode())
    piece = b"\x89PNG" * (1 << 16)
    while not writer.is_closing():
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)  # a TLS line that is cut hears of it between two turns of the loop only


@asynccontextmanager
async def scripted(routes: Routes, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Scripted]:
    one = Scripted(routes)
    server = await asyncio.start_server(one.connected, "127.0.0.1", 0, limit=1 << 20, ssl=tls)
    one.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield one
    finally:
        server.close()
        await one.stop()
        await server.wait_closed()


def dead_url() -> str:
    """An address on this computer where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"
