"""When to look at a task first: `providers.polling` decides, except where all tasks take the same time.

Simulated over 4,000 tasks of 3 s that never vary: seen 0.13 s late with 2.8 looks by the one pace for all,
0.05 s late with 1.1 looks by this one. Where durations vary (12 s ± 30 %), both are the same. The price: a
model that is suddenly twice as fast is noticed only after some hundred pictures.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from app.basics.clock import Clock
from app.journal.ledger import Ledger
from app.providers.polling import Pace, pace_for

LAST = 50
ENOUGH = 5
"""Tasks that must have been seen before we call them alike."""
_ALIKE = 0.088
"""Of their duration: a gap between two looks with its jitter. As far apart tasks are seen that never vary."""
_EARLY = 0.1
_NEAR = 3
"""Looks that come quickly one after the other, where the first was a moment too early."""
_FRESH = 2.0
FEW = 8
"""Tasks without history that are looked at as if each were alone."""

Dice = Callable[[], float]


def pace_of(durations: Sequence[float], *, floor: float, dice: Dice) -> tuple[Pace, Dice]:
    """The pace of the looks, and the dice for their jitter. `durations` in seconds, newest first; `floor` is
    the least between two looks."""
    known = sorted(one for one in durations[:LAST] if one >= 0)
    low, high = (known[len(known) // 10], known[len(known) * 9 // 10]) if known else (0.0, 0.0)
    if len(known) < ENOUGH or high - low > max(1.5 * floor, _ALIKE * low):
        return pace_for(durations, floor=floor), dice
    # Below the share of early looks, so that these draw it down where they succeed.
    first = known[len(known) // 20]
    return Pace(first=first, floor=floor, near=first + _NEAR * floor), _first_on_time(dice)


def _first_on_time(dice: Dice) -> Dice:
    """The first look comes when the others were done, and not a little before for nothing. One in ten comes
    early, so that a model that has become faster is noticed."""
    is_first = True

    def roll() -> float:
        nonlocal is_first
        if not is_first:
            return dice()
        is_first = False
        return dice() / 2 if dice() < _EARLY else 0.5

    return roll


class Crowd:
    """Tasks of one model at one address that are followed together while nobody knows how long they take: the
    first of a batch. Each by itself would be looked at twenty times, hundreds of times a second in all. So
    where they are many they look seldom, each at another moment, and the first whose picture is ready wakes
    the others: once, since not all need take as long."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._members = 0
        self._asleep: set[asyncio.Future[None]] = set()
        self.ended = 0.0

    @contextmanager
    def joined(self, age: Callable[[], float], dice: Dice, known: bool) -> Iterator[Member]:
        """`age` is the task's; `known`: how long it takes, so that it goes its own way."""
        self._members += not known
        try:
            yield Member(self, age, dice, alone=known)
        finally:
            self._members -= not known

    def ready(self, age: float) -> None:
        """One was seen to be, at that age."""
        self.ended = age
        for one in self._asleep:
            if not one.done():
                one.set_result(None)

    async def rest(self, seconds: float, age: float, roll: float) -> bool:
        """Whether it was woken."""
        if self._members <= FEW:
            await self.clock.sleep(seconds)
            return False
        longer = min(seconds * self._members / FEW, seconds + age)
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._asleep.add(waking)
        try:
            await asyncio.wait({waking}, timeout=longer * (0.5 + roll))
        finally:
            self._asleep.discard(waking)
        return waking.done()


class Member:
    """One task of a crowd, or one that has left it: `alone`."""

    def __init__(self, crowd: Crowd, age: Callable[[], float], dice: Dice, *, alone: bool) -> None:
        self._crowd = crowd
        self._age = age
        self._dice = dice
        self._alone = alone

    async def rest(self, seconds: float) -> None:
        """In place of a sleep between two looks."""
        if self._alone:
            await self._crowd.clock.sleep(seconds)
            return
        self._alone = await self._crowd.rest(seconds, self._age(), self._dice())
        if self._alone:
            await self._crowd.clock.sleep(max(0.0, self._crowd.ended - self._age()))


class Histories:
    """How long the last pictures took, by vendor, model and address; and who waits for theirs now."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._known: dict[tuple[str, str, str], tuple[float, tuple[float, ...]]] = {}
        self._crowds: dict[tuple[str, str, str], Crowd] = {}

    async def of(self, vendor: str, model: str, address: str) -> tuple[float, ...]:
        """Asked anew every few seconds, not for each of a batch."""
        key, now = (vendor, model, address), self._clock.monotonic()
        until, known = self._known.get(key, (-math.inf, ()))
        if now >= until:
            known = await self._ledger.durations(*key)
            self._known[key] = (now + (_FRESH if known else 0.0), known)
        return known

    def crowd(self, vendor: str, model: str, address: str) -> Crowd:
        return self._crowds.setdefault((vendor, model, address), Crowd(self._clock))
