"""Pixels to the bytes that are sent: right type, no metadata, within the limit, the same every time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from app.basics.faults import BadInput
from app.basics.words import say
from app.imaging.fitting import Bounds, Limits, shrink

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
KNOWN_TYPES = (JPEG, PNG, WEBP)
SUFFIXES = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp"}

_QUALITIES = (92, 85, 76)
_PNG_LEVELS = (1, 9)
"""Level 1 is five times as fast as Pillow's own and 14 % larger; 9 is tried only where bytes are short."""
_FEW_COLOURS = 1024
_TINY = 256 * 256
_STRIP = 64
"""Rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    data: bytes
    mime: str
    size: tuple[int, int]


def choose_type(image: Image.Image, *, lossless_source: bool, accepted: tuple[str, ...]) -> str:
    """JPEG for photographs; PNG for alpha, and for flat graphics that JPEG would fringe and hardly shrink."""
    if image.mode == "RGBA":
        return PNG if PNG in accepted else WEBP
    if lossless_source and PNG in accepted and _is_flat(image):
        return PNG
    return next(mime for mime in KNOWN_TYPES if mime in accepted)


def _is_flat(image: Image.Image) -> bool:
    """Small, or of few colours. Counted strip by strip: Pillow lets no other thread work while it counts, and
    a window would stand still for a photograph of 24 megapixels."""
    if math.prod(image.size) <= _TINY:
        return True
    seen: set[object] = set()
    for top in range(0, image.height, _STRIP):
        found = image.crop((0, top, image.width, min(top + _STRIP, image.height))).getcolors(_FEW_COLOURS)
        if found is None:
            return False
        seen.update(colour for _, colour in found)
        if len(seen) > _FEW_COLOURS:
            return False
    return True


def encode_within(image: Image.Image, mime: str, *, max_bytes: int, bounds: Bounds) -> Encoded:
    """Lower quality first, as far as an eye hardly sees, then fewer pixels.

    Raises BadInput (image.limit-too-low) where not even one pixel fits.
    """
    image.info = {}  # Pillow would write comments and profiles from here
    size = image.size
    while True:
        shrunk = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
        data = b""
        for data in _tries(shrunk, mime):
            if len(data) <= max_bytes:
                return Encoded(data=data, mime=mime, size=size)
        if max(size) == 1:
            raise BadInput(
                say("No picture fits into {max_bytes:,} bytes.", max_bytes=max_bytes),
                advice=say("Raise the limit of the model's card."),
                code="image.limit-too-low",
            )
        size = _smaller(size, max_bytes / len(data), bounds)


def _smaller(size: tuple[int, int], share: float, bounds: Bounds) -> tuple[int, int]:
    long = math.floor(max(size) * min(0.9, 0.95 * math.sqrt(share)))
    return shrink(size, bounds=bounds, limits=Limits(max_side=max(1, long)))


def _tries(image: Image.Image, mime: str) -> Iterator[bytes]:
    if mime == PNG:
        for level in _PNG_LEVELS:
            yield _saved(image, "PNG", compress_level=level)
    elif mime == WEBP:
        for quality in _QUALITIES:
            yield _saved(image, "WEBP", quality=quality, method=4)
    else:
        # 4:4:4, a fifth more bytes: a 4:2:0 photograph shrunk by two has its full colour again, and thin
        # red lettering on a product is what 4:2:0 smears first.
        for quality in _QUALITIES:
            yield _saved(image, "JPEG", quality=quality, subsampling=0)


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    into = BytesIO()
    image.save(into, kind, **options)
    return into.getvalue()
