"""Requests that go straight to a host, said to httpcore without httpx between, which takes as long as all the
rest of a small request. On the line they are the same, and what breaks is raised as httpx would raise it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

import httpcore
import httpx

from app.providers.connections import Connections

_PLAIN = re.compile(
    r"(https?://[A-Za-z0-9.:\[\]-]+)(/[A-Za-z0-9._~!$&'()*+,;=:@/-]*(?:\?[A-Za-z0-9._~=&-]*)?)"
)
"""An address that is written as it is sent."""
_ALWAYS = ((b"Accept-Encoding", b"gzip, deflate"), (b"Connection", b"keep-alive"))
_WITH_BODY = ("POST", "PUT", "PATCH")
BROKEN = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
"""All that httpcore raises of a line that broke."""


class Direct:
    """`agent` is our own name for the other side."""

    def __init__(self, connections: Connections, agent: str) -> None:
        self._connections = connections
        self._agent = agent.encode("ascii")

    async def send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        content: AsyncIterable[bytes] | None,
        seconds: Mapping[str, float | None],
    ) -> httpcore.Response:
        """The answer, its body not read yet; whoever asks closes it. `headers` say how long `content` is,
        `seconds` how long to wait, as httpcore names it.

        :raises httpx.HTTPError: no answer
        :raises httpx.InvalidURL: `address` is none
        """
        url, host = _url(address)
        given = [(b"Host", host), (b"User-Agent", self._agent), *_ALWAYS]
        given += [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        if content is None and method in _WITH_BODY:
            given.append((b"Content-Length", b"0"))
        request = httpcore.Request(
            method, url, headers=given, content=content, extensions={"timeout": seconds}
        )
        with as_httpx():
            return await self._connections.handle_async_request(request)

    async def aclose(self) -> None:
        await self._connections.aclose()


def chunks(answer: httpcore.Response) -> AsyncIterator[bytes]:
    """The body as it was meant, whatever it was packed in on the way. It may raise `BROKEN` or
    httpx.HTTPError."""
    assert isinstance(answer.stream, AsyncIterable)
    if not any(name.lower() == b"content-encoding" for name, _ in answer.headers):
        return aiter(answer.stream)
    unpacking = httpx.Response(answer.status, headers=answer.headers, stream=_Packed(answer.stream))
    return unpacking.aiter_bytes()


@contextmanager
def as_httpx() -> Iterator[None]:
    """httpx calls its errors as httpcore does."""
    try:
        yield
    except BROKEN as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Packed(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)


def _url(address: str) -> tuple[httpcore.URL, bytes]:
    """And the header that names the host."""
    plain = _PLAIN.fullmatch(address)
    if plain is None or "/." in address:
        whole = httpx.URL(address)
        if whole.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"no way to speak {whole.scheme}")
        return _of(whole, whole.raw_path), whole.netloc
    home = _home(plain[1])
    return _of(home, plain[2].encode("ascii")), home.netloc


@lru_cache(64)
def _home(place: str) -> httpx.URL:
    return httpx.URL(place)


def _of(url: httpx.URL, target: bytes) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=target)
