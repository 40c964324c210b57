"""Where pixels go: crop, pad and shrink as pure arithmetic on sizes, exact in fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Size = tuple[int, int]
Focus = tuple[float, float]
Fit = Literal["none", "pad", "crop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Allowed width ÷ height; None is no bound."""

    least: float | None = None
    most: float | None = None

    def holds(self, size: Size) -> bool:
        ratio = Fraction(*size)
        return (self.least is None or ratio >= Fraction(self.least)) and (
            self.most is None or ratio <= Fraction(self.most)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    max_side: int
    max_pixels: int | None = None

    def hold(self, size: Size) -> bool:
        return max(size) <= self.max_side and (self.max_pixels is None or math.prod(size) <= self.max_pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """`box` (left, top, right, bottom) of the picture, shrunk to `inner`, lies at `offset` on `canvas`."""

    box: tuple[int, int, int, int]
    inner: Size
    canvas: Size
    offset: tuple[int, int]

    @property
    def padded(self) -> bool:
        return self.inner != self.canvas

    def leaves(self, size: Size) -> bool:
        """Whether a picture of this size stays as it is."""
        return self.box == (0, 0, *size) and self.inner == self.canvas == size


def fit(size: Size, *, mode: Fit, focus: Focus, bounds: Bounds, limits: Limits) -> Fitted:
    """Outside the bounds, crop or pad to the nearest allowed ratio; then shrink to the limits."""
    box = (0, 0, *size)
    canvas = size
    if mode == "crop":
        box = crop_box(size, focus, bounds)
        canvas = (box[2] - box[0], box[3] - box[1])
    elif mode == "pad":
        canvas = pad_size(size, bounds)
    small = shrink(canvas, bounds=bounds, limits=limits)
    content = (box[2] - box[0], box[3] - box[1])
    inner = small if content == canvas else _inside(content, canvas, small)
    offset = ((small[0] - inner[0]) // 2, (small[1] - inner[1]) // 2)
    return Fitted(box=box, inner=inner, canvas=small, offset=offset)


def crop_box(size: Size, focus: Focus, bounds: Bounds) -> tuple[int, int, int, int]:
    """The largest box of an allowed ratio, as near to centred on the focus point as the edges allow."""
    width, height = size
    if bounds.most is not None and Fraction(width, height) > Fraction(bounds.most):
        width = max(1, math.floor(Fraction(bounds.most) * height))
    elif bounds.least is not None and Fraction(width, height) < Fraction(bounds.least):
        height = max(1, math.floor(width / Fraction(bounds.least)))
    left = _start(size[0], width, focus[0])
    top = _start(size[1], height, focus[1])
    return (left, top, left + width, top + height)


def pad_size(size: Size, bounds: Bounds) -> Size:
    """The smallest size of an allowed ratio that holds the picture."""
    width, height = size
    if bounds.most is not None and Fraction(width, height) > Fraction(bounds.most):
        height = math.ceil(width / Fraction(bounds.most))
    elif bounds.least is not None and Fraction(width, height) < Fraction(bounds.least):
        width = math.ceil(Fraction(bounds.least) * height)
    return (width, height)


def shrink(size: Size, *, bounds: Bounds, limits: Limits) -> Size:
    """The largest size of the same ratio within the limits; never larger than `size`.

    Rounding to whole pixels does not carry an allowed ratio over its bound.
    """
    if limits.hold(size):
        return size
    bounds = bounds if bounds.holds(size) else Bounds()
    long = min(max(size), limits.max_side)
    if limits.max_pixels is not None:
        long = min(long, limits.max_pixels, math.isqrt(limits.max_pixels * max(size) // min(size)))
    while True:
        long = max(1, long)
        small = _at_long_side(size, long, bounds)
        if long == 1 or limits.hold(small):
            return small
        long -= 1


def _at_long_side(size: Size, long: int, bounds: Bounds) -> Size:
    lying = size[0] >= size[1]
    short = max(1, _round(Fraction(min(size) * long, max(size))))
    if lying:
        return (long, _clamped(short, _over(long, bounds.most), _under(long, bounds.least)))
    return (_clamped(short, _times(long, bounds.least), _times_down(long, bounds.most)), long)


def _over(long: int, bound: float | None) -> int | None:
    return None if bound is None else math.ceil(long / Fraction(bound))


def _under(long: int, bound: float | None) -> int | None:
    return None if not bound else math.floor(long / Fraction(bound))


def _times(long: int, bound: float | None) -> int | None:
    return None if bound is None else math.ceil(long * Fraction(bound))


def _times_down(long: int, bound: float | None) -> int | None:
    return None if bound is None else math.floor(long * Fraction(bound))


def _clamped(value: int, low: int | None, high: int | None) -> int:
    """Left alone where whole pixels leave no room between the bounds."""
    if low is not None and high is not None and low > high:
        return value
    value = value if low is None else max(value, low)
    return max(1, value if high is None else min(value, high))


def _inside(content: Size, canvas: Size, small: Size) -> Size:
    """The content's share of a canvas that was shrunk to `small`."""
    return (
        small[0] if content[0] == canvas[0] else _share(content[0], canvas[0], small[0]),
        small[1] if content[1] == canvas[1] else _share(content[1], canvas[1], small[1]),
    )


def _share(part: int, whole: int, small: int) -> int:
    return min(small, max(1, _round(Fraction(part * small, whole))))


def _start(whole: int, part: int, focus: float) -> int:
    return min(max(_round(Fraction(focus) * whole - Fraction(part, 2)), 0), whole - part)


def _round(value: Fraction) -> int:
    """Half up, unlike `round`, so that neighbours behave alike."""
    return math.floor(value + Fraction(1, 2))
