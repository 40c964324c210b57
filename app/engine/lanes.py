"""How many jobs a vendor's model is given at once, over all runs of this process, and when it rests."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.basics.clock import Clock

Waiting = Callable[[str, float | None], None]
"""Hears why a step waits (`waiting`, `paused`) and, where it is known, for how many seconds."""


class Lane:
    """Places for jobs of one model at one vendor. A pause holds back whoever has not sent yet.

    A job comes in by the door, gets ready, takes a place while it is at the vendor, and goes when its picture
    is home: so the vendor's places are never idle while we prepare or fetch, and never more than three times
    as many jobs are under way in all.
    """

    def __init__(self, most: int, clock: Clock) -> None:
        self._places = asyncio.Semaphore(max(1, most))
        self._doors = asyncio.Semaphore(3 * max(1, most))
        self._clock = clock
        self._until = -math.inf

    @asynccontextmanager
    async def door(self, waiting: Waiting) -> AsyncIterator[Place]:
        """Gives a place that is not taken yet; it is given back at the end, if not before."""
        if self._doors.locked():
            waiting("waiting", None)
        async with self._doors:
            place = Place(self._places)
            try:
                yield place
            finally:
                place.release()

    def pause(self, seconds: float) -> None:
        """Nothing new is sent for so long; a longer pause under way stays."""
        self._until = max(self._until, self._clock.monotonic() + seconds)

    async def open(self, waiting: Waiting) -> None:
        """Returns when no pause is on. A pause made longer meanwhile is waited for too."""
        while (left := self._until - self._clock.monotonic()) > 0:
            waiting("paused", left)
            await self._clock.sleep(left)


class Place:
    """One of the lane's places at the vendor. Both may be called again."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._taken = False

    async def take(self, waiting: Waiting) -> None:
        if self._taken:
            return
        if self._places.locked():
            waiting("waiting", None)
        await self._places.acquire()
        self._taken = True

    def release(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()


class Lanes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[tuple[str, str, str], Lane] = {}

    def lane(self, vendor: str, model: str, address: str, most: int) -> Lane:
        """The lane of a model; `most` counts when it is asked for first."""
        key = (vendor, model, address)
        if key not in self._lanes:
            self._lanes[key] = Lane(most, self._clock)
        return self._lanes[key]
