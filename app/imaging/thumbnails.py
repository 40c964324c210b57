"""Small upright pictures for the canvas and the panels, as raw bytes that any toolkit can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.imaging.fitting import Bounds, Limits, shrink
from app.imaging.opening import Source, decoding, name_of, opened
from app.imaging.orientation import orientation_of, turned_size
from app.imaging.prepare import upright_srgb

STEPS = (64, 128, 256, 512, 1024)
"""Sizes of the longer side, so that zooming a little never decodes anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """`data` is rows of `stride` bytes from the top, `mode` RGB or RGBA (not premultiplied), sRGB."""

    width: int
    height: int
    stride: int
    mode: Literal["RGB", "RGBA"]
    data: bytes


def step_for(box: int) -> int:
    """The smallest step that fills `box` pixels, at most the largest."""
    return next((step for step in STEPS if step >= box), STEPS[-1])


def thumbnail(source: Source, box: int) -> Thumbnail:
    """The picture within a square of `step_for(box)` pixels, never enlarged. Raises what `opened` raises."""
    with opened(source) as photo:
        with decoding(name_of(source)):
            orientation = orientation_of(photo)
        upright = turned_size(photo.size, orientation)
        size = shrink(upright, bounds=Bounds(), limits=Limits(max_side=step_for(box)))
        image = upright_srgb(photo, source, orientation, size, (0, 0, *upright))
    mode: Literal["RGB", "RGBA"] = "RGBA" if image.mode == "RGBA" else "RGB"
    width, height = image.size
    return Thumbnail(width=width, height=height, stride=width * len(mode), mode=mode, data=image.tobytes())
