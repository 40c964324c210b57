"""The chunks of a WebP (RFC 9649 §2): a text put in and found again, and all taken out that is no picture.

A chunk of our own stands at the end, where readers skip what they do not know. That is allowed in the
extended form alone: a simple file gets its VP8X header, and the coded pixels behind it stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_OURS = b"TGLM"
_PROFILE, _ALPHA, _EXIF, _ANIMATION = 0x20, 0x10, 0x08, 0x02
_MOST_CHUNKS = 100_000
_PICTURE = frozenset({b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_FRAME_HEADER = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    kind: bytes
    body: bytes


def put(data: bytes, name: bytes, packed: bytes) -> bytes:
    """With a compressed text; one of that name that was there is replaced.

    :raises ValueError: it is cut short or no WebP
    """
    chunks = [one for one in _file(data) if not _is_ours(one, name)]
    return _written([*_extended(chunks), Chunk(kind=_OURS, body=name + b"\0" + packed)])


def found(data: bytes, name: bytes) -> bytes | None:
    """The compressed text of a name."""
    for one in _chunks(data, 12, whole=False):
        if _is_ours(one, name):
            return one.body[len(name) + 1 :]
    return None


def has_credential(data: bytes) -> bool:
    """C2PA 2.1 §A.3.6: a chunk C2PA."""
    return any(one.kind == b"C2PA" for one in _chunks(data, 12, whole=False))


def clean(data: bytes, exif: bytes) -> bytes:
    """The picture and its colour profile alone.

    :raises ValueError: it is cut short or no WebP
    """
    # Always in the extended form, so that none tells whether it ever carried anything.
    chunks = _extended([_frame(one) for one in _file(data) if one.kind in _PICTURE])
    if exif:
        chunks.append(Chunk(kind=b"EXIF", body=exif))
    flag = _EXIF if exif else 0
    return _written([_header(one, flag) if one.kind == b"VP8X" else one for one in chunks])


def _file(data: bytes) -> list[Chunk]:
    """:raises ValueError: cut short, or without a picture"""
    chunks = list(_chunks(data, 12, whole=True))
    if not any(one.kind in (b"VP8 ", b"VP8L", b"ANMF") for one in chunks):
        raise ValueError("there is no picture in it")
    return chunks


def _chunks(data: bytes, at: int, *, whole: bool) -> Iterator[Chunk]:
    """Up to the end that the header names. Where the file breaks off: the end, or, where a `whole` one is
    wanted, ValueError."""
    stop = 8 + int.from_bytes(data[4:8], "little") if at == 12 else len(data)
    for _ in range(_MOST_CHUNKS):
        if at >= min(stop, len(data)):
            break
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 > len(data) or end > len(data):
            break
        yield Chunk(kind=data[at : at + 4], body=data[at + 8 : end])
        at = end + (end - at) % 2
    if whole and at < stop:
        raise ValueError("it is cut short, or has too many parts")


def _is_ours(chunk: Chunk, name: bytes) -> bool:
    return chunk.kind == _OURS and chunk.body.startswith(name + b"\0")


def _extended(chunks: Sequence[Chunk]) -> list[Chunk]:
    """:raises ValueError: the picture's size cannot be read"""
    if chunks[0].kind == b"VP8X":
        return list(chunks)
    width, height, alpha = _size(chunks[0])
    flags = _ALPHA if alpha else 0
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return [Chunk(kind=b"VP8X", body=bytes((flags, 0, 0, 0)) + sides), *chunks]


def _size(chunk: Chunk) -> tuple[int, int, bool]:
    """Width, height and whether there may be transparency (RFC 6386 §9.1, RFC 9649 §3.4)."""
    body = chunk.body
    if chunk.kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        sides = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        width, height, alpha = sides[0] & 0x3FFF, sides[1] & 0x3FFF, False
    elif chunk.kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        width, height, alpha = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    else:
        raise ValueError("it does not begin with a picture")
    if not (width and height):
        raise ValueError("it has no size")
    return width, height, alpha


def _header(chunk: Chunk, more: int) -> Chunk:
    if len(chunk.body) < 10:
        raise ValueError("its header is cut short")
    flags = chunk.body[0] & (_PROFILE | _ALPHA | _ANIMATION) | more
    return Chunk(kind=chunk.kind, body=bytes((flags, 0, 0, 0)) + chunk.body[4:10])


def _frame(chunk: Chunk) -> Chunk:
    """A frame of an animation without what may stand beside its pixels."""
    if chunk.kind != b"ANMF":
        return chunk
    inside = _chunks(chunk.body, _FRAME_HEADER, whole=True)
    return Chunk(
        kind=chunk.kind,
        body=chunk.body[:_FRAME_HEADER] + _joined([one for one in inside if one.kind in _PICTURE]),
    )


def _written(chunks: Sequence[Chunk]) -> bytes:
    body = b"WEBP" + _joined(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _joined(chunks: Sequence[Chunk]) -> bytes:
    pieces: list[bytes] = []
    for one in chunks:
        pieces += [one.kind, len(one.body).to_bytes(4, "little"), one.body, b"\0" * (len(one.body) % 2)]
    return b"".join(pieces)
