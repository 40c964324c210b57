"""The HTTP clients of one event loop, made when they are first needed.

TLS trusts what the system trusts, proxies come from the environment but never for this computer, redirects
are not followed, nothing is remembered between requests (no cookies), and no library writes addresses or
headers to a log.
"""

from __future__ import annotations

import contextlib
import logging
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.request import getproxies

import anyio._backends._asyncio  # noqa: F401 - through a proxy httpx would import this and the next with its
import httpcore._async.http11  # noqa: F401 - first request, in the loop: a window would stand still for 0.1 s
import httpx

from app.basics.faults import BadInput
from app.basics.words import say
from app.providers.addresses import is_loopback
from app.providers.connections import Straight

MOST = 64
"""Connections at once."""
_KEPT = 32


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

    def timeout(self, works: bool = False) -> httpx.Timeout:
        return httpx.Timeout(
            connect=self.connect,
            read=self.work if works else self.read,
            write=self.write,
            pool=self.pool,
        )


USUAL = Patience()


class Clients:
    """`agent` is our own name; `trust` gives whom TLS trusts."""

    def __init__(self, agent: str, patience: Patience, trust: Callable[[], ssl.SSLContext]) -> None:
        self._agent = agent
        self._patience = patience
        self._trust = trust
        self._made: dict[tuple[bool, bool], httpx.AsyncClient] = {}

    def get(self, address: str, fresh: bool = False) -> httpx.AsyncClient:
        """`fresh`: each request has a connection of its own.

        :raises BadInput: the computer's own proxy settings make no sense
        """
        key = (is_loopback(address), fresh)
        client = self._made.get(key)
        if client is None:
            client = self._made[key] = self._make(*key)
        return client

    async def close(self) -> None:
        """What is asked afterwards makes new ones."""
        clients = tuple(self._made.values())
        self._made.clear()
        for client in clients:
            await client.aclose()

    def _make(self, here: bool, fresh: bool) -> httpx.AsyncClient:
        for noisy in ("httpx", "httpcore"):  # they log whole addresses and headers below WARNING
            logging.getLogger(noisy).setLevel(logging.WARNING)
        idle = self._patience.idle
        straight = Straight(tls=self._trust(), most=MOST, idle=0 if fresh else idle)
        with _settings():
            # Before all others, so that it counts where nothing else is said: a proxy for some, or for all.
            mounts = {} if not here and getproxies().get("all") else {"all://": straight}
            return httpx.AsyncClient(
                verify=self._trust(),
                trust_env=not here,
                follow_redirects=False,
                headers={"User-Agent": self._agent},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=self._patience.timeout(),
                limits=httpx.Limits(
                    max_connections=MOST,
                    max_keepalive_connections=0 if fresh else _KEPT,
                    keepalive_expiry=idle,
                ),
                mounts=mounts,
            )


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
