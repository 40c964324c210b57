"""The chunks of a PNG (PNG 3rd edition §5): a text put in and found again, and all taken out that is not the
picture. The pixels' own chunks are copied as they are."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.imaging.splicing import spliced

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 200_000
_TEXTS = frozenset({b"iTXt", b"zTXt", b"tEXt"})
_PICTURE = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND"),
        *(b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"pHYs", b"tRNS", b"sBIT", b"bKGD"),
    }
)
"""What a picture is made of, and what changes how it looks."""
_COMPRESSED = b"\x01\x00\x00\x00"
"""Flag and method of compression, no language, no translated keyword (§11.3.3.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """`start` to `end`: with its length and its checksum."""

    kind: bytes
    start: int
    end: int


def put(data: bytes, name: bytes, packed: bytes) -> bytes:
    """With a compressed text under a keyword, before IEND; one of that keyword that was there is replaced.

    :raises ValueError: it is cut short or no PNG
    """
    chunks = list(_chunks(data, whole=True))
    ours = [(one.start, one.end) for one in chunks if _is_text(data, one, name)]
    return spliced(data, ours, chunks[-1].start, _made(b"iTXt", name + b"\0" + _COMPRESSED + packed))


def found(data: bytes, name: bytes) -> bytes | None:
    """The compressed text of a keyword.

    :raises ValueError: it is there and damaged
    """
    for one in _chunks(data, whole=False):
        if one.kind != b"iTXt" or not _is_text(data, one, name):
            continue
        if not _right(data, one):
            raise ValueError("its checksum is wrong")
        body = data[one.start + 8 + len(name) + 1 : one.end - 4]
        flags, rest = body[:2], body[2:]
        packed = rest.partition(b"\0")[2].partition(b"\0")  # behind the language and the translated keyword
        if flags != b"\x01\x00" or not packed[1]:
            raise ValueError("it is not compressed in the way of a PNG")
        return packed[2]
    return None


def has_credential(data: bytes) -> bool:
    """C2PA 2.1 §A.3.3: a chunk caBX."""
    return any(one.kind == b"caBX" for one in _chunks(data, whole=False))


def clean(data: bytes, exif: bytes) -> bytes:
    """The picture alone. Of an animation its still picture.

    :raises ValueError: it is cut short, damaged or no PNG
    """
    kept: list[bytes | memoryview] = [SIGNATURE]
    view = memoryview(data)
    for one in _chunks(data, whole=True):
        if one.kind not in _PICTURE:
            continue
        if not _right(data, one):
            raise ValueError("a checksum is wrong")
        if one.kind == b"IEND" and exif:
            kept.append(_made(b"eXIf", exif))
        kept.append(view[one.start : one.end])
    return b"".join(kept)


def _chunks(data: bytes, *, whole: bool) -> Iterator[Chunk]:
    """Up to IEND. Where the file breaks off: the end, or, where a `whole` one is wanted, ValueError."""
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if at + 12 > len(data) or end > len(data):
            break
        yield Chunk(kind=data[at + 4 : at + 8], start=at, end=end)
        if data[at + 4 : at + 8] == b"IEND":
            return
        at = end
    if whole:
        raise ValueError("it is cut short, or has too many parts")


def _is_text(data: bytes, chunk: Chunk, name: bytes) -> bool:
    return chunk.kind in _TEXTS and data.startswith(name + b"\0", chunk.start + 8, chunk.end - 4)


def _right(data: bytes, chunk: Chunk) -> bool:
    told = int.from_bytes(data[chunk.end - 4 : chunk.end], "big")
    return zlib.crc32(memoryview(data)[chunk.start + 4 : chunk.end - 4]) == told


def _made(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
