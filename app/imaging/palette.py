"""The few colours that a picture is made of, in OKLab, where distances are as eyes see them, and by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from app.basics.words import mark
from app.imaging.thumbnails import Thumbnail, thumbnail

NAMES = {
    "red": mark("red"),
    "orange": mark("orange"),
    "yellow": mark("yellow"),
    "green": mark("green"),
    "teal": mark("teal"),
    "blue": mark("blue"),
    "purple": mark("purple"),
    "pink": mark("pink"),
    "brown": mark("brown"),
    "black": mark("black"),
    "grey": mark("grey"),
    "white": mark("white"),
}
"""Each name, as it is kept and as people read it."""
SWATCHES = {
    "red": (214, 40, 40),
    "orange": (240, 138, 36),
    "yellow": (245, 213, 45),
    "green": (64, 160, 70),
    "teal": (28, 160, 160),
    "blue": (44, 104, 220),
    "purple": (132, 70, 190),
    "pink": (240, 130, 175),
    "brown": (120, 74, 40),
    "black": (16, 16, 18),
    "grey": (128, 128, 128),
    "white": (250, 250, 250),
}
"""A swatch for each name, sRGB."""
MOST = 5
LEAST_SHARE = 4
"""Hundredths of the picture; what is less is no colour of it."""
_LOOKED_AT = 64
_PIECES = 12
_SAME = 60
"""Colours closer than this, in thousandths of OKLab, are one."""
_HUES = (
    *((15, "pink"), (40, "red"), (78, "orange"), (116, "yellow"), (165, "green")),
    *((215, "teal"), (285, "blue"), (325, "purple"), (361, "pink")),
)
"""Up to which angle of OKLab a hue is called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """OKLab in thousandths; `share` of the picture in hundredths."""

    lightness: int
    a: int
    b: int
    share: int
    name: str


def palette(path: Path) -> tuple[Colour, ...]:
    """The picture's main colours, the largest first. Raises what `thumbnails.thumbnail` raises."""
    return palette_of(thumbnail(path, _LOOKED_AT))


def palette_of(seen: Thumbnail) -> tuple[Colour, ...]:
    """What is transparent has no colour."""
    image = Image.frombytes(seen.mode, (seen.width, seen.height), seen.data)
    counted: list[tuple[int, tuple[int, int, int]]] = []
    solid = (
        image.getchannel("A").point(lambda level: 255 if level > 127 else 0) if seen.mode == "RGBA" else None
    )
    reduced = image.convert("RGB").quantize(_PIECES, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    counts = reduced.histogram(solid)
    numbers = reduced.getpalette() or []
    for place, count in enumerate(counts[: len(numbers) // 3]):
        if count:
            red, green, blue = numbers[place * 3 : place * 3 + 3]
            counted.append((count, oklab((red, green, blue))))
    total = sum(count for count, _ in counted)
    found = [
        (round(100 * count / total), lab) for count, lab in sorted(_joined(counted), reverse=True)[:MOST]
    ]
    return tuple(
        Colour(lightness=lab[0], a=lab[1], b=lab[2], share=share, name=name_of(lab))
        for share, lab in found
        if share >= LEAST_SHARE
    )


def _joined(counted: Sequence[tuple[int, tuple[int, int, int]]]) -> list[tuple[int, tuple[int, int, int]]]:
    """The small ones counted with the large ones that look the same."""
    groups: list[tuple[int, tuple[int, int, int]]] = []
    for count, lab in sorted(counted, reverse=True):
        for place, (size, other) in enumerate(groups):
            if math.dist(lab, other) < _SAME:
                groups[place] = (size + count, other)
                break
        else:
            groups.append((count, lab))
    return groups


def oklab(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    """OKLab in thousandths of a colour in sRGB. Source: Björn Ottosson, "A perceptual color space for image
    processing" (2020)."""
    red, green, blue = (_linear(level / 255) for level in rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        round(1000 * (0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short)),
        round(1000 * (1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short)),
        round(1000 * (0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short)),
    )


def name_of(lab: tuple[int, int, int]) -> str:
    """What people call it, of `NAMES`."""
    lightness, a, b = lab
    chroma = math.hypot(a, b)
    if lightness < 220 and chroma < 70:
        return "black"
    if chroma < 35:
        return "white" if lightness > 920 else "grey" if lightness >= 260 else "black"
    angle = math.degrees(math.atan2(b, a)) % 360
    hue = next(name for end, name in _HUES if angle < end)
    if hue in ("orange", "yellow") and (lightness < 620 if hue == "orange" else lightness < 520):
        return "brown"
    if hue == "orange" and lightness < 720 and chroma < 110:
        return "brown"
    if hue == "red" and lightness > 730:
        return "pink"
    if hue == "pink" and lightness < 600:
        return "red" if angle < 180 else "purple"
    return hue


def _linear(level: float) -> float:
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4
