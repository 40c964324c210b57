"""Lines to a vendor, opened by the machinery that the HTTP client opens its own with."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping

import httpcore
from msgspec import Struct

from app.basics.faults import Fault, Retry, Unreachable
from app.basics.words import joined, say
from app.providers.line import causes
from app.providers.routes import Proxy
from app.providers.steps import Seen, StepState

MOST_SHOWN = 4
_MOST_HEAD = 64 * 1024


class Target(Struct, frozen=True, kw_only=True):
    host: str
    port: int
    proxy: Proxy | None = None


class Sockets:
    """`trust` is whom TLS trusts, `seconds` how long each line may take to open."""

    def __init__(self, trust: ssl.SSLContext, seconds: float) -> None:
        self.trust = trust
        self.seconds = seconds
        self._opener = httpcore.AnyIOBackend()

    async def name(self, target: Target) -> Seen:
        """:raises Unreachable: it has no address"""
        host = target.proxy.host if target.proxy else target.host
        if _is_number(host):
            return StepState.GOOD, say("{host} is an address already.", host=host), say("")
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise unreachable(
                say("The name {host} was not found.", host=host),
                say("Check the internet connection and this computer's name server (DNS)."),
                error,
            ) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        shown = ", ".join(addresses[:MOST_SHOWN]) + (", …" if len(addresses) > MOST_SHOWN else "")
        words: str = say("{host} is {found}.", host=host, found=shown)
        if target.proxy:
            words = joined(words, say("The proxy looks up {host}.", host=target.host))
        return StepState.GOOD, words, ""

    async def connection(self, target: Target) -> Seen:
        """:raises Unreachable: nobody takes the call, or the proxy does not let it through"""
        stream = await self.open(target)
        await stream.aclose()
        words = say("{host}, port {port}, takes the call.", host=target.host, port=target.port)
        return StepState.GOOD, words, ""

    async def open(self, target: Target) -> httpcore.AsyncNetworkStream:
        """A line without TLS, through the proxy where there is one. Whoever asks closes it.

        :raises Unreachable: there is none
        """
        proxy = target.proxy
        host, port = (proxy.host, proxy.port) if proxy else (target.host, target.port)
        try:
            stream = await self._opener.connect_tcp(host, port, timeout=self.seconds)
            return await self._through(stream, target, proxy) if proxy else stream
        except httpcore.TimeoutException as error:
            raise unreachable(
                say("{host}, port {port}, does not take the call in time.", host=host, port=port),
                say("Check the internet connection, a firewall or a proxy."),
                error,
            ) from error
        except httpcore.NetworkError as error:
            raise unreachable(
                say("{host}, port {port}, does not take the call.", host=host, port=port),
                say("Check the internet connection, a firewall or a proxy."),
                error,
            ) from error

    async def _through(
        self, stream: httpcore.AsyncNetworkStream, target: Target, proxy: Proxy
    ) -> httpcore.AsyncNetworkStream:
        """Asks the proxy for a line to the vendor, as RFC 9110 (9.3.6) says."""
        try:
            if proxy.scheme == "https":
                stream = await stream.start_tls(self.trust, proxy.host, self.seconds)
            place = f"{target.host}:{target.port}"
            head = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n"
            if proxy.authorization:
                head += f"Proxy-Authorization: {proxy.authorization.reveal()}\r\n"
            await stream.write(f"{head}\r\n".encode("ascii"), self.seconds)
            said = b""
            while b"\r\n\r\n" not in said and len(said) < _MOST_HEAD:
                if not (more := await stream.read(4096, self.seconds)):
                    break
                said += more
        except BaseException:
            await stream.aclose()
            raise
        status = said.split(b" ", 2)[1:2]
        if status != [b"200"]:
            await stream.aclose()
            raise _refused_by(proxy, (status or [b""])[0].decode("ascii", "replace")[:3])
        return stream

    async def secure(self, target: Target, trust: ssl.SSLContext) -> Secured:
        """A whole TLS handshake; the line is closed again.

        :raises Unreachable: no line :raises httpcore.ConnectError: no handshake; its causes say why
        """
        stream = await self.open(target)
        try:
            secure = await stream.start_tls(trust, target.host, self.seconds)
            stream = secure
            told: ssl.SSLObject = secure.get_extra_info("ssl_object")
            return Secured(
                version=told.version() or "",
                certificate=told.getpeercert() or {},
                der=told.getpeercert(binary_form=True) or b"",
            )
        finally:
            await stream.aclose()


class Secured(Struct, frozen=True, kw_only=True):
    """`certificate` as `ssl` tells it: empty where it was not verified; `der` are its bytes."""

    version: str
    certificate: Mapping[str, object]
    der: bytes


def unreachable(title: str, advice: str, error: BaseException, *, code: str = "probe.line") -> Unreachable:
    detail = "; ".join(type(one).__name__ for one in causes(error))
    return Unreachable(title, advice=advice, code=code, retry=Retry.NOW, detail=detail)


def _refused_by(proxy: Proxy, status: str) -> Fault:
    if status == "407":
        advice = say(
            "Put its user name and password into the proxy's address: http://user:password@host:port."
        )
        title = say("The proxy {proxy} wants a password.", proxy=proxy.words)
    else:
        advice = say("Ask who runs the proxy whether it lets this address through, or set NO_PROXY.")
        title = say(
            "The proxy {proxy} did not let the call through ({status}).",
            proxy=proxy.words,
            status=status or say("no answer"),
        )
    return Unreachable(title, advice=advice, code="probe.proxy", retry=Retry.ASK)


def _is_number(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return True
    return False
