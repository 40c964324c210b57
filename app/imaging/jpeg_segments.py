"""The segments in front of a JPEG's pixels (ITU-T T.81 §B.1): a text put in and found again.

A segment holds 64 KB: a longer text is split over several, each with its number and their count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.imaging.jpeg_strip import stripped
from app.imaging.splicing import spliced

_OURS = 0xE9
"""APP9: no common writer uses it, and every reader skips what it does not know."""
_EXIF, _JFIF, _JUMBF = 0xE1, 0xE0, 0xEB
_SOS = 0xDA
_LARGEST = 65533
_MOST_SEGMENTS = 10_000
_PROFILE = b"ICC_PROFILE\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """`start` to `end`: with its marker and its length; the body begins at `body`."""

    marker: int
    start: int
    body: int
    end: int


def put(data: bytes, name: bytes, packed: bytes) -> bytes:
    """With a compressed text behind JFIF and EXIF; one of that name that was there is replaced.

    :raises ValueError: it is built unusually or cut short in front of the pixels
    """
    segments = list(_segments(data, whole=True))
    ours = [one for one in segments if _is_ours(data, one, name)]
    at = 2
    for one in segments:
        if one.marker not in (_JFIF, _EXIF):
            break
        at = one.end
    return spliced(data, [(one.start, one.end) for one in ours], at, _made(name, packed))


def found(data: bytes, name: bytes) -> bytes | None:
    """The compressed text of a name.

    :raises ValueError: it is there, and a part of it is missing
    """
    parts: dict[int, bytes] = {}
    counts: set[int] = set()
    for one in _segments(data, whole=False):
        if _is_ours(data, one, name):
            at = one.body + len(name) + 1
            counts.add(int.from_bytes(data[at + 2 : at + 4], "big"))
            parts[int.from_bytes(data[at : at + 2], "big")] = data[at + 4 : one.end]
    if not parts:
        return None
    if counts != {len(parts)} or sorted(parts) != list(range(len(parts))):
        raise ValueError("a part of it is missing")
    return b"".join(parts[number] for number in range(len(parts)))


def has_credential(data: bytes) -> bool:
    """C2PA 2.1 §A.3.1: a JUMBF box in APP11 whose description says c2pa."""
    return any(
        one.marker == _JUMBF and b"c2pa" in data[one.body : min(one.end, one.body + 256)]
        for one in _segments(data, whole=False)
    )


def clean(data: bytes, exif: bytes) -> bytes:
    """The coded pixels and the colour profile alone.

    :raises ValueError: it is built unusually or cut short
    """
    made = stripped(data, keep=(_PROFILE,), exif=exif)
    if made is None:
        raise ValueError("it is built unusually, or cut short")
    return made


def _segments(data: bytes, *, whole: bool) -> Iterator[Segment]:
    """Up to the pixels. Where the file breaks off: the end, or, where a `whole` one is wanted, ValueError."""
    at = start = 2
    for _ in range(_MOST_SEGMENTS):
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            break
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _SOS:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not at + 4 <= end <= len(data) or marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD9:
            break
        yield Segment(marker=marker, start=start, body=at + 4, end=end)
        at = start = end
    if whole:
        raise ValueError("it is built unusually, or cut short")


def _is_ours(data: bytes, segment: Segment, name: bytes) -> bool:
    return (
        segment.marker == _OURS
        and segment.end - segment.body >= len(name) + 5
        and data.startswith(name + b"\0", segment.body, segment.end)
    )


def _made(name: bytes, packed: bytes) -> bytes:
    room = _LARGEST - len(name) - 5
    parts = [packed[at : at + room] for at in range(0, len(packed), room)]
    made: list[bytes] = []
    for number, part in enumerate(parts):
        body = name + b"\0" + number.to_bytes(2, "big") + len(parts).to_bytes(2, "big") + part
        made.append(bytes((0xFF, _OURS)) + (len(body) + 2).to_bytes(2, "big") + body)
    return b"".join(made)
