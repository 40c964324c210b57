"""The tags of a TIFF's first picture (TIFF 6.0 §2, BigTIFF): a text put in and found again, and all taken out
that is not the picture.

A private tag is added by a new directory at the file's end, to which the header then points: every other tag
and every coded pixel stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_OURS = 65111
"""Of the range that is everybody's (65000 to 65535)."""
_C2PA = 52545
_UNDEFINED = 7
_SIZES = (
    dict.fromkeys((1, 2, 6, 7), 1)
    | dict.fromkeys((3, 8), 2)
    | dict.fromkeys((4, 9, 11, 13), 4)
    | dict.fromkeys((5, 10, 12, 16, 17, 18), 8)
)
"""Type → bytes of one value."""
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_PICTURE = frozenset(
    {
        *(256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 293, 296),
        *(301, 317, 318, 319, 320, 322, 323, 324, 325, 332, 334, 338, 339, 340, 341, 347),
        *(529, 530, 531, 532, 34675),
    }
)
"""What a picture is made of, and what changes how it looks: size, coding, turning, resolution, colour."""
_COMPRESSION, _OLD_JPEG = 259, 6
_MOST_ENTRIES = 65_535
_MOST_STRIPS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How numbers are written: the byte order, and 4 or, in a BigTIFF, 8 bytes for a place."""

    order: Literal["little", "big"]
    wide: int

    def number(self, data: bytes, at: int, size: int) -> int:
        """:raises ValueError: cut short"""
        if at + size > len(data):
            raise ValueError("it is cut short")
        return int.from_bytes(data[at : at + size], self.order)

    def place(self, number: int) -> bytes:
        if number >= 1 << (8 * self.wide):
            raise ValueError("it is too large for its kind of file")
        return number.to_bytes(self.wide, self.order)

    @property
    def header(self) -> int:
        """Where the place of the first directory stands."""
        return 4 if self.wide == 4 else 8

    @property
    def count(self) -> int:
        """Bytes of a directory's count."""
        return 2 if self.wide == 4 else 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`held` is the value itself where it is short enough, else its place."""

    tag: int
    type: int
    count: int
    held: bytes

    @property
    def size(self) -> int:
        return _SIZES.get(self.type, 0) * self.count


def put(data: bytes, name: bytes, packed: bytes) -> bytes:
    """With a compressed text in a private tag; one that was there is replaced, and wiped.

    :raises ValueError: it is cut short, or no TIFF
    """
    build = _build(data)
    entries, following = _directory(data, build)
    made = bytearray(data)
    for one in entries:
        place = _place(one, build)
        if one.tag == _OURS and place is not None and data.startswith(name + b"\0", place, place + one.size):
            made[place : place + one.size] = bytes(min(one.size, len(made) - place))
    text = name + b"\0" + packed
    at = _appended(made, text)
    ours = Entry(tag=_OURS, type=_UNDEFINED, count=len(text), held=build.place(at))
    kept = [one for one in entries if one.tag != _OURS]
    _point(made, build, _appended(made, _written([*kept, ours], following, build)))
    return bytes(made)


def found(data: bytes, name: bytes) -> bytes | None:
    """The compressed text of a name."""
    for one in _entries_of(data):
        if one.tag == _OURS:
            body = _value(data, one, _build(data))
            return body[len(name) + 1 :] if body.startswith(name + b"\0") else None
    return None


def has_credential(data: bytes) -> bool:
    """C2PA 2.1 §A.3.4: a private tag."""
    return any(one.tag == _C2PA for one in _entries_of(data))


def clean(data: bytes, exif: bytes) -> bytes:
    """The first picture alone, its coded pixels as they are, in a file written anew. `exif` is not needed: a
    TIFF says by a tag of the picture itself how it is turned.

    :raises ValueError: it is cut short or built unusually
    """
    build = _build(data)
    entries = [one for one in _directory(data, build)[0] if one.tag in _PICTURE]
    if any(one.tag == _COMPRESSION and _numbers(data, one, build) == [_OLD_JPEG] for one in entries):
        raise ValueError("it is coded in a way that nobody uses any more")
    made = bytearray(data[: build.header]) + build.place(0)
    moved = _with_pixels(made, data, entries, build)
    kept = [one for one in entries if one.tag not in moved]
    written = [_moved(made, _value(data, one, build), one, build) for one in kept]
    for tag, places in moved.items():
        body = b"".join(build.place(one) for one in places)
        entry = Entry(tag=tag, type=4 if build.wide == 4 else 16, count=len(places), held=b"")
        written.append(_moved(made, body, entry, build))
    _point(made, build, _appended(made, _written(written, build.place(0), build)))
    return bytes(made)


def _with_pixels(
    made: bytearray, data: bytes, entries: Sequence[Entry], build: Build
) -> dict[int, list[int]]:
    """Copies the strips or tiles; tag → their new places."""
    by_tag = {one.tag: one for one in entries}
    moved: dict[int, list[int]] = {}
    copied = 0
    for places, sizes in ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES)):
        if places not in by_tag or sizes not in by_tag:
            continue
        starts, lengths = (_numbers(data, by_tag[tag], build) for tag in (places, sizes))
        if len(starts) != len(lengths):
            raise ValueError("its pixels are not where it says")
        moved[places] = []
        for start, length in zip(starts, lengths, strict=True):
            copied += length
            if start + length > len(data) or copied > len(data):  # the same strip a thousand times
                raise ValueError("its pixels are not where it says")
            moved[places].append(_appended(made, data[start : start + length]))
    if not moved:
        raise ValueError("its pixels are not where it says")
    return moved


def _build(data: bytes) -> Build:
    """:raises ValueError: no TIFF"""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    kind = int.from_bytes(data[2:4], order)
    if data[:2] not in (b"II", b"MM") or kind not in (42, 43):
        raise ValueError("it is no TIFF")
    return Build(order=order, wide=4 if kind == 42 else 8)


def _entries_of(data: bytes) -> Iterator[Entry]:
    """Those that can be read; none where it is no TIFF."""
    try:
        yield from _directory(data, _build(data))[0]
    except ValueError:
        return


def _directory(data: bytes, build: Build) -> tuple[list[Entry], bytes]:
    """The tags of the first picture, and the place of the next as it stands there.

    :raises ValueError: cut short
    """
    at = build.number(data, build.header, build.wide)
    count = build.number(data, at, build.count)
    size = 4 + 2 * build.wide
    first = at + build.count
    end = first + count * size
    if not 0 < count <= _MOST_ENTRIES or end + build.wide > len(data):
        raise ValueError("it is cut short")
    entries = [
        Entry(
            tag=build.number(data, place, 2),
            type=build.number(data, place + 2, 2),
            count=build.number(data, place + 4, build.wide),
            held=data[place + 4 + build.wide : place + size],
        )
        for place in range(first, end, size)
    ]
    return entries, data[end : end + build.wide]


def _place(entry: Entry, build: Build) -> int | None:
    """Where its value stands; None where it stands in the entry itself."""
    return None if entry.size <= build.wide else int.from_bytes(entry.held, build.order)


def _value(data: bytes, entry: Entry, build: Build) -> bytes:
    """:raises ValueError: cut short, or of no known type"""
    place = _place(entry, build)
    body = entry.held[: entry.size] if place is None else data[place : place + entry.size]
    if not entry.size or len(body) != entry.size:
        raise ValueError("a tag of it is cut short")
    return body


def _numbers(data: bytes, entry: Entry, build: Build) -> list[int]:
    if entry.count > _MOST_STRIPS:
        raise ValueError("it has too many parts")
    body, size = _value(data, entry, build), _SIZES[entry.type]
    return [int.from_bytes(body[at : at + size], build.order) for at in range(0, len(body), size)]


def _moved(made: bytearray, body: bytes, entry: Entry, build: Build) -> Entry:
    held = body.ljust(build.wide, b"\0") if len(body) <= build.wide else build.place(_appended(made, body))
    return Entry(tag=entry.tag, type=entry.type, count=entry.count, held=held)


def _appended(made: bytearray, body: bytes) -> int:
    """The place of what was appended: even, as directories and values begin."""
    made += b"\0" * (len(made) % 2)
    at = len(made)
    made += body
    return at


def _written(entries: Sequence[Entry], following: bytes, build: Build) -> bytes:
    lines = [
        one.tag.to_bytes(2, build.order)
        + one.type.to_bytes(2, build.order)
        + build.place(one.count)
        + one.held
        for one in sorted(entries, key=lambda one: one.tag)
    ]
    return len(entries).to_bytes(build.count, build.order) + b"".join(lines) + following


def _point(made: bytearray, build: Build, at: int) -> None:
    made[build.header : build.header + build.wide] = build.place(at)
