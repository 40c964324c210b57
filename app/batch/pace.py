"""How long a batch will still take, out of how fast its last rows came."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

LAST = 60
"""Rows that are looked back at, at least; with more in flight, two rounds of them."""


class Pace:
    """Rows that were only reused say nothing about those that have to be made: they are not told to it."""

    def __init__(self) -> None:
        self._ends: deque[tuple[float, float]] = deque(maxlen=LAST)

    def ended(self, now: float, seconds: float, in_flight: int) -> None:
        """A row was made in so many `seconds`, counted from when the vendor was given it."""
        if self._ends.maxlen is not None and self._ends.maxlen < 2 * in_flight:
            self._ends = deque(self._ends, maxlen=2 * in_flight)
        self._ends.append((now, seconds))

    def rest(self) -> None:
        """A pause: the time that it takes says nothing."""
        self._ends.clear()

    def left(self, now: float, waiting: int, ages: Iterable[float]) -> float | None:
        """Seconds until the last of all, with `waiting` rows not given to a vendor yet and the ages of those
        that were. None while no row has ended.

        The waiting ones begin as fast as the last ones ended; the last of them takes as long as a row does.
        """
        if not self._ends:
            return None
        young = min(ages, default=None)
        each = sum(seconds for _, seconds in self._ends) / len(self._ends)
        if not waiting:
            return 0.0 if young is None else max(0.0, each - young)
        return waiting / self._rate(now, each) + each

    def _rate(self, now: float, each: float) -> float:
        """Rows a second."""
        first, count = self._ends[0][0], len(self._ends)
        span = max(now, self._ends[-1][0]) - first
        if count < 3 or span <= 0:
            return 1 / max(each, 1e-3)
        # A long silence after the last end counts once it is longer than the usual gap.
        usual = (self._ends[-1][0] - first) / (count - 1)
        return (count - 1) / max(self._ends[-1][0] - first, span - usual, 1e-3)
