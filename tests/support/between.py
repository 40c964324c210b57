"""Stands between a program and a PostgreSQL server, and cuts the line just when a commit is under way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

_COMMIT = b"COMMIT\0"


class Between:
    """`cut`: "before": the next commit does not reach the server; "after": its answer is lost."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lines: set[asyncio.StreamWriter] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self.cut = ""
        self.cuts = 0
        self.port = 0

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, to = await asyncio.open_connection("127.0.0.1", self._port)
        both = (writer, to)
        self._lines.update(both)
        lost = asyncio.Event()
        answers = asyncio.ensure_future(self._carry(there, writer, lost))
        self._talks.add(answers)
        with contextlib.suppress(OSError):  # one of them has gone
            while part := await reader.read(65536):
                if self.cut and _COMMIT in part:
                    self.cuts += 1
                    cut, self.cut = self.cut, ""
                    lost.set()
                    if cut == "before":
                        break
                to.write(part)
                await to.drain()
                if lost.is_set():
                    await answers
        for one in both:
            one.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while (part := await reader.read(65536)) and not lost.is_set():
                writer.write(part)
                await writer.drain()
        writer.close()

    def hang_up(self) -> None:
        """Every line there is."""
        for one in self._lines:
            one.close()

    async def end(self) -> None:
        self.hang_up()
        await asyncio.gather(*self._talks, return_exceptions=True)


@contextlib.asynccontextmanager
async def between(port: int) -> AsyncIterator[Between]:
    made = Between(port)
    served = await asyncio.start_server(made._came, "127.0.0.1", 0)
    made.port = served.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        served.close()
        await made.end()
        await asyncio.sleep(0)
