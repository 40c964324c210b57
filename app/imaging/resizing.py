"""Pictures made larger or smaller in linear light: Lanczos, at 16 bits a channel.

Averaging levels as they are coded would darken what is fine and bright: white lettering on black, sparkle on
metal. So levels become light (by the curve of sRGB, which Display P3 shares and Adobe RGB nearly), are
averaged, and become levels again.
"""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageMath

from app.imaging.fitting import Size

_LIGHT = 65535
_LANCZOS = Image.Resampling.LANCZOS


def resized(image: Image.Image, size: Size) -> Image.Image:
    """L, LA, RGB or RGBA as `colour.resizable` gives it; CMYK and LAB are averaged as they are coded."""
    if size == image.size:
        return image
    if image.mode not in ("L", "LA", "RGB", "RGBA"):
        return image.resize(size, _LANCZOS)
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    if alpha is not None and alpha.getextrema() == (255, 255):
        alpha, opaque = None, True
    else:
        opaque = False
    colours = [image.getchannel(band) for band in image.getbands() if band != "A"]
    to_light, to_level = _to_light(), _to_level()
    if alpha is None:
        bands = [one.point(to_light, "I").resize(size, _LANCZOS).point(to_level, "L") for one in colours]
        if opaque:
            bands.append(Image.new("L", size, 255))
    else:
        bands = _see_through(colours, alpha, size)
    return Image.merge(image.mode, bands)


def _see_through(colours: list[Image.Image], alpha: Image.Image, size: Size) -> list[Image.Image]:
    """What cannot be seen has no say in the colour of its neighbours."""
    to_light, to_level = _to_light(), _to_level()
    cover = alpha.convert("F")
    shrunk = cover.resize(size, _LANCZOS)
    bands = []
    for one in colours:
        seen = _maths(
            lambda a: a["light"] * a["cover"], light=one.point(to_light, "I").convert("F"), cover=cover
        )
        light = _maths(
            lambda a: a["max"](a["min"](a["seen"] / a["max"](a["cover"], 0.5), _LIGHT), 0),
            seen=seen.resize(size, _LANCZOS),
            cover=shrunk,
        )
        bands.append(light.convert("I").point(to_level, "L"))
    return [*bands, _rounded(shrunk)]


def _rounded(levels: Image.Image) -> Image.Image:
    return _maths(lambda a: a["max"](a["min"](a["x"] + 0.5, 255), 0), x=levels).convert("L")


def _maths(work: Any, **images: Image.Image) -> Image.Image:
    made = ImageMath.lambda_eval(work, **images)
    assert isinstance(made, Image.Image)
    return made


def _to_light() -> list[int]:
    return [round(_LIGHT * _light(level / 255)) for level in range(256)]


def _to_level() -> list[int]:
    return [round(255 * _level(light / _LIGHT)) for light in range(_LIGHT + 1)]


def _light(level: float) -> float:
    """IEC 61966-2-1, from 0 to 1."""
    return float(level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4)


def _level(light: float) -> float:
    return float(light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055)
