"""What is behind everything: the place reference, out of focus, or a set made from the words alone."""

from __future__ import annotations

import colorsys
import hashlib
import random
import re

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from app.sandbox.composition import Layout
from app.sandbox.mood import Colour

_HIGH_KEY = re.compile(r"\b(?:white|pastel|airy|bright|clean|minimal)|白")
_SOFT = 2
"""A set that is out of focus anyway is painted at this fraction of the size."""


def place_behind(picture: Image.Image, layout: Layout, *, indoors: bool) -> Image.Image:
    """The photograph covers the frame, slightly blurred; a wall or studio gets a floor of its own light."""
    width, height = layout.width, layout.height
    covered = _cover(picture.convert("RGB"), layout)
    soft = covered.resize((width // 2, height // 2), Image.Resampling.BILINEAR)
    soft = soft.filter(ImageFilter.GaussianBlur(layout.short / 420))
    frame = soft.resize((width, height), Image.Resampling.BICUBIC)
    return _with_floor(frame, layout) if indoors else _with_dusk(frame, layout)


def _cover(picture: Image.Image, layout: Layout) -> Image.Image:
    """Cropped to the frame's shape by zoom and pan, mirrored if the layout is."""
    across, down = picture.size
    scale = min(across / layout.width, down / layout.height) / layout.zoom
    wide, high = layout.width * scale, layout.height * scale
    left, top = (across - wide) * layout.pan[0], (down - high) * layout.pan[1]
    box = (left, top, left + wide, top + high)
    frame = picture.resize((layout.width, layout.height), Image.Resampling.BICUBIC, box=box)
    return ImageOps.mirror(frame) if layout.mirrored else frame


def _with_floor(frame: Image.Image, layout: Layout) -> Image.Image:
    """The wall mirrored into a dark, glossy floor below the horizon."""
    width, height = frame.size
    deep = height - layout.horizon
    wall = frame.crop((0, max(0, layout.horizon - deep), width, layout.horizon))
    small = ImageOps.flip(wall).resize((max(8, width // 10), max(8, deep // 16)), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(2.4))
    floor = small.resize((width, deep), Image.Resampling.BICUBIC)
    floor = Image.composite(Image.new("RGB", floor.size, _dark(floor)), floor, _ramp(floor.size, 96, 214))
    mask = Image.new("L", frame.size, 0)
    mask.paste(255, (0, layout.horizon, width, height))
    mask = _blurred(mask, layout.short / 160)
    sheet = frame.copy()
    sheet.paste(floor, (0, layout.horizon))
    return Image.composite(sheet, frame, mask)


def _with_dusk(frame: Image.Image, layout: Layout) -> Image.Image:
    """A scene keeps its own ground, darker towards the viewer so that things can stand on it."""
    deep = round(layout.height * 0.4)
    shade = Image.new("L", frame.size, 0)
    shade.paste(_ramp((layout.width, deep), 0, 120), (0, layout.height - deep))
    frame.paste((10, 10, 14), (0, 0), shade)
    return frame


def made_set(prompt: str, layout: Layout, chance: random.Random) -> Image.Image:
    """A wall, a sweep and lights out of focus, in colours that belong to the words."""
    told = hashlib.sha256(" ".join(prompt.lower().split()).encode("utf-8", "replace")).digest()
    hue = told[0] / 256
    second = (hue + (0.08 if told[1] % 2 else 0.46) + told[2] / 2560) % 1
    width, height = layout.width // _SOFT, layout.height // _SOFT
    high, low = _colour(hue, 0.42, 0.62), _colour(second, 0.5, 0.26)
    if _HIGH_KEY.search(prompt.lower()):
        high, low = _colour(hue, 0.05, 0.95), _colour(second, 0.09, 0.74)
    frame = Image.composite(
        Image.new("RGB", (width, height), low),
        Image.new("RGB", (width, height), high),
        _ramp((width, height), 0, 255),
    )
    frame = Image.blend(frame, _across(width, height, _colour(second, 0.35, 0.8), layout.mirrored), 0.25)
    frame = _bokeh(frame, _colour(second, 0.3, 0.95), _colour(hue, 0.25, 0.98), chance)
    floor = Image.new("L", frame.size, 0)
    floor.paste(_ramp((width, height - layout.horizon // _SOFT), 40, 150), (0, layout.horizon // _SOFT))
    frame.paste(_dark(frame), (0, 0), _blurred(floor, 6))
    if not layout.stands:
        _plinth(frame, layout, high)
    return frame.resize((layout.width, layout.height), Image.Resampling.BICUBIC)


def _plinth(frame: Image.Image, layout: Layout, colour: Colour) -> None:
    """An empty stand in the middle, for the thing that no reference shows."""
    short = min(frame.size)
    wide, deep = round(short * 0.5), round(short * 0.13)
    centre, top = frame.width // 2, round(layout.horizon / _SOFT * 0.88)
    foot = top + round(short * 0.17)
    spot = Image.new("L", frame.size, 0)
    reach = round(wide * 0.62)
    ImageDraw.Draw(spot).ellipse((centre - reach, foot - deep // 4, centre + reach, foot + deep), fill=190)
    frame.paste((4, 4, 8), (0, 0), _blurred(spot, short * 0.02))
    side = Image.new("L", (wide * 2, (foot - top + deep) * 2), 0)
    pen = ImageDraw.Draw(side)
    pen.rectangle((0, deep, wide * 2, (foot - top) * 2 + deep), fill=255)
    pen.ellipse((0, (foot - top) * 2, wide * 2, (foot - top + deep) * 2), fill=255)
    side = side.resize((wide, foot - top + deep), Image.Resampling.LANCZOS)
    body = Image.new("RGB", side.size, _mixed(colour, (0, 0, 0), 0.72))
    body.paste(_mixed(colour, (255, 255, 255), 0.1), (0, 0), _sheen(side.size, layout.mirrored))
    frame.paste(body, (centre - wide // 2, top), side)
    lid = Image.new("L", (wide * 2, deep * 2), 0)
    ImageDraw.Draw(lid).ellipse((0, 0, wide * 2 - 1, deep * 2 - 1), fill=255)
    lid = lid.resize((wide, deep), Image.Resampling.LANCZOS)
    plate = Image.new("RGB", lid.size, _mixed(colour, (255, 255, 255), 0.45))
    frame.paste(plate, (centre - wide // 2, top), lid)


def _sheen(size: tuple[int, int], mirrored: bool) -> Image.Image:
    """Light on a cylinder: strongest a third of the way in from the key side."""
    width, height = size
    lobe = (
        Image.radial_gradient("L")
        .crop((0, 127, 256, 129))
        .point(lambda value: max(0, 255 - int(value * 1.6)))
    )
    strip = Image.new("L", (width, 1), 0)
    strip.paste(lobe.resize((width, 1)), (round(width * (0.18 if mirrored else -0.18)), 0))
    return strip.resize((width, height))


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _across(width: int, height: int, colour: Colour, mirrored: bool) -> Image.Image:
    ramp = _ramp((height, width), 255, 0).rotate(90, expand=True)
    light = Image.new("RGB", (width, height), (0, 0, 0))
    light.paste(colour, (0, 0), ImageOps.mirror(ramp) if mirrored else ramp)
    return light


def _bokeh(frame: Image.Image, one: Colour, other: Colour, chance: random.Random) -> Image.Image:
    """Discs of light in three depths, the far ones small and sharp, the near ones large and faint."""
    short = min(frame.size)
    for count, size, strength, blur in ((18, 0.03, 84, 1.2), (11, 0.08, 58, 2.4), (6, 0.19, 38, 10.0)):
        mask = Image.new("L", frame.size, 0)
        draw = ImageDraw.Draw(mask)
        for _ in range(count):
            x, y = chance.random() * frame.width, chance.triangular(0, 0.86, 0.3) * frame.height
            radius = short * size * chance.uniform(0.5, 1.2)
            box = (x - radius, y - radius, x + radius, y + radius)
            faint = int(strength * chance.uniform(0.4, 1.0))
            draw.ellipse(box, fill=faint, outline=min(255, int(faint * 1.35)), width=max(1, int(radius / 14)))
        frame.paste(one if count % 2 else other, (0, 0), mask.filter(ImageFilter.GaussianBlur(blur)))
    return frame


def _ramp(size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    """An L image from one value at the top to another at the bottom."""
    width, height = max(1, size[0]), max(1, size[1])
    ramp = Image.linear_gradient("L").point(lambda value: int(top + (bottom - top) * value / 255))
    return ramp.resize((width, height), Image.Resampling.BILINEAR)


def _blurred(mask: Image.Image, radius: float) -> Image.Image:
    small = mask.resize((mask.width // 4, mask.height // 4), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(radius / 4))
    return small.resize(mask.size, Image.Resampling.BILINEAR)


def _dark(picture: Image.Image) -> Colour:
    """The picture's own colour, deep in shadow."""
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()[:3]
    return red // 6, green // 6, blue // 6 + 2


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
