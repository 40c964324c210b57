"""Which way a call goes: straight, or through a proxy, by the very rules of the HTTP client."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx
from httpx._utils import URLPattern, get_environment_proxies  # the client's own rules, in no public place

from app.basics.secret import Secret
from app.providers.addresses import is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """`source` names the variable it comes from; empty where the system's own settings name it.
    `authorization` is a header's value; it is never shown."""

    scheme: str
    host: str
    port: int
    source: str
    authorization: Secret | None = None

    @property
    def words(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def proxy_of(address: str, environment: Mapping[str, str] = os.environ) -> Proxy | None:
    """The proxy on the way to an address, None for the straight way. Never one for this computer."""
    if is_loopback(address):
        return None
    url = httpx.URL(address)
    patterns = sorted((URLPattern(key), proxy) for key, proxy in get_environment_proxies().items())
    proxy = next((one for pattern, one in patterns if pattern.matches(url)), None)
    if not proxy:
        return None
    parts = urlsplit(proxy)
    return Proxy(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        source=_source(url.scheme, environment),
        authorization=_authorization(parts.username, parts.password),
    )


def _source(scheme: str, environment: Mapping[str, str]) -> str:
    names = (f"{scheme}_proxy", "all_proxy")
    found = (name for wanted in names for name in (wanted.upper(), wanted) if environment.get(name))
    return next(found, "")


def _authorization(user: str | None, password: str | None) -> Secret | None:
    if user is None:
        return None
    pair = f"{unquote(user)}:{unquote(password or '')}"
    return Secret("Basic " + base64.b64encode(pair.encode()).decode("ascii"))
