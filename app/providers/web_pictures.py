"""A picture from an address that the artist dropped or pasted: asked for once, over https alone, without any
key or cookie, bounded in size and time, and looked into before it is anybody's photograph."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app.basics.faults import BadInput, DiskTrouble, Fault, Refused, Retry, Unreachable
from app.basics.words import mark, say, spoken
from app.imaging.facts import ImageFacts
from app.imaging.sniffing import HEAD_BYTES, foreign_kind, looks_like_json
from app.imaging.verify import verify_result
from app.providers.addresses import host_of, may_follow
from app.providers.line import Answer, Break, LineBroke
from app.providers.transport import Transport

MOST_BYTES = 64 * 1024 * 1024
SECONDS = 90.0
"""From the first byte to the last, redirects included."""
_NOBODY = ""
"""Base of an address that is no vendor's: nothing but https is followed, not even on this computer."""
_ENDINGS = {
    "JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "TIFF": ".tif", "BMP": ".bmp", "GIF": ".gif",
    "HEIC": ".heic", "AVIF": ".avif",
}  # fmt: skip


class WebPicture(Struct, frozen=True, kw_only=True):
    """`name` is made of the address, its ending of what the bytes are."""

    data: bytes
    name: str


class WebPictures:
    """Faults name the host, never the rest of an address: what follows a ? may be somebody's key."""

    def __init__(self, transport: Transport, *, most: int = MOST_BYTES, seconds: float = SECONDS) -> None:
        self._transport = transport
        self._most = most
        self._seconds = seconds

    async def fetch(self, address: str) -> WebPicture:
        """:raises BadInput: no https address, or what came is no picture, damaged or too large
        :raises Refused: the host does not give it
        :raises Unreachable: the host did not answer
        :raises DiskTrouble: there is no room for it
        """
        if not may_follow(address, base=_NOBODY):
            raise BadInput(
                say("This address cannot be fetched from."),
                advice=say("It has to begin with https:// and carry no user name or password."),
                code="web.address",
            )
        host = host_of(address)
        try:
            with tempfile.TemporaryDirectory(prefix="tagloom-") as folder:
                return await self._fetched(address, host, Path(folder) / "picture")
        except OSError as error:
            raise _no_room(host, str(error)) from error

    async def _fetched(self, address: str, host: str, file: Path) -> WebPicture:
        answer = await self._download(address, file, host)
        if answer.status != 200:
            raise _refused(answer, host)
        facts = await asyncio.to_thread(_looked_into, file, host)
        data = await asyncio.to_thread(file.read_bytes)
        return WebPicture(data=data, name=f"{_stem(address, host)}{_ENDINGS[facts.format]}")

    @staticmethod
    def host(address: str) -> str:
        """Of an address, what may be shown of it."""
        return host_of(address)

    async def _download(self, address: str, file: Path, host: str) -> Answer:
        try:
            return await self._transport.download(
                address, file, base=_NOBODY, most=self._most, seconds=self._seconds
            )
        except LineBroke as broke:
            raise self._broken(broke.broke, host) from None
        except DiskTrouble as trouble:
            raise _no_room(host, trouble.detail) from None

    def _broken(self, broke: Break, host: str) -> Fault:
        if broke is Break.TOO_LARGE:
            return BadInput(
                say(
                    "The picture from {host} is larger than {most} MB.",
                    host=host,
                    most=self._most // 1024 // 1024,
                ),
                advice=say("Save it, make it smaller, and drop the file."),
                code="web.too-large",
            )
        title, advice = _BROKEN.get(broke, _CUT)
        return Unreachable(
            spoken(title, host=host, seconds=round(self._seconds)),
            advice=advice,
            code=f"web.{broke}",
            retry=Retry.ASK,
        )


_BROKEN: Mapping[Break, tuple[str, str]] = {
    Break.NAME: (
        mark("The name {host} was not found."),
        mark("Check the address and the internet connection."),
    ),
    Break.REFUSED: (
        mark("{host} could not be reached."),
        mark("Check the internet connection, a firewall or a proxy, and try again."),
    ),
    Break.CONNECT_TIMEOUT: (mark("{host} did not take our call in time."), mark("Try again in a moment.")),
    Break.TLS: (
        mark("No safe connection to {host} could be made."),
        mark("Open the address in a browser, save the picture there and drop the file."),
    ),
    Break.CERTIFICATE: (
        mark("The certificate of {host} is not trusted by this computer."),
        mark(
            "Check this computer's clock and its certificates; "
            "in a company, its proxy may need one of its own."
        ),
    ),
    Break.PROXY: (mark("The proxy on the way to {host} refused."), mark("Look at HTTPS_PROXY and NO_PROXY.")),
    Break.SLOW: (
        mark("{host} did not send the picture within {seconds} seconds."),
        mark("Try again, or save it in a browser and drop the file."),
    ),
    Break.UNSENDABLE: (
        mark("The address at {host} cannot be asked for."),
        mark("Check it for stray characters."),
    ),
}
_CUT = (mark("The line to {host} broke before the picture was whole."), mark("Try again."))


def _no_room(host: str, detail: str) -> DiskTrouble:
    return DiskTrouble(
        say("There is no room for the picture from {host}.", host=host),
        advice=say("Free some space on the disk of the temporary folder, and drop it again."),
        code="web.disk",
        retry=Retry.ASK,
        detail=detail,
    )


def _refused(answer: Answer, host: str) -> Refused:
    status = answer.status
    if 300 <= status < 400:
        what, advice = (
            say("sends on to where we do not go"),
            say("Open it in a browser, save the picture and drop it."),
        )
        title = say("{host} {what}: not over https, or round and round.", host=host, what=what)
    elif status in (404, 410):
        title, advice = (
            say("There is nothing at this address of {host} ({status}).", host=host, status=status),
            say("Check the address."),
        )
    elif status in (401, 403, 407, 451):
        title = say(
            "{host} does not give this picture to other programs ({status}).", host=host, status=status
        )
        advice = say("Save it in the browser and drop the file.")
    elif status == 429:
        title, advice = (
            say("{host} asks us to wait ({status}).", host=host, status=status),
            say("Try again later."),
        )
    elif status >= 500:
        title, advice = (
            say("{host} has trouble of its own ({status}).", host=host, status=status),
            say("Try again later."),
        )
    else:
        title, advice = (
            say("{host} did not give the picture ({status}).", host=host, status=status),
            say("Save it in the browser and drop it."),
        )
    later = status == 429 or status >= 500
    return Refused(title, advice=advice, code=f"web.{status}", retry=Retry.LATER if later else Retry.ASK)


def _looked_into(file: Path, host: str) -> ImageFacts:
    """Decoded once: a picture that is cut or no picture is told here, not when a run sends it."""
    try:
        return verify_result(file)
    except Refused as fault:
        with file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        large = fault.code == "image.result-too-large"
        other = fault.code == "image.result-not-an-image"
        kind = foreign_kind(head) or (
            say("a message for programs") if looks_like_json(head) else say("something else")
        )
        title = say("What {host} sent is {kind}, not a picture.", host=host, kind=kind) if other else (
            say("The picture from {host} has too many pixels.", host=host) if large
            else say("The picture from {host} is damaged or was cut short.", host=host)
        )  # fmt: skip
        advice = (
            say("Open the picture alone in the browser, and drop that.") if other
            else say("Save it, make it smaller, and drop the file.") if large
            else say("Try again, or save it in a browser and drop the file.")
        )  # fmt: skip
        raise BadInput(title, advice=advice, code=fault.code.replace("image.result", "web")) from None


def _stem(address: str, host: str) -> str:
    """What the file is called in the address; the host's name where it is called nothing."""
    try:
        stem = PurePosixPath(unquote(urlsplit(address).path)).stem
    except ValueError:
        stem = ""
    return stem.strip(". ") or host
