"""The bar between two looks: guessed from how long the last pictures took, never going back."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from statistics import median
from types import TracebackType
from typing import Self

from app.basics.clock import Clock
from app.engine.events import Event, NodeRunning

TICK = 0.3
"""Seconds between two events of a node."""


def guess(elapsed: float, usual: float) -> float:
    """0 to 0.99: nine tenths at the usual time, ever slower after it."""
    if usual <= 0:
        return 0.9
    if elapsed < usual:
        return 0.9 * elapsed / usual
    return 0.9 + 0.09 * (1 - math.exp(-(elapsed - usual) / usual))


class Progress:
    """Tells `NodeRunning` a few times a second while it is entered and the job works.

    Without history, only the vendor's own progress is told. `age`: seconds that the job is old already.
    """

    def __init__(
        self,
        run: str,
        node: str,
        tell: Callable[[Event], None],
        durations: Sequence[float],
        age: float,
        clock: Clock,
    ) -> None:
        self._run = run
        self._node = node
        self._tell = tell
        self._usual = median(durations) if durations else None
        self._age = age
        self._clock = clock
        self._began = clock.monotonic()
        self._shown: float | None = None
        self._resting = False
        self._next: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._tick()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._next is not None
        self._next.cancel()

    def rests(self) -> None:
        """Queued at the vendor: nothing moves."""
        self._resting = True

    def works(self, progress: float | None) -> None:
        """The vendor works; `progress` 0 to 1 where it says."""
        self._resting = False
        self._say(progress)

    def _tick(self) -> None:
        if not self._resting:
            self._say(None)
        self._next = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _say(self, told: float | None) -> None:
        elapsed = self._age + self._clock.monotonic() - self._began
        guesses = [one for one in (told, self._shown) if one is not None]
        left = None
        if self._usual is not None:
            guesses.append(guess(elapsed, self._usual))
            left = max(0.0, self._usual - elapsed) or None
        self._shown = max(guesses) if guesses else None
        self._tell(NodeRunning(run=self._run, node=self._node, progress=self._shown, left=left))
