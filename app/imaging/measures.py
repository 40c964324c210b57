"""Sizes on paper and on the screen: `30 cm` at 300 DPI in pixels, and back. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from app.basics.faults import BadInput
from app.basics.words import say
from app.imaging.fitting import Size

LEAST_DPI, MOST_DPI = 1, 4800
MOST_SIDE = 30_000
"""Px; more no format of ours takes or no program opens."""
MOST_PIXELS = 200_000_000


class Unit(StrEnum):
    PX = "px"
    MM = "mm"
    CM = "cm"
    INCH = "in"


_PER_INCH: Mapping[Unit, Fraction] = MappingProxyType(
    {Unit.MM: Fraction(254, 10), Unit.CM: Fraction(254, 100), Unit.INCH: Fraction(1)}
)
_WRITTEN = re.compile(r"\s*(\d+(?:[.,]\d+)?)?\s*(?:([x×])\s*(\d+(?:[.,]\d+)?)?)?\s*([a-z\"]+)?\s*", re.I)
_UNITS = {"": Unit.PX, "px": Unit.PX, "mm": Unit.MM, "cm": Unit.CM} | dict.fromkeys(
    ("in", "inch", "inches", '"'), Unit.INCH
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSize:
    """What a picture is to be as large as. One of the two alone gives the other by the picture's ratio; of
    both, the picture fits within: it is never stretched."""

    width: float | None = None
    height: float | None = None
    unit: Unit = Unit.PX

    def pixels(self, size: Size, dpi: float | None) -> Size:
        """A picture of `size` px, made so large.

        :raises BadInput: paper without DPI, or more pixels than there can be
        """
        bounds = [
            None if side is None else _in_pixels(side, self.unit, dpi) for side in (self.width, self.height)
        ]
        shares = [Fraction(bound) / own for bound, own in zip(bounds, size, strict=True) if bound is not None]
        if not shares:
            return size
        share = min(shares)
        if (largest := share * max(size)) > MOST_SIDE or share * share * math.prod(size) > MOST_PIXELS:
            raise BadInput(
                say("The picture would be {side:,} pixels wide or high.", side=round(largest)),
                advice=say("Make it smaller, or take fewer DPI."),
                code="export.too-large",
            )
        return (max(1, _round(share * size[0])), max(1, _round(share * size[1])))


def read_size(text: str) -> PrintSize:
    """`3000px`, `30cm` (its width), `x20cm` (its height), `30x20cm`, `8x10in`; without a unit, pixels.

    :raises BadInput: nothing of these
    """
    found = _WRITTEN.fullmatch(text)
    unit = _UNITS.get((found[4] or "").lower()) if found else None
    width, height = (_number(found[1]), _number(found[3])) if found else (None, None)
    if found is None or unit is None or (width is None and height is None):
        raise BadInput(
            say("{text!r} is no size.", text=text),
            advice=say("Write it as 3000px, 30cm, x20cm, 30x20cm or 8x10in."),
            code="export.size",
        )
    return PrintSize(width=width, height=height, unit=unit)


def on_paper(size: Size, dpi: float, unit: Unit) -> tuple[float, float]:
    """How large pixels are in a unit of paper; pixels stay as they are."""
    if unit is Unit.PX:
        return (float(size[0]), float(size[1]))
    across, down = (float(Fraction(side) / Fraction(dpi) * _PER_INCH[unit]) for side in size)
    return (across, down)


def _in_pixels(side: float, unit: Unit, dpi: float | None) -> Fraction:
    if unit is Unit.PX:
        return Fraction(side)
    if dpi is None:
        raise BadInput(
            say("A size in {unit} needs to know how many pixels an inch has.", unit=unit.value),
            advice=say("Give the DPI as well: 300 for print."),
            code="export.dpi",
        )
    return Fraction(side) / _PER_INCH[unit] * Fraction(dpi)


def _number(text: str | None) -> float | None:
    """None for 0 too: it stands for what follows from the other side."""
    return (float(text.replace(",", ".")) or None) if text else None


def _round(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
