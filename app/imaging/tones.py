"""How often each tone is in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

Counts = tuple[int, ...]
_LUMINANCE = (0.2126, 0.7152, 0.0722, 0.0)
"""Rec. 709 (https://www.itu.int/rec/R-REC-BT.709), whose primaries sRGB has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """256 counts each, of the levels as they are coded. What is wholly transparent is not counted."""

    red: Counts
    green: Counts
    blue: Counts
    luminance: Counts

    @property
    def pixels(self) -> int:
        return sum(self.red)


def tones_of(image: Image.Image) -> Tones:
    """Of an RGB or RGBA picture in sRGB."""
    mask = image.getchannel("A").point([0] + [255] * 255) if image.mode == "RGBA" else None
    colours = image.convert("RGB")
    counts = colours.histogram(mask)
    light = colours.convert("L", matrix=_LUMINANCE).histogram(mask)
    return Tones(
        red=tuple(counts[:256]),
        green=tuple(counts[256:512]),
        blue=tuple(counts[512:]),
        luminance=tuple(light),
    )
