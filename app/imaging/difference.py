"""Where two pictures differ, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from PIL import Image, ImageChops


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`image` is RGB: how far each channel is apart, black where two pixels are equal. `differing` of `all`
    pixels are not equal, the worst by `most` levels of 255."""

    image: Image.Image
    differing: int
    all: int
    most: int

    @property
    def identical(self) -> bool:
        return not self.differing


def difference(one: Image.Image, other: Image.Image) -> Difference:
    """Of two RGB or RGBA pictures of one size. What is wholly transparent in both is equal, whatever colour
    stands there; where only the transparency differs, it is shown as grey."""
    pairs = zip(_premultiplied(one).split(), _premultiplied(other).split(), strict=True)
    red, green, blue, alpha = (ImageChops.difference(a, b) for a, b in pairs)
    bands = [ImageChops.lighter(band, alpha) for band in (red, green, blue)]
    counts = reduce(ImageChops.lighter, bands).histogram()
    pixels = one.width * one.height
    return Difference(
        image=Image.merge("RGB", bands),
        differing=pixels - counts[0],
        all=pixels,
        most=max(level for level, count in enumerate(counts) if count),
    )


def _premultiplied(image: Image.Image) -> Image.Image:
    return image.convert("RGBA").convert("RGBa")


def amplified(image: Image.Image, factor: int) -> Image.Image:
    """Each level `factor` times as large, at most white; equal pixels stay black."""
    return image.point([min(255, level * factor) for level in range(256)] * len(image.getbands()))


def halved_by_most(image: Image.Image) -> Image.Image:
    """Half as large, each pixel the lightest of four: a single one that differs is seen from any distance."""
    width, height = image.size
    wide, tall = (width + 1) // 2, (height + 1) // 2
    even = Image.new(image.mode, (wide * 2, tall * 2))
    even.paste(image, (0, 0))
    corners = (
        even.transform((wide, tall), Image.Transform.AFFINE, (2, 0, x - 0.5, 0, 2, y - 0.5))
        for x in (0, 1)
        for y in (0, 1)
    )
    return reduce(ImageChops.lighter, corners)


def placed(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Fitted into the middle of `size`, whole; what it leaves free is transparent."""
    if image.size == size:
        return image
    share = min(size[0] / image.width, size[1] / image.height)
    fitted = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    small = image.resize(fitted, Image.Resampling.LANCZOS) if fitted != image.size else image
    if fitted == size:
        return small
    ground = Image.new("RGBA", size)
    ground.paste(small, ((size[0] - fitted[0]) // 2, (size[1] - fitted[1]) // 2))
    return ground
