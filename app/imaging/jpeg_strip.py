"""A JPEG without its metadata, its pixels untouched: segments are dropped, nothing is decoded."""

from __future__ import annotations

_EOI, _SOS = 0xD9, 0xDA
_KEPT_APPS = frozenset({0xEE})
"""APP14 (Adobe) says how colours are stored; without it some pictures turn pink. APP0 is written anew."""
_DROPPED = frozenset({*range(0xE0, 0xF0), 0xFE}) - _KEPT_APPS
_APPS = frozenset(range(0xE0, 0xF0))
_STANDALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
_JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")
"""Version 1.1, square pixels, no thumbnail."""


def stripped(data: bytes, *, keep: tuple[bytes, ...] = (), exif: bytes = b"") -> bytes | None:
    """The picture without APPn (but Adobe's) and comments; None where its build is unusual.

    What stands behind the end (a phone's film, a second picture, an artist's secret) is left out too. APPn
    that begin with one of `keep` stay (a colour profile); `exif` is put in as APP1.
    """
    if data[:2] != b"\xff\xd8":
        return None
    kept: list[bytes] = []
    adobe = False
    at = 2
    while at + 2 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _EOI:
            return b"".join((b"\xff\xd8", b"" if adobe else _JFIF, _app1(exif), *kept, b"\xff\xd9"))
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _STANDALONE or not at + 4 <= end <= len(data):
            return None
        if marker == _SOS:
            end = _scan_end(data, end)
        if marker not in _DROPPED or (marker in _APPS and data.startswith(keep, at + 4, end)):
            adobe = adobe or marker in _KEPT_APPS
            kept.append(data[at:end])
        at = end
    return None


def _app1(exif: bytes) -> bytes:
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif if exif else b""


def _scan_end(data: bytes, start: int) -> int:
    """Where the next marker after coded pixels stands; 00 (stuffing) and RST0 to 7 belong to them."""
    at = start
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        follower = data[at + 1]
        if follower == 0xFF:
            at += 1
        elif follower == 0x00 or 0xD0 <= follower <= 0xD7:
            at += 2
        else:
            return at
    return len(data)
