"""How many jobs a vendor's model is given at once, over all runs of this process, and when it rests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from app.basics.clock import Clock
from app.engine.queue import Gate, Queue, Queued

Waiting = Callable[[str, float | None], None]
"""Hears why a step waits (`waiting` for its turn, `held`: the artist paused the queue, `paused`: the vendor
asked us to wait) and, where it is known, for how many seconds."""
_UNDER_WAY = 3


class Lane:
    """Places for jobs of one model at one vendor. A pause holds back whoever has not sent yet.

    A job comes in by the door, gets ready, takes a place while it is at the vendor, and goes when its picture
    is home: so the vendor's places are never idle while we prepare or fetch, and never more than three times
    as many jobs are under way in all.
    """

    def __init__(self, most: int, clock: Clock, queue: Queue) -> None:
        self._queue = queue
        self._places = queue.gate(most)
        self._doors = queue.gate(_UNDER_WAY * max(1, most))
        self._clock = clock
        self._until = clock.monotonic()

    @asynccontextmanager
    async def door(self, one: Queued, waiting: Waiting) -> AsyncIterator[Place]:
        """Gives a place that is not taken yet; it is given back at the end, if not before. Until it is taken,
        the job stands in the queue."""
        self._queue.enter(one)
        try:
            if not self._doors.open:
                waiting("held" if self._queue.paused else "waiting", None)
            await self._doors.enter(one.id)
            try:
                place = Place(self._places, self._queue, one.id)
                try:
                    yield place
                finally:
                    place.release()
            finally:
                self._doors.leave()
        finally:
            self._queue.leave(one.id)

    def widen(self, most: int) -> None:
        """Or narrows: places that are taken stay so until they are given back."""
        self._places.resize(most)
        self._doors.resize(_UNDER_WAY * max(1, most))

    def pause(self, seconds: float) -> None:
        """Nothing new is sent for so long; a longer pause under way stays."""
        self._until = max(self._until, self._clock.monotonic() + seconds)

    async def open(self, waiting: Waiting) -> None:
        """Returns when no pause is on, the vendor's nor the artist's. A pause made longer meanwhile is waited
        for too."""
        if self._queue.paused:
            waiting("held", None)
            await self._queue.resumed()
        while (left := self._until - self._clock.monotonic()) > 0:
            waiting("paused", left)
            await self._clock.sleep(left)


class Place:
    """One of the lane's places at the vendor. Both may be called again."""

    def __init__(self, places: Gate, queue: Queue, id: str) -> None:
        self._places = places
        self._queue = queue
        self._id = id
        self._taken = False

    async def take(self, waiting: Waiting) -> None:
        if self._taken:
            return
        if not self._places.open:
            waiting("held" if self._queue.paused else "waiting", None)
        await self._places.enter(self._id)
        self._taken = True
        self._queue.leave(self._id)

    def release(self) -> None:
        if self._taken:
            self._taken = False
            self._places.leave()


class Lanes:
    def __init__(self, clock: Clock, queue: Queue) -> None:
        self._clock = clock
        self._queue = queue
        self._lanes: dict[tuple[str, str, str], Lane] = {}
        self._allowed: dict[tuple[str, str], int] = {}

    def lane(self, vendor: str, model: str, address: str, most: int) -> Lane:
        """The lane of a model; `most` counts when it is asked for first, and nobody has said `allow`."""
        key = (vendor, model, address)
        if key not in self._lanes:
            allowed = self._allowed.get((vendor, model), most)
            self._lanes[key] = Lane(allowed, self._clock, self._queue)
        return self._lanes[key]

    def allow(self, vendor: str, model: str, most: int) -> None:
        """From now on a model is given so many jobs at once: what its vendor allows this account, or what a
        person has asked for. What is under way stays."""
        self._allowed[vendor, model] = most
        for (of_vendor, of_model, _), lane in self._lanes.items():
            if (of_vendor, of_model) == (vendor, model):
                lane.widen(most)
