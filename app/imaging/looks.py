"""Made pictures as a screen shows them: upright, in sRGB, small."""

from __future__ import annotations

from dataclasses import dataclass

from app.basics.words import say
from app.imaging.fitting import Bounds, Limits, Size, shrink
from app.imaging.opening import decoding, opened
from app.imaging.orientation import orientation_of, turned_size
from app.imaging.prepare import upright_srgb


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`pixels` are RGBA, eight bits each, row after row without gaps."""

    size: Size
    pixels: bytes


def look(data: bytes, side: int | None = None) -> Look:
    """`side`: px of the longer side at most; None: every pixel.

    :raises BadInput: it cannot be decoded
    """
    with opened(data) as photo:
        with decoding(say("The picture")):
            orientation = orientation_of(photo)
        upright = turned_size(photo.size, orientation)
        size = shrink(upright, bounds=Bounds(), limits=Limits(max_side=side)) if side else upright
        image = upright_srgb(photo, data, orientation, size, (0, 0, *upright)).convert("RGBA")
        return Look(size=image.size, pixels=image.tobytes())
