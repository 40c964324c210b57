"""The one door to the network, shared by all vendors.

It asks once and never again; whoever calls decides what a broken line means. Redirects are not followed with
a key. What is trusted, kept and logged: see `clients`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urljoin

import httpx
import truststore

from app.providers.addresses import may_follow
from app.providers.bodies import Body
from app.providers.clients import USUAL, Clients, Patience
from app.providers.downloads import Downloads
from app.providers.line import Answer, Break, LineBroke, classify
from app.providers.spill import Spill

_MB = 1_000_000
_TEXT_KEPT = 2000
_PARSE_ALOUD = 256 * 1024
_AT_A_TIME = 512 * 1024
_MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)


class _Watch:
    """A request's body, and whether any of it was handed to the line; so it counts where there is none."""

    def __init__(self, body: Body | None) -> None:
        self.body = body
        self.began = body is None
        self.pieces = self._read(body) if body is not None else None

    async def close(self) -> None:
        """What the line did not take is not read."""
        if self.pieces is not None:
            with contextlib.suppress(RuntimeError):  # it is just being read from, by who is told to stop
                await self.pieces.aclose()

    async def _read(self, body: Body) -> AsyncGenerator[bytes, None]:
        async with contextlib.aclosing(body.chunks()) as chunks:
            async for chunk in chunks:
                self.began = True
                yield chunk


class Transport:
    """`version` is our own, for the User-Agent; `trust` whom TLS trusts, by default who the system does."""

    def __init__(
        self, *, version: str, patience: Patience = USUAL, trust: ssl.SSLContext | None = None
    ) -> None:
        agent = f"Tagloom/{version}"
        self._patience = patience
        self._tls = trust
        self._clients = Clients(agent, patience, self.trust)
        self._downloads = Downloads(Clients(agent, patience, self.trust))

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
        watch = _Watch(body)
        try:
            async with asyncio.timeout(seconds or (self._patience.work if works else self._patience.whole)):
                request = self._request(method, address, headers, watch, fresh, works)
                response = await self._clients.get(address, fresh).send(request, stream=True)
                try:
                    return await _read(response, most, spill)
                finally:
                    await response.aclose()
        except TimeoutError:
            raise LineBroke(Break.SLOW, sent=watch.began) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _line_broke(error, watch) from None
        finally:
            await watch.close()

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
            raise _line_broke(error, _Watch(None)) from None

    def trust(self) -> ssl.SSLContext:
        """Whom TLS trusts."""
        if self._tls is None:
            self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self._tls

    async def close(self) -> None:
        await self._clients.close()
        await self._downloads.close()

    def _request(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        watch: _Watch,
        fresh: bool,
        works: bool,
    ) -> httpx.Request:
        all_headers = {"Accept": "application/json", **headers}
        if (body := watch.body) is not None:
            all_headers |= {"Content-Type": body.mime, "Content-Length": str(body.length)}
        return self._clients.get(address, fresh).build_request(
            method, address, headers=all_headers, content=watch.pieces, timeout=self._patience.timeout(works)
        )


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
