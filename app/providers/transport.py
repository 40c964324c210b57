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
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from types import MappingProxyType
from typing import TypedDict
from urllib.parse import urljoin
from urllib.request import getproxies

import anyio._backends._asyncio  # noqa: F401 - httpx would import this and the next with its first request,
import httpcore._async.http11  # noqa: F401 - in the loop: a tenth of a second in which a window stands still
import httpx
import truststore

from app.basics.faults import BadInput
from app.basics.words import say
from app.providers.addresses import is_loopback, may_follow
from app.providers.bodies import Body
from app.providers.connections import Connections, Straight
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
        self._clients: dict[tuple[bool, bool], httpx.AsyncClient] = {}
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
                request = self._request(method, address, headers, body, watch, fresh, works)
                response = await self._client(address, fresh).send(request, stream=True)
                try:
                    return await _read(response, most, spill)
                finally:
                    await response.aclose()
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
        clients = tuple(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.aclose()
        self._downloads.close()
        for fetcher in self._fetchers.values():
            fetcher.close()
        self._fetchers.clear()

    def _request(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: Body | None,
        watch: _Watch,
        fresh: bool,
        works: bool,
    ) -> httpx.Request:
        all_headers = {"Accept": "application/json", **headers}
        if body is not None:
            all_headers |= {"Content-Type": body.mime, "Content-Length": str(body.length)}
        content = _watched(body, watch) if body is not None else None
        return self._client(address, fresh).build_request(
            method, address, headers=all_headers, content=content, timeout=self._timeout(works)
        )

    def _timeout(self, works: bool = False) -> httpx.Timeout:
        patience = self._patience
        return httpx.Timeout(
            connect=patience.connect,
            read=patience.work if works else patience.read,
            write=patience.write,
            pool=patience.pool,
        )

    def _client(self, address: str, fresh: bool) -> httpx.AsyncClient:
        here = is_loopback(address)
        client = self._clients.get((here, fresh))
        if client is None:
            client = self._clients[here, fresh] = self._make(here, fresh)
        return client

    def _fetcher(self, address: str) -> httpx.Client:
        here = is_loopback(address)
        client = self._fetchers.get(here)
        if client is None:
            with _settings():
                client = self._fetchers[here] = httpx.Client(**self._common(here, kept=AT_ONCE))
        return client

    def _make(self, here: bool, fresh: bool) -> httpx.AsyncClient:
        straight = Straight(
            Connections(tls=self.trust(), most=_MOST, kept=0 if fresh else _MOST, idle=self._patience.idle)
        )
        with _settings():
            # Before all others, so that it counts where nothing else is said: a proxy for some, or for all.
            mounts = {} if not here and getproxies().get("all") else {"all://": straight}
            return httpx.AsyncClient(**self._common(here, kept=0 if fresh else 32), mounts=mounts)

    def _common(self, here: bool, kept: int) -> _Common:
        for noisy in ("httpx", "httpcore"):  # they log whole addresses and headers below WARNING
            logging.getLogger(noisy).setLevel(logging.WARNING)
        patience = self._patience
        return _Common(
            verify=self.trust(),
            trust_env=not here,
            follow_redirects=False,
            headers={"User-Agent": self._agent},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=self._timeout(),
            limits=httpx.Limits(
                max_connections=_MOST, max_keepalive_connections=kept, keepalive_expiry=patience.idle
            ),
        )


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


async def _read(response: httpx.Response, most: int, spill: Spill | None = None) -> Answer:
    """The whole answer, or what came of it: the status alone often decides about money."""
    content = bytearray()
    whole = True
    size = 0
    try:
        async for chunk in response.aiter_bytes():
            content += chunk
            size += len(chunk)
            if size > most:
                whole = False
                break
            if spill is not None and len(content) > _AT_A_TIME:
                piece, content = content, bytearray()
                await asyncio.to_thread(spill.feed, bytes(piece))
    except httpx.HTTPError:
        whole = False
    if spill is not None:
        content = await asyncio.to_thread(spill.finish, bytes(content))
    value = None
    if whole and content:
        parse_apart = len(content) > _PARSE_ALOUD
        value = await asyncio.to_thread(_parse, content) if parse_apart else _parse(content)
    text = bytes(content[: 4 * _TEXT_KEPT]).decode("utf-8", "replace")[:_TEXT_KEPT]
    return Answer(status=response.status_code, headers=_headers(response), json=value, text=text, whole=whole)


def _parse(content: bytearray) -> object | None:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value


def _headers(response: httpx.Response) -> Mapping[str, str]:
    return MappingProxyType({name.lower(): value for name, value in response.headers.items()})


def _line_broke(error: httpx.HTTPError | httpx.InvalidURL, watch: _Watch) -> LineBroke:
    if isinstance(error, httpx.HTTPError):
        return classify(error, began=watch.began)
    return LineBroke(Break.UNSENDABLE, sent=False)
