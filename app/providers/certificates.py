"""Who vouches for a vendor's address: read from the certificate, in words for people."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import UTC, datetime

import httpcore
import httpx

from app.basics.faults import Unreachable
from app.basics.words import say
from app.providers.line import causes
from app.providers.sockets import Secured, Sockets, Target, unreachable
from app.providers.steps import Seen, StepState

# What OpenSSL says, https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/
_NOT_YET, _EXPIRED, _OTHER_NAME, _OTHER_NUMBER = 9, 10, 62, 64


class Certificates:
    """`vendor` is how people call it."""

    def __init__(self, sockets: Sockets, target: Target, vendor: str) -> None:
        self._sockets, self._target, self._vendor = sockets, target, vendor

    async def look(self) -> Seen:
        """:raises Unreachable: no safe line; the words say who vouches, where that can be read"""
        try:
            secured = await self._sockets.secure(self._target, self._sockets.trust)
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            raise await self._why(error) from error
        issuer, until = issuer_of(secured.certificate), _until(secured.certificate)
        words = say(
            "{version}; the certificate is from {issuer}, good until {until}.",
            version=secured.version.replace("TLSv", "TLS "),
            issuer=issuer,
            until=until,
        )
        if await self._is_public():
            return StepState.GOOD, words, ""
        warning = say(
            "The certificate is from {issuer}, not a public authority: a company network or a virus scanner "
            "reads along. This computer trusts it ({version}, good until {until}).",
            issuer=issuer,
            version=secured.version.replace("TLSv", "TLS "),
            until=until,
        )
        return (
            StepState.WARNING,
            warning,
            say("Ask who runs the network whether prompts, photographs and keys may be read there."),
        )

    async def _is_public(self) -> bool:
        """Whether an authority of Mozilla's list vouches too (httpx brings it along), not only one that this
        computer was told of."""
        try:
            await self._sockets.secure(self._target, httpx.create_ssl_context(trust_env=False))
        except (Unreachable, httpcore.TimeoutException):
            return True  # no line a second time says nothing
        except httpcore.NetworkError as error:
            return not any(isinstance(one, ssl.SSLCertVerificationError) for one in causes(error))
        return True

    async def _why(self, error: Exception) -> Unreachable:
        refused = next((one for one in causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
        if refused is None:
            return unreachable(
                say("No safe connection to {vendor} could be made.", vendor=self._vendor),
                say("Look at the proxy and the address; something on the way may not speak TLS."),
                error,
                code="probe.tls",
            )
        host = self._target.host
        code = getattr(refused, "verify_code", 0)
        title: str
        advice: str = say(
            "Check this computer's clock. If it is right, the other side must renew its certificate."
        )
        if code == _EXPIRED:
            title = say("The certificate of {host} has expired.", host=host)
        elif code == _NOT_YET:
            title = say("The certificate of {host} is not good yet.", host=host)
        else:
            title, advice = await self._distrusted(other_name=code in (_OTHER_NAME, _OTHER_NUMBER))
        return unreachable(title, advice, error, code="probe.certificate")

    async def _distrusted(self, *, other_name: bool) -> tuple[str, str]:
        read = await self._read()
        issuer = issuer_of(read.certificate) if read else say("somebody who cannot be read")
        values = {"host": self._target.host, "issuer": issuer}
        title: str
        if other_name:
            title = say("The certificate is for another name than {host}; it is from {issuer}.", **values)
            advice = say(
                "A network's login page or a proxy answers instead. Open a web page, log in, try again."
            )
            return title, advice
        if read and read.certificate.get("subject") == read.certificate.get("issuer"):
            title = say(
                "The certificate of {host} is signed by itself ({issuer}), not by a public authority.",
                **values,
            )
        else:
            title = say(
                "The certificate is from {issuer}, not a public authority, and this computer does not trust "
                "it: a company network reads along, or somebody who should not.",
                **values,
            )
        advice = say(
            "Nothing was sent. Ask who runs the network for its root certificate and add it to this "
            "computer's trusted ones, or use another network."
        )
        return title, advice

    async def _read(self) -> Secured | None:
        """The certificate, though nobody trusts it: fetched, then trusted alone so that it is told in words.
        Not a byte of ours goes over these lines."""
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname = False
        blind.verify_mode = ssl.CERT_NONE
        try:
            fetched = await self._sockets.secure(self._target, blind)
            alone = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            alone.check_hostname = False
            alone.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
            alone.load_verify_locations(cadata=fetched.der)
            return await self._sockets.secure(self._target, alone)
        except (Unreachable, httpcore.NetworkError, httpcore.TimeoutException, ssl.SSLError):
            return None


def issuer_of(certificate: Mapping[str, object]) -> str:
    """`Let's Encrypt (R11)`, or what there is of it."""
    names: dict[str, str] = {}
    issuer = certificate.get("issuer")
    for part in issuer if isinstance(issuer, tuple) else ():
        names |= {str(key): str(value) for key, value in part}
    organisation, common = names.get("organizationName", ""), names.get("commonName", "")
    if organisation and common and common != organisation:
        return f"{organisation} ({common})"
    return organisation or common or say("an unnamed issuer")


def _until(certificate: Mapping[str, object]) -> str:
    text = str(certificate.get("notAfter", ""))
    try:
        return f"{datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC):%Y-%m-%d}"
    except ValueError:
        return "?"
