"""Photographs cut for a comp: by their own alpha, from a plain ground, or in a shape around the subject."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from app.sandbox.assets import FORMATS
from app.sandbox.casting import Role

Box = tuple[float, float, float, float]
_LOOK = 72
"""Side, in pixels, of the small copy in which the subject is looked for."""


def opened(path: Path, side: int) -> Image.Image:
    """Upright RGBA, its longer side at most `side` pixels."""
    with Image.open(path, formats=FORMATS) as picture:
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        has_alpha = upright.has_transparency_data
        made = upright.convert("RGBA" if has_alpha else "RGB")
    made.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return made.convert("RGBA")


def cut_out(picture: Image.Image, role: Role) -> Image.Image:
    """The subject on nothing, cropped to what can be seen; soft at its edge."""
    alpha = picture.getchannel("A")
    opaque = alpha.histogram()[255] > picture.width * picture.height * 0.97
    mask = _plain_ground(picture) if opaque else alpha
    if mask is None:
        belief = _belief(picture, role)
        mask = _shape(picture.size, _bounds(belief), role)
        if role is Role.PERSON:
            mask = ImageChops.multiply(mask, _followed(picture.size, belief))
    cut = picture.copy()
    cut.putalpha(mask)
    return cut.crop(mask.point(lambda value: 255 if value > 8 else 0).getbbox())


def _plain_ground(picture: Image.Image) -> Image.Image | None:
    """A mask without the ground, where the ground is one colour all around, as in a pack shot."""
    small = picture.convert("RGB")
    small.thumbnail((320, 320))
    width, height = small.size
    edge = [small.crop(box) for box in ((0, 0, width, 3), (0, 0, 3, height), (width - 3, 0, width, height))]
    spread = max(_spread(strip.tobytes()[band::3]) for strip in edge for band in range(3))
    if spread > 36:
        return None
    marked = small.copy()
    for corner in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        ImageDraw.floodfill(marked, corner, (255, 0, 254), thresh=34)
    ground = ImageChops.difference(marked, Image.new("RGB", marked.size, (255, 0, 254))).convert("L")
    mask = ground.point(lambda value: 255 if value else 0).filter(ImageFilter.MinFilter(3))
    share = mask.histogram()[255] / (width * height)
    if not 0.04 < share < 0.9:
        return None
    mask = mask.resize(picture.size, Image.Resampling.BICUBIC)
    return mask.filter(ImageFilter.GaussianBlur(max(picture.size) / 500))


def _spread(values: bytes) -> int:
    return max(values) - min(values)


def _belief(picture: Image.Image, role: Role) -> Sequence[float]:
    """How surely each of the small pixels is the subject: colours of the middle against the rim's."""
    small = picture.convert("RGB").resize((_LOOK, _LOOK), Image.Resampling.BOX)
    codes = small.quantize(48, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).tobytes()
    prior = _prior(role)
    belief: Sequence[float] = prior
    for _ in range(4):
        inside, outside = [1.0] * 256, [1.0] * 256
        for code, share in zip(codes, belief, strict=True):
            inside[code] += share
            outside[code] += 1 - share
        scale = sum(outside) / sum(inside)
        odds = [one * scale / (one * scale + other) for one, other in zip(inside, outside, strict=True)]
        seen = Image.frombytes("L", small.size, bytes(int(255 * odds[code]) for code in codes))
        smooth = seen.filter(ImageFilter.GaussianBlur(1.6)).tobytes()
        belief = [
            hit * chance / (hit * chance + (1 - hit) * (1 - chance) + 1e-6)
            for hit, chance in zip((value / 255 for value in smooth), prior, strict=True)
        ]
    return belief


def _followed(size: tuple[int, int], belief: Sequence[float]) -> Image.Image:
    """A soft mask that follows the subject, so that what stood beside it fades away."""
    small = Image.frombytes("L", (_LOOK, _LOOK), bytes(int(255 * one) for one in belief))
    small = small.filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(1.3))
    steep = small.point(lambda value: max(0, min(255, int((value - 56) * 2.1))))
    return steep.resize(size, Image.Resampling.BICUBIC)


def _prior(role: Role) -> list[float]:
    """How likely each of the small pixels belongs to the subject before its colour is known."""
    chances = []
    for y in range(_LOOK):
        for x in range(_LOOK):
            across = (x + 0.5) / _LOOK * 2 - 1
            down = (y + 0.5) / _LOOK * 2 - 1
            if role is Role.PERSON and down > 0:
                down *= 0.3
            far = (across / 0.74) ** 2 + (down / 0.84) ** 2
            chances.append(0.06 + 0.88 / (1 + math.exp(5 * (far - 1))))
    return chances


def _bounds(belief: Sequence[float]) -> Box:
    """The box that holds nearly all of the belief, as shares of the sides and never less than half of one."""
    columns = [sum(belief[x::_LOOK]) for x in range(_LOOK)]
    rows = [sum(belief[y * _LOOK : (y + 1) * _LOOK]) for y in range(_LOOK)]
    left, right = _span(columns)
    top, bottom = _span(rows)
    return left, top, right, bottom


def _span(weights: Sequence[float]) -> tuple[float, float]:
    most = max(weights)
    inside = [at for at, weight in enumerate(weights) if weight > most * 0.3]
    low, high = inside[0] / _LOOK, (inside[-1] + 1) / _LOOK
    short = max(0.0, 0.5 - (high - low)) / 2
    return max(0.0, low - short - 0.01), min(1.0, high + short + 0.01)


def _shape(size: tuple[int, int], box: Box, role: Role) -> Image.Image:
    """An arch that runs to the lower edge for a person, an ellipse for a thing; a soft rim."""
    width, height = size
    left, top, right, bottom = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    mask = Image.new("L", (width * 2, height * 2), 0)
    draw = ImageDraw.Draw(mask)
    if role is Role.PERSON:
        bow = (right - left) / 2
        draw.rounded_rectangle((2 * left, 2 * top, 2 * right, 2 * height + 4 * bow), radius=2 * bow, fill=255)
    else:
        draw.ellipse((2 * left, 2 * top, 2 * right, 2 * bottom), fill=255)
    mask = mask.resize(size, Image.Resampling.LANCZOS)
    soft = max(size) * (0.012 if role is Role.PERSON else 0.002)
    return mask.filter(ImageFilter.GaussianBlur(soft))
