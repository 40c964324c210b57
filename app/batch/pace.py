"""How long a batch will still take, out of how long its last rows took and how many went side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

LAST = 60
"""Rows that are looked back at."""


class Pace:
    """Rows that were only reused say nothing about those that have to be made: they are not told to it.

    How many ended in the last minute says less: rows that were begun together end together.
    """

    def __init__(self) -> None:
        self._ends: deque[tuple[float, int]] = deque(maxlen=LAST)

    def ended(self, seconds: float, beside: int) -> None:
        """A row was made in so many `seconds`, counted from when the vendor was given it, with so many at the
        vendors at that moment, itself among them."""
        self._ends.append((max(seconds, 1e-3), max(1, beside)))

    def rest(self) -> None:
        """A pause: what was before it may not be so again."""
        self._ends.clear()

    def left(self, waiting: int, ages: Iterable[float]) -> float | None:
        """Seconds until the last of all, with `waiting` rows not given to a vendor yet and the ages of those
        that were; a row's time too many or too few. None while no row has ended."""
        if not self._ends:
            return None
        each = sum(seconds for seconds, _ in self._ends) / len(self._ends)
        if waiting:
            beside = sum(count for _, count in self._ends) / len(self._ends)
            return waiting * each / beside + each
        young = min(ages, default=None)
        return 0.0 if young is None else max(0.0, each - young)
