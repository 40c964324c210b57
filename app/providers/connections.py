"""Straight lines to vendors: an httpx transport over aiohttp's connections.

The same requests cost less than half of the processor's time that they cost over httpx's own (h11 parses in
Python, aiohttp in C), and of the time that two hundred tasks under way take most is this. What breaks is told
in httpx's errors, by whether anything of the request can have left.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import cast

import aiohttp
import httpx
from yarl import URL

_MOST_HEAD = 64 * 1024
"""Bytes of one header, as of an address to go on to."""


class Straight(httpx.AsyncBaseTransport):
    """At most `most` connections at once, to all hosts together; whoever comes later waits in turn. One that
    is idle is kept for `idle` seconds; where that is 0, each request has one of its own.

    Takes the four timeouts of httpx: `connect` with TLS, `read` between two pieces of an answer, `write`
    between two pieces of a body, `pool` for a place; seconds. A GET, PUT or DELETE whose kept connection the
    other side just closed is asked once more (RFC 9110, 9.2.2), where nothing of a body has gone.
    """

    def __init__(self, *, tls: ssl.SSLContext, most: int, idle: float) -> None:
        self._tls = tls
        self._idle = idle
        self._places = asyncio.Semaphore(most)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """:raises httpx.PoolTimeout: there was no place in time; nothing was sent
        :raises httpx.TransportError: no answer; `httpx.ConnectError` where the line did not come to be
        """
        patience: Mapping[str, float | None] = request.extensions.get("timeout", {})
        await self._wait(patience.get("pool"))
        body = _Sending(request, patience.get("write"))
        try:
            answer = await self._ask(request, body, patience)
        except BaseException:
            self._places.release()
            await body.close()
            raise
        return httpx.Response(
            status_code=answer.status,
            headers=list(answer.raw_headers),
            stream=_Content(answer, body, self._places),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": (answer.reason or "").encode()},
        )

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(
        self, request: httpx.Request, body: _Sending, patience: Mapping[str, float | None]
    ) -> aiohttp.ClientResponse:
        try:
            async with body.limited():
                return await self._opened().request(
                    request.method,
                    URL(str(request.url), encoded=True),
                    headers=[
                        (name.decode("latin-1"), value.decode("latin-1"))
                        for name, value in request.headers.raw
                    ],
                    data=body.pieces,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(
                        sock_connect=patience.get("connect"), sock_read=patience.get("read")
                    ),
                )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            if body.error is not None:  # it is the body that could not be read, not the line that broke
                raise body.error from None
            raise _as_httpx(error, request) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # No limit of its own: `_places` counts, and waits with httpx's patience.
            connector = (
                aiohttp.TCPConnector(ssl=self._tls, limit=0, keepalive_timeout=self._idle)
                if self._idle > 0
                else aiohttp.TCPConnector(ssl=self._tls, limit=0, force_close=True)
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                max_line_size=_MOST_HEAD,
                max_field_size=_MOST_HEAD,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        return self._session

    async def _wait(self, seconds: float | None) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no free connection") from None


class _Sending:
    """A request's body on its way: each piece has `seconds` to go, an error of its own is kept, and `gone` is
    it when all of it is."""

    def __init__(self, request: httpx.Request, seconds: float | None) -> None:
        self.error: Exception | None = None
        self.pieces = self._read(request) if int(request.headers.get("content-length", 0)) else None
        self.gone = self.pieces is None
        self._request = request
        self._seconds = seconds
        self._limit: asyncio.Timeout | None = None

    @contextlib.asynccontextmanager
    async def limited(self) -> AsyncIterator[None]:
        """:raises httpx.WriteTimeout: a piece did not go in time"""
        try:
            async with asyncio.timeout(None) as self._limit:
                try:
                    yield
                finally:
                    limit, self._limit = self._limit, None
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise httpx.WriteTimeout(
                "a piece of the body did not go in time", request=self._request
            ) from error

    async def close(self) -> None:
        if self.pieces is not None:
            with contextlib.suppress(RuntimeError):  # it is just being read from, by who is told to stop
                await self.pieces.aclose()

    async def _read(self, request: httpx.Request) -> AsyncGenerator[bytes, None]:
        try:
            async for piece in cast(httpx.AsyncByteStream, request.stream):
                self._reschedule(self._seconds)
                yield piece
            self.gone = True
        except Exception as error:
            self.error = error
            raise
        finally:
            self._reschedule(None)

    def _reschedule(self, seconds: float | None) -> None:
        if self._limit is not None:
            when = None if seconds is None else asyncio.get_running_loop().time() + seconds
            self._limit.reschedule(when)


class _Content(httpx.AsyncByteStream):
    """The body of an answer; closed, it gives its place back."""

    def __init__(self, answer: aiohttp.ClientResponse, body: _Sending, places: asyncio.Semaphore) -> None:
        self._answer = answer
        self._body = body
        self._places = places
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise _as_httpx(error) from error

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        line = self._answer.connection
        if not self._body.gone and line is not None and line.transport is not None:
            line.transport.abort()  # who answers before the end may never listen to the rest
        self._answer.release()
        self._places.release()
        await self._body.close()


def _as_httpx(error: Exception, request: httpx.Request | None = None) -> httpx.TransportError:
    """What it is to httpx: whoever decides about money looks at whether the line came to be."""
    kind: type[httpx.TransportError] = httpx.ReadError
    match error:
        case aiohttp.ConnectionTimeoutError():
            kind = httpx.ConnectTimeout
        case TimeoutError():
            kind = httpx.ReadTimeout
        case aiohttp.ClientConnectorError() | aiohttp.ClientConnectorCertificateError():
            kind = httpx.ConnectError
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            kind = httpx.UnsupportedProtocol
        case ValueError():
            kind = httpx.LocalProtocolError
        case aiohttp.ClientResponseError() | aiohttp.ServerDisconnectedError():
            kind = httpx.RemoteProtocolError
    return kind(str(error), request=request)
