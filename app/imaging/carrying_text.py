"""One named text in a picture file, put in and read back without touching a coded pixel.

PNG: a compressed iTXt chunk. JPEG: APP9 segments. WebP: a chunk of our own. TIFF: a private tag.

A content credential (C2PA) is bound to the bytes of its file: whatever is added breaks that bond. A picture
that has one is therefore never written to where it lies; a copy with a text in it says so
(`Carrying.breaks_credential`), so that people are told. The file as it came keeps its credential valid.

Needs no Pillow, since a window asks for it before the engine is imported.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.basics.words import mark, say
from app.imaging import jpeg_segments, png_chunks, tiff_tags, webp_chunks
from app.imaging.sniffing import HEAD_BYTES, sniff

MOST_TEXT = 4 * 1024 * 1024
"""Bytes of a text when it is unpacked; one with more is refused unread."""
MOST_BYTES = 128 * 1024 * 1024
"""Of a picture that is given a text, or looked through for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """A picture file with a text in it."""

    data: bytes
    breaks_credential: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    put: Callable[[bytes, bytes, bytes], bytes]
    found: Callable[[bytes, bytes], bytes | None]
    has_credential: Callable[[bytes], bool]


_FORMATS: Mapping[str, _Format] = MappingProxyType(
    {
        name: _Format(put=room.put, found=room.found, has_credential=room.has_credential)
        for name, room in (
            ("PNG", png_chunks),
            ("JPEG", jpeg_segments),
            ("WEBP", webp_chunks),
            ("TIFF", tiff_tags),
        )
    }
)
ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"PNG": (".png",), "JPEG": (".jpg", ".jpeg"), "WEBP": (".webp",), "TIFF": (".tif", ".tiff")}
)
"""Formats (`sniffing`) that can carry a text, and how the names of their files end."""


def put_text(data: bytes, name: str, text: str, *, called: str = mark("The picture")) -> Carrying:
    """A copy with the text under `name` (ASCII); one of that name that was there is replaced.

    :raises BadInput: another format, too large, cut short, or built in a way that we do not know
    """
    format = _FORMATS.get(sniff(data[:HEAD_BYTES]) or "")
    if format is None:
        raise BadInput(
            say("{called} is no PNG, JPEG, WebP or TIFF.", called=called),
            advice=say("Only these carry a document; save a clean copy or the document beside it."),
            code="image.cannot-carry",
        )
    if len(text) > MOST_TEXT or len(data) > MOST_BYTES:
        raise _too_large(called)
    try:
        raw = text.encode("utf-8")
        if len(raw) > MOST_TEXT:
            raise _too_large(called)
        made = format.put(data, name.encode("ascii"), zlib.compress(raw, 9))
    except ValueError as error:
        raise unusual(called, error) from error
    return Carrying(data=made, breaks_credential=format.has_credential(data))


def text_in(data: bytes, name: str, *, called: str = mark("The picture")) -> str | None:
    """The text that a picture carries under `name`; None where there is none, or it is no picture of these.

    :raises BadInput: there is one, and it is damaged or larger than `MOST_TEXT`
    """
    format = _FORMATS.get(sniff(data[:HEAD_BYTES]) or "")
    if format is None or len(data) > MOST_BYTES:
        return None
    try:
        packed = format.found(data, name.encode("ascii"))
        return None if packed is None else _unpacked(packed, called)
    except (ValueError, zlib.error) as error:  # bytes that are no UTF-8 are a ValueError too
        raise BadInput(
            say("{called} carries a text that is damaged.", called=called),
            advice=say("Export it again from where it was made."),
            code="image.text-damaged",
            detail=str(error),
        ) from error


def has_credential(data: bytes) -> bool:
    """Whether the file has a content credential (C2PA), valid or not."""
    format = _FORMATS.get(sniff(data[:HEAD_BYTES]) or "")
    try:
        return format is not None and format.has_credential(data)
    except ValueError:
        return False


def text_in_file(path: Path, name: str) -> str | None:
    """`text_in` for a file.

    :raises BadInput: as there; it is missing or no file
    :raises DiskTrouble: it cannot be read
    """
    data = read_picture(path)
    return None if data is None else text_in(data, name, called=f"“{path.name}”")


def read_picture(path: Path) -> bytes | None:
    """The bytes of a picture that can carry a text; None for any other file and for one that is too large.

    :raises BadInput: it is missing or no file  :raises DiskTrouble: it cannot be read
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a named pipe would wait for ever
            raise _missing(path)
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if sniff(head) not in _FORMATS:
                return None
            data = head + file.read(MOST_BYTES + 1 - len(head))
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise _missing(path) from error
    except OSError as error:
        raise DiskTrouble(
            say(
                "“{name}” cannot be read: {strerror}.",
                name=path.name,
                strerror=(error.strerror or type(error).__name__).lower(),
            ),
            advice=say("Check that the file may be read and that its disk is connected."),
            code="image.unreadable",
            retry=Retry.LATER,
            detail=str(error),
        ) from error
    return data if len(data) <= MOST_BYTES else None


def unusual(called: str, error: ValueError) -> BadInput:
    """For a picture that cannot be taken apart."""
    return BadInput(
        say("{called} cannot be exported so: {error}.", called=called, error=error),
        advice=say("Copy the file as it is, or save it again in a picture editor."),
        code="image.unusual",
    )


def _unpacked(packed: bytes, called: str) -> str:
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(packed, MOST_TEXT + 1)
    if len(raw) > MOST_TEXT:
        raise _too_large(called)
    if not unpacker.eof:
        raise ValueError("it is cut short")
    return raw.decode("utf-8")


def _too_large(called: str) -> BadInput:
    return BadInput(
        say("{called}, or the text for it, is too large.", called=called),
        advice=say(
            "The most is {most_text} MB of document in {most} MB of picture.",
            most_text=MOST_TEXT >> 20,
            most=MOST_BYTES >> 20,
        ),
        code="image.text-too-large",
    )


def _missing(path: Path) -> BadInput:
    return BadInput(
        say("There is no picture {path}.", path=path), advice=say("Check its name."), code="image.missing"
    )
