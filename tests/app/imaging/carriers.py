"""Pictures of every build that can carry a text, and what is inside them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from app.imaging.sniffing import sniff
from tests.app.imaging.pictures import P3_TO_XYZ_D50, chunk, coded, exif, matrix_profile, quadrants

PROFILE = matrix_profile(P3_TO_XYZ_D50, 2.2)
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SecretXMP</x:xmpmeta>"
_SMALL = quadrants(48, 32)
_CLEAR = _SMALL.convert("RGBA")
_CLEAR.putalpha(90)
_DEEP = Image.new("I;16", (40, 30), 12345)
_FILM = [Image.new("RGB", (24, 16), (n, n, n)) for n in (9, 99)]
_SEEN = {"exif": exif(1), "icc_profile": PROFILE, "xmp": XMP}


def _texts() -> bytes:
    return chunk(b"tEXt", b"Author\0SecretCam") + chunk(b"tIME", bytes(7))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    """In front of IEND."""
    return png[:-12] + b"".join(chunks) + png[-12:]


CARRIERS = {
    "png": with_chunks(coded(_SMALL, "PNG", exif=exif(1), icc_profile=PROFILE, dpi=(300, 300)), _texts()),
    "png-palette": coded(_CLEAR.quantize(8), "PNG"),
    "png-deep": coded(_DEEP, "PNG"),
    "png-film": coded(_SMALL, "PNG", save_all=True, append_images=_FILM),
    "jpeg": coded(_SMALL, "JPEG", comment=b"SecretCam", dpi=(300, 300), **_SEEN),
    "jpeg-progressive": coded(_SMALL, "JPEG", progressive=True, quality=80),
    "jpeg-cmyk": coded(_SMALL.convert("CMYK"), "JPEG"),
    "jpeg-gray": coded(_SMALL.convert("L"), "JPEG"),
    "webp": coded(_SMALL, "WEBP"),
    "webp-lossless": coded(_SMALL, "WEBP", lossless=True),
    "webp-clear": coded(_CLEAR, "WEBP", lossless=True),
    "webp-clear-lossy": coded(_CLEAR, "WEBP"),
    "webp-film": coded(_SMALL, "WEBP", save_all=True, append_images=[_CLEAR]),
    "webp-all": coded(_SMALL, "WEBP", **_SEEN),
    "tiff": coded(_SMALL, "TIFF", exif=exif(1), icc_profile=PROFILE, dpi=(300, 300), software="SecretCam"),
    "tiff-lzw": coded(_CLEAR, "TIFF", compression="tiff_lzw", save_all=True, append_images=_FILM),
    "tiff-deflate": coded(_DEEP, "TIFF", compression="tiff_adobe_deflate"),
    "tiff-jpeg": coded(_SMALL, "TIFF", compression="jpeg"),
    "tiff-big": coded(_SMALL, "TIFF", big_tiff=True),
    "tiff-motorola": coded(Image.new("I;16B", (40, 30), 12345), "TIFF"),
}


def decoded(data: bytes) -> tuple[str, tuple[int, int], bytes, bytes]:
    """Mode, size, pixels and colour profile."""
    image = Image.open(BytesIO(data))
    image.load()
    return image.mode, image.size, image.tobytes(), image.info.get("icc_profile", b"")


def coded_pixels(data: bytes) -> bytes:
    """The bytes that hold the pixels, still coded."""
    match sniff(data[:512]):
        case "PNG":
            return b"".join(body for kind, body in _parts(data, 8, "big", 4) if kind == b"IDAT")
        case "WEBP":
            return b"".join(body for kind, body in _parts(data, 12, "little", 0) if kind[:2] in _WEBP_PIXELS)
        case "JPEG":
            at = 2
            while data[at + 1] != 0xDA:
                at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            return data[at:]
    image = Image.open(BytesIO(data))
    tags = image.tag_v2
    places = zip(tags.get(273) or tags[324], tags.get(279) or tags[325], strict=True)
    return b"".join(data[at : at + size] for at, size in places)


_WEBP_PIXELS = (b"VP", b"AL", b"AN")


def _parts(data: bytes, at: int, order: str, behind: int) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    while at < len(data):
        first, second = data[at : at + 4], data[at + 4 : at + 8]
        length, kind = (first, second) if order == "big" else (second, first)
        size = int.from_bytes(length, order)  # type: ignore[arg-type]
        if kind != b"VP8X":
            found.append((kind, data[at + 8 : at + 8 + size]))
        at += 8 + size + behind
        at += at % 2 if order == "little" else 0
    return found
