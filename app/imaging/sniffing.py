"""What a file is, from its first bytes: names and extensions lie."""

from __future__ import annotations

from app.basics.words import mark, say

KNOWN_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIC", "AVIF")
HEAD_BYTES = 512

_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"BM", "BMP"),
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)

_FOREIGN = (
    (b"8BPS", mark("a Photoshop document")),
    (b"%PDF", mark("a PDF document")),
    (b"%!PS", mark("a PostScript drawing")),
    (b"PK\x03\x04", mark("an archive or an office document")),
    (b"\x00\x00\x01\x00", mark("an icon")),
    (b"\xff\x0a", mark("a JPEG XL picture")),
    (b"\x00\x00\x00\x0cJXL ", mark("a JPEG XL picture")),
    (b"\x00\x00\x00\x0cjP  ", mark("a JPEG 2000 picture")),
    (b"FUJIFILMCCD-RAW", mark("a camera's raw file")),
    (b"\x1aE\xdf\xa3", mark("a film")),
)


def sniff(head: bytes) -> str | None:
    """One of KNOWN_FORMATS, or None."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        brands = _brands(head)
        if brands & _AVIF_BRANDS:
            return "AVIF"
        if brands & _HEIC_BRANDS:
            return "HEIC"
    return None


def foreign_kind(head: bytes) -> str:
    """What a file that we cannot open seems to be, as words after "is"; empty where we cannot tell."""
    for start, words in _FOREIGN:
        if head.startswith(start):
            return words
    if head[4:8] == b"ftyp":
        return say("a film or a camera's raw file")
    if looks_like_markup(head):
        return say("an SVG drawing") if b"<svg" in head.lower() else say("a web page")
    return ""


def looks_like_markup(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<svg", b"<!--", b"<body"))


def looks_like_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b'{"', b"{\n", b"{ ", b"{}", b"[{", b'["'))


def _brands(head: bytes) -> frozenset[bytes]:
    """Major and compatible brands of an ISO media file (ISO/IEC 14496-12 §4.3)."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    return frozenset(head[at : at + 4] for at in (8, *range(16, length - 3, 4)))
