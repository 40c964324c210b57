"""The one door to the network: an HTTP client, made when it is first needed, shared by all vendors.

It asks once and never again; whoever calls decides what a broken line means. TLS trusts what the system
trusts, proxies come from the environment but never for this computer, redirects are not followed with a key,
nothing is remembered between requests (no cookies), and no library writes addresses or headers to a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict
from urllib.parse import urljoin

import anyio._backends._asyncio  # noqa: F401 - httpx would import this and the next with its first request,
import httpcore
import httpcore._async.http11
import httpx
import truststore
from httpx._utils import get_environment_proxies  # the client's own rules, in no public place

from app.basics.faults import BadInput
from app.basics.words import say
from app.providers.addresses import is_loopback, may_follow
from app.providers.bodies import Body
from app.providers.connections import Connections
from app.providers.direct import BROKEN, Direct, chunks
from app.providers.downloads import AT_ONCE, Downloads
from app.providers.line import Answer, Break, LineBroke, classify
from app.providers.spill import Spill

_MB = 1_000_000
_TEXT_KEPT = 2000
_PARSE_ALOUD = 256 * 1024
_AT_A_TIME = 512 * 1024
_MOST = 64
"""Connections at once."""
_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `whole` bounds a request from its first byte to the last of its answer, however it drips."""

    connect: float = 10.0
    read: float = 60.0
    write: float = 60.0
    pool: float = 30.0
    whole: float = 150.0
    work: float = 600.0
    """Instead of `read` and `whole`, where the work is done before the answer begins."""
    download: float = 600.0
    idle: float = 4.0
    """How long an idle connection is kept: less than the 5 s after which common servers close theirs."""


class _Watch:
    """Whether any of a request's body was handed to the line."""

    __slots__ = ("began",)

    def __init__(self, began: bool) -> None:
        self.began = began


class Transport:
    """`version` is our own, for the User-Agent; `trust` whom TLS trusts, by default who the system does."""

    def __init__(
        self, *, version: str, patience: Patience = Patience(), trust: ssl.SSLContext | None = None
    ) -> None:
        self._agent = f"Tagloom/{version}"
        self._patience = patience
        self._ways: dict[tuple[bool, bool], Direct | httpx.AsyncClient] = {}
        self._fetchers: dict[bool, httpx.Client] = {}
        self._downloads = Downloads(self._fetcher)
        self._tls = trust

    async def ask(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        body: Body | None = None,
        fresh: bool = False,
        most: int = 8 * _MB,
        seconds: float | None = None,
        works: bool = False,
        spill: Spill | None = None,
    ) -> Answer:
        """One request, one answer of at most `most` bytes. `works`: what is asked for is made before
        the answer begins, which may be silent for minutes. `spill` takes the long texts of its JSON to files.

        `fresh` takes a new connection: a kept one may be closed by the other side just as we write, and
        for a create that would be an unknown for nothing.

        :raises LineBroke: no answer
        :raises SpillTrouble: what came could not be kept
        """
        watch = _Watch(began=body is None)
        try:
            async with asyncio.timeout(seconds or (self._patience.work if works else self._patience.whole)):
                way = self._way(address, fresh)
                all_headers = _headers_of(headers, body)
                content = _watched(body, watch) if body is not None else None
                if isinstance(way, Direct):
                    said = await way.send(method, address, all_headers, content, self._waits(works))
                    return await _told(said, most, spill)
                timeout = httpx.Timeout(**self._waits(works))
                request = way.build_request(
                    method, address, headers=all_headers, content=content, timeout=timeout
                )
                return await _told(await way.send(request, stream=True), most, spill)
        except TimeoutError:
            raise LineBroke(Break.SLOW, sent=watch.began) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _line_broke(error, watch) from None

    async def download(
        self,
        address: str,
        target: Path,
        *,
        base: str,
        most: int = 200 * _MB,
        seconds: float | None = None,
    ) -> Answer:
        """Streams a file without any key into a new file at `target`; it is there, whole and fsynced, only
        when the answer's status is 200. `base` is the vendor's address, see `may_follow`.

        :raises LineBroke: broken, too slow or too large; `target` is removed
        :raises DiskTrouble: `target` could not be written; it is removed
        """
        try:
            async with asyncio.timeout(seconds or self._patience.download):
                for _ in range(_MOST_REDIRECTS + 1):
                    answer = await self._downloads.fetch(address, target, most)
                    if answer.status not in _REDIRECTS:
                        return answer
                    address = urljoin(address, answer.headers.get("location", ""))
                    if not may_follow(address, base=base):
                        return answer
                return answer
        except TimeoutError:
            raise LineBroke(Break.SLOW, sent=True) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _line_broke(error, _Watch(began=True)) from None

    def trust(self) -> ssl.SSLContext:
        """Whom TLS trusts."""
        if self._tls is None:
            self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls

    async def close(self) -> None:
        ways = tuple(self._ways.values())
        self._ways.clear()
        for way in ways:
            await way.aclose()
        self._downloads.close()
        for fetcher in self._fetchers.values():
            fetcher.close()
        self._fetchers.clear()

    def _waits(self, works: bool = False) -> dict[str, float]:
        """Seconds, as httpx and httpcore name them."""
        patience = self._patience
        return {
            "connect": patience.connect,
            "read": patience.work if works else patience.read,
            "write": patience.write,
            "pool": patience.pool,
        }

    def _way(self, address: str, fresh: bool) -> Direct | httpx.AsyncClient:
        """Straight where the computer has no proxies, and always to itself."""
        here = is_loopback(address)
        way = self._ways.get((here, fresh))
        if way is None:
            way = self._ways[here, fresh] = self._make(here, fresh)
        return way

    def _make(self, here: bool, fresh: bool) -> Direct | httpx.AsyncClient:
        with _settings():
            if not here and get_environment_proxies():
                return httpx.AsyncClient(**self._common(here, kept=0 if fresh else 32))
        _hush()
        kept = 0 if fresh else _MOST
        return Direct(
            Connections(tls=self.trust(), most=_MOST, kept=kept, idle=self._patience.idle), self._agent
        )

    def _fetcher(self, address: str) -> httpx.Client:
        here = is_loopback(address)
        client = self._fetchers.get(here)
        if client is None:
            with _settings():
                client = self._fetchers[here] = httpx.Client(**self._common(here, kept=AT_ONCE))
        return client

    def _common(self, here: bool, kept: int) -> _Common:
        _hush()
        patience = self._patience
        return _Common(
            verify=self.trust(),
            trust_env=not here,
            follow_redirects=False,
            headers={"User-Agent": self._agent},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(**self._waits()),
            limits=httpx.Limits(
                max_connections=_MOST, max_keepalive_connections=kept, keepalive_expiry=patience.idle
            ),
        )


def _hush() -> None:
    for noisy in ("httpx", "httpcore"):  # they log whole addresses and headers below WARNING
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _Common(TypedDict):
    """What all our clients are made with."""

    verify: ssl.SSLContext
    trust_env: bool
    follow_redirects: bool
    headers: dict[str, str]
    cookies: CookieJar
    timeout: httpx.Timeout
    limits: httpx.Limits


@contextlib.contextmanager
def _settings() -> Iterator[None]:
    """:raises BadInput: the computer's own proxy settings make no sense"""
    try:
        yield
    except (ValueError, ImportError) as error:
        raise BadInput(
            say("The proxy settings of this computer cannot be used."),
            advice=say("Look at HTTPS_PROXY and ALL_PROXY: give http:// or https:// with host and port."),
            code="proxy.bad",
        ) from error


async def _watched(body: Body, watch: _Watch) -> AsyncGenerator[bytes, None]:
    async for chunk in body.chunks():
        watch.began = True
        yield chunk


def _headers_of(headers: Mapping[str, str], body: Body | None) -> dict[str, str]:
    given = {"Accept": "application/json", **headers}
    if body is not None:
        given |= {"Content-Type": body.mime, "Content-Length": str(body.length)}
    return given


async def _told(response: httpx.Response | httpcore.Response, most: int, spill: Spill | None) -> Answer:
    """The whole answer, or what came of it: the status alone often decides about money."""
    try:
        if isinstance(response, httpx.Response):
            status, headers, parts = response.status_code, response.headers.raw, response.aiter_bytes()
        else:
            status, headers, parts = response.status, response.headers, chunks(response)
        content, whole = await _read(parts, most, spill)
    finally:
        await response.aclose()
    value = None
    if whole and content:
        parse_apart = len(content) > _PARSE_ALOUD
        value = await asyncio.to_thread(_parse, content) if parse_apart else _parse(content)
    text = bytes(content[: 4 * _TEXT_KEPT]).decode("utf-8", "replace")[:_TEXT_KEPT]
    return Answer(status=status, headers=_named(headers), json=value, text=text, whole=whole)


async def _read(
    parts: AsyncIterator[bytes], most: int, spill: Spill | None
) -> tuple[bytes | bytearray, bool]:
    """What came, and whether that is all."""
    content, whole, size = bytearray(), True, 0
    try:
        async for chunk in parts:
            content += chunk
            size += len(chunk)
            if size > most:
                whole = False
                break
            if spill is not None and len(content) > _AT_A_TIME:
                piece, content = content, bytearray()
                await asyncio.to_thread(spill.feed, bytes(piece))
    except (httpx.HTTPError, *BROKEN):
        whole = False
    if spill is not None:
        return await asyncio.to_thread(spill.finish, bytes(content)), whole
    return content, whole


def _parse(content: bytes | bytearray) -> object | None:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value


def _named(headers: Sequence[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """In lower case; what is said twice, in one."""
    named: dict[str, str] = {}
    for raw, value in headers:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        named[name] = f"{named[name]}, {text}" if name in named else text
    return MappingProxyType(named)


def _line_broke(error: httpx.HTTPError | httpx.InvalidURL, watch: _Watch) -> LineBroke:
    if isinstance(error, httpx.HTTPError):
        return classify(error, began=watch.began)
    return LineBroke(Break.UNSENDABLE, sent=False)
