"""What came back over the line, or where it broke. The money hangs on one question: may it have arrived?"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. Header names are lower case; `json` None where the body is no JSON; `text` its first
    2000 characters, not yet safe to show. `whole` False: the body broke off or was larger than allowed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    json: object | None = None
    text: str = field(default="", repr=False)
    whole: bool = True

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def mapping(self) -> Mapping[str, object]:
        """The JSON object, or an empty one where the body is something else."""
        return self.json if isinstance(self.json, dict) else {}


class Break(StrEnum):
    """Where a request ended without an answer."""

    NAME = "name"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect-timeout"
    TLS = "tls"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    BUSY = "busy"
    UNSENDABLE = "unsendable"
    SLOW = "slow"
    RESET = "reset"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"


_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,  # raised while a tunnel is made, before our request
    httpx.UnsupportedProtocol,
)


class LineBroke(Exception):
    """No whole answer. `sent` False only where the request surely did not arrive."""

    def __init__(self, broke: Break, *, sent: bool) -> None:
        super().__init__(f"{broke} ({'may have arrived' if sent else 'not sent'})")
        self.broke = broke
        self.sent = sent


def classify(error: httpx.HTTPError, *, began: bool) -> LineBroke:
    """`began`: whether any of the body was handed to the line. A request with a body whose headers alone
    left is no request yet; anything later may have arrived, whatever the error says."""
    if isinstance(error, _NEVER_LEFT):
        return LineBroke(_before(error), sent=False)
    return LineBroke(_after(error), sent=began)


def _before(error: httpx.HTTPError) -> Break:
    if isinstance(error, httpx.ConnectTimeout):
        return Break.CONNECT_TIMEOUT
    if isinstance(error, httpx.PoolTimeout):
        return Break.BUSY
    if isinstance(error, httpx.ProxyError):
        return Break.PROXY
    if isinstance(error, httpx.UnsupportedProtocol):
        return Break.UNSENDABLE
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Break.CERTIFICATE
        if isinstance(cause, ssl.SSLError):
            return Break.TLS
        if isinstance(cause, socket.gaierror):
            return Break.NAME
    return Break.REFUSED


def _after(error: httpx.HTTPError) -> Break:
    if isinstance(error, httpx.TimeoutException):
        return Break.SLOW
    if isinstance(error, httpx.LocalProtocolError):
        return Break.UNSENDABLE
    if isinstance(error, httpx.DecodingError):
        return Break.UNREADABLE
    return Break.RESET


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came from, each once."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend(cause for cause in (one.__cause__, one.__context__) if cause is not None)
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
