"""Connections to vendors, kept while nobody uses them.

httpcore's own pool looks at every connection, and asks the system about every idle one, each time that a
request begins or ends, and at all of them for each request that waits: with two hundred jobs under way that
takes longer than all else together. Here the one that was used last is taken, and only it is looked at.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from typing import Protocol, cast

import httpcore
import httpx
from httpcore import AsyncConnectionInterface

_Place = tuple[bytes, bytes, int]
"""Scheme, host and port."""


class _Stream(Protocol):
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class Connections(httpcore.AsyncConnectionPool):
    """At most `most` at once, to all hosts together, straight ones; whoever comes later waits in turn. Of
    idle ones at most `kept`, for `idle` seconds each. httpcore's connections, and its errors."""

    def __init__(self, *, tls: ssl.SSLContext, most: int, kept: int, idle: float) -> None:
        super().__init__(ssl_context=tls, max_connections=most, keepalive_expiry=idle)
        self._places = asyncio.Semaphore(most)
        self._kept = kept
        self._idle: dict[_Place, deque[AsyncConnectionInterface]] = {}
        self._count = 0

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """:raises httpcore.PoolTimeout: there was no place in time; nothing was sent"""
        await self._wait(request.extensions.get("timeout", {}).get("pool"))
        origin = request.url.origin
        place = (origin.scheme, origin.host, origin.port)
        connection: AsyncConnectionInterface | None = None
        try:
            connection = await self._known(place) or self.create_connection(origin)
            answer = await connection.handle_async_request(request)
        except BaseException:
            self._places.release()
            if connection is not None:  # a line that was just opened may be open still
                await connection.aclose()
            raise
        return httpcore.Response(
            status=answer.status,
            headers=answer.headers,
            content=_Content(cast(_Stream, answer.stream), self, connection, place),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Closes the idle ones; those in use close themselves, as their answers do."""
        idle, self._idle, self._kept, self._count = self._idle, {}, 0, 0
        for connections in idle.values():
            for connection in connections:
                await connection.aclose()

    async def give_back(self, connection: AsyncConnectionInterface, place: _Place) -> None:
        """Of an answer that is closed."""
        self._places.release()
        if self._count >= self._kept or not connection.is_idle():
            await connection.aclose()
            return
        waiting = self._idle.setdefault(place, deque())
        waiting.append(connection)
        self._count += 1
        if waiting[0].has_expired():
            self._count -= 1
            await waiting.popleft().aclose()

    async def _wait(self, seconds: float | None) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise httpcore.PoolTimeout from None

    async def _known(self, place: _Place) -> AsyncConnectionInterface | None:
        """The one that was used last, where the other side has not closed it."""
        waiting = self._idle.get(place)
        while waiting:
            connection = waiting.pop()
            self._count -= 1
            if not (connection.has_expired() or connection.is_closed()):
                return connection
            await connection.aclose()
        return None


class _Content:
    """The body of an answer; closed, it gives its connection back."""

    def __init__(
        self,
        stream: _Stream,
        owner: Connections,
        connection: AsyncConnectionInterface,
        place: _Place,
    ) -> None:
        self._stream = stream
        self._owner = owner
        self._connection = connection
        self._place = place
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            await self._stream.aclose()
        finally:
            await self._owner.give_back(self._connection, self._place)


class Straight(httpx.AsyncHTTPTransport):
    """httpx's own, over `Connections`."""

    def __init__(self, connections: Connections) -> None:
        self._pool = connections
