"""What is compared, and how: the state of the comparer as a value of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from widgets.parts.shown import Shown

LEAST, MOST = 2, 9
FACTORS = (1, 2, 4, 8, 16, 32, 64)
PERIODS = (2000, 1000, 700, 500, 350)
"""Milliseconds that a picture stays while they blink: fewer than three flashes a second, of which more may
harm (https://www.w3.org/TR/WCAG22/#three-flashes-or-below-threshold)."""


class Mode(StrEnum):
    WIPE = "wipe"
    SIDE = "side"
    DIFFERENCE = "difference"
    BLINK = "blink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`a` and `b` are places among `shown`. `split` is where the divider of a wipe stands, 0 to 1; `front`:
    of two that blink, B is seen."""

    shown: tuple[Shown, ...] = ()
    a: int = 0
    b: int = 1
    mode: Mode = Mode.WIPE
    split: float = 0.5
    factor: int = 8
    period: int = 700
    front: bool = False

    @property
    def pair(self) -> tuple[Shown, Shown]:
        return self.shown[self.a], self.shown[self.b]

    @property
    def seen(self) -> tuple[Shown, ...]:
        """Those that are on the screen, or are about to be."""
        return self.shown if self.mode is Mode.SIDE else self.pair

    def of(self, shown: Sequence[Shown]) -> Comparison:
        """Others, the first two of them chosen."""
        return replace(self, shown=tuple(shown)[:MOST], a=0, b=1, split=0.5, front=False)

    def stepped(self, by: int, *, first: bool) -> Comparison:
        """Another picture as A, or as B; never the same as the other one."""
        here, other = (self.a, self.b) if first else (self.b, self.a)
        count = len(self.shown)
        there = (here + by) % count
        if there == other:
            there = (there + by) % count
        return self.choosing(there, first=first)

    def choosing(self, place: int, *, first: bool) -> Comparison:
        """That picture as A, or as B; where it is the other one already, they change places."""
        here, other = (self.a, self.b) if first else (self.b, self.a)
        other = here if place == other else other
        return replace(self, a=place, b=other) if first else replace(self, a=other, b=place)

    def swapped(self) -> Comparison:
        return replace(self, a=self.b, b=self.a)

    def tuned(self, by: int) -> Comparison:
        """More or less of what the mode has: amplification, or speed."""
        if self.mode is Mode.DIFFERENCE:
            return replace(self, factor=_next(FACTORS, self.factor, by))
        return replace(self, period=_next(PERIODS, self.period, by)) if self.mode is Mode.BLINK else self


def _next(among: Sequence[int], now: int, by: int) -> int:
    return among[min(max(among.index(now) + by, 0), len(among) - 1)]
