"""What a vendor wants of a photograph, as one value that can be hashed."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass

from app.basics.faults import BadInput
from app.basics.words import listed, say
from app.imaging.encoding import KNOWN_TYPES
from app.imaging.fitting import Bounds, Fit, Limits

RECIPE = 1
"""Raise it when `prepare` gives other bytes for the same value, so that remembered files are made anew."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Limits in pixels and bytes; ratios are width ÷ height, None is no bound; `focus` is x, y from 0 to 1.

    `fit` acts only on a picture outside the ratio bounds. `pad_color` also lies behind transparency that is
    not kept. `formats` are media types, all from encoding.KNOWN_TYPES.
    """

    max_side: int
    max_bytes: int
    max_pixels: int | None = None
    keep_alpha: bool = True
    fit: Fit = "none"
    pad_color: str = "#ffffff"
    focus: tuple[float, float] = (0.5, 0.5)
    min_ratio: float | None = None
    max_ratio: float | None = None
    formats: tuple[str, ...] = KNOWN_TYPES

    def __post_init__(self) -> None:
        if min(self.max_side, self.max_bytes) < 1 or (self.max_pixels is not None and self.max_pixels < 1):
            raise _bad(say("A limit is below 1"), say("Give limits of at least one pixel and one byte."))
        if self.fit not in ("none", "pad", "crop"):
            raise _bad(
                say("“{fit}” is not a way to fit a picture", fit=self.fit),
                say("Choose none, pad or crop."),
                "fit",
            )
        if not _COLOUR.fullmatch(self.pad_color):
            raise _bad(
                say("“{pad_color}” is not a colour", pad_color=self.pad_color),
                say("Write it like #ffffff."),
                "pad-color",
            )
        if not all(0 <= part <= 1 for part in self.focus):
            raise _bad(
                say("The focus point lies outside the picture"), say("Give x and y from 0 to 1."), "focus"
            )
        self._check_ratios()
        if not self.formats or not set(self.formats) <= set(KNOWN_TYPES):
            raise _bad(
                say("The types are not known"),
                say("Name some of {list}.", list=listed(KNOWN_TYPES)),
                "formats",
            )

    def _check_ratios(self) -> None:
        ratios = [ratio for ratio in (self.min_ratio, self.max_ratio) if ratio is not None]
        if not all(math.isfinite(ratio) and ratio > 0 for ratio in ratios) or ratios != sorted(ratios):
            raise _bad(
                say("The ratio bounds make no sense"),
                say("Give two numbers above 0, the smaller first."),
                "ratio",
            )

    @property
    def bounds(self) -> Bounds:
        return Bounds(least=self.min_ratio, most=self.max_ratio)

    @property
    def limits(self) -> Limits:
        return Limits(max_side=self.max_side, max_pixels=self.max_pixels)

    def key(self, sha256: str) -> str:
        """A name for the result of preparing this content this way, hexadecimal."""
        value = json.dumps({**asdict(self), "recipe": RECIPE, "content": sha256}, sort_keys=True)
        return hashlib.sha256(value.encode()).hexdigest()


def _bad(title: str, advice: str, what: str = "limit") -> BadInput:
    return BadInput(say("{title}.", title=title), advice=advice, code=f"image.bad-{what}")
