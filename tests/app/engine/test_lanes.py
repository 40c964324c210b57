"""How many jobs a model is given at once, and when it rests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.engine.lanes import Lane, Lanes, Place, Waiting
from app.engine.queue import Queue
from tests.app.engine.scripted import QuickClock
from tests.app.engine.test_queue import names, queued

Heard = list[tuple[str, float | None]]


def clock_at(seconds: float) -> QuickClock:
    clock = QuickClock()
    clock.passed = seconds
    return clock


def lane_of(most: int, queue: Queue | None = None, clock: QuickClock | None = None) -> Lane:
    return Lane(most, clock or clock_at(1000.0), queue or Queue())


class Jobs:
    """Jobs that come in by the door one after another, and what each of them heard."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._ends: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.places: list[Place] = []
        self.heard: list[Heard] = []

    async def come(self, count: int) -> None:
        for _ in range(count):
            self._ends.append(asyncio.Event())
            self.heard.append([])
            self._tasks.append(asyncio.create_task(self._one(len(self._tasks))))
        await settle()

    async def _one(self, number: int) -> None:
        async with self._lane.door(queued(f"n{number}"), self.hear(number)) as place:
            self.places.append(place)
            await self._ends[number].wait()

    def hear(self, number: int) -> Waiting:
        return lambda reason, seconds: self.heard[number].append((reason, seconds))

    async def end(self, number: int) -> None:
        self._ends[number].set()
        await settle()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def settle() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


@asynccontextmanager
async def jobs_in(lane: Lane) -> AsyncIterator[Jobs]:
    jobs = Jobs(lane)
    try:
        yield jobs
    finally:
        await jobs.stop()


@pytest.mark.parametrize(("most", "inside"), [(0, 3), (1, 3), (2, 6), (5, 15)])
async def test_three_times_as_many_are_under_way_as_the_vendor_takes(most: int, inside: int) -> None:
    async with jobs_in(lane_of(most)) as jobs:
        await jobs.come(inside + 2)
        assert len(jobs.places) == inside
        assert jobs.heard == [[]] * inside + [[("waiting", None)]] * 2
        await jobs.end(0)
        assert len(jobs.places) == inside + 1


@pytest.mark.parametrize(("most", "at_once"), [(0, 1), (1, 1), (2, 2)])
async def test_the_vendor_has_no_more_than_it_takes(most: int, at_once: int) -> None:
    async with jobs_in(lane_of(most)) as jobs:
        await jobs.come(at_once + 1)
        heard: Heard = []
        for place in jobs.places[:at_once]:
            await asyncio.wait_for(place.take(lambda *said: heard.append(said)), 1)
        assert heard == []
        last = asyncio.create_task(jobs.places[at_once].take(lambda *said: heard.append(said)))
        await settle()
        assert not last.done()
        assert heard == [("waiting", None)]
        jobs.places[0].release()
        await asyncio.wait_for(last, 1)


async def test_a_job_stands_in_the_queue_until_it_has_a_place() -> None:
    queue = Queue()
    async with jobs_in(lane_of(1, queue)) as jobs:
        await jobs.come(2)
        assert names(queue) == ["n0", "n1"]
        await jobs.places[0].take(jobs.hear(0))
        assert names(queue) == ["n1"]
        await jobs.end(1)
        assert names(queue) == [], "and no longer when it gave up"


async def test_a_place_is_taken_once_and_given_back_once() -> None:
    async with jobs_in(lane_of(1)) as jobs:
        await jobs.come(3)
        first, second, third = jobs.places
        for _ in range(2):
            await asyncio.wait_for(first.take(jobs.hear(0)), 1)
        third.release()
        waits = [asyncio.create_task(one.take(lambda *_: None)) for one in (second, third)]
        await settle()
        assert [one.done() for one in waits] == [False, False], "what was not taken is not given back"
        first.release()
        first.release()
        await settle()
        assert [one.done() for one in waits] == [True, False], "nor twice"
        await jobs.end(1)
        assert waits[1].done(), "who leaves gives it back"


async def test_a_released_place_can_be_taken_again() -> None:
    async with jobs_in(lane_of(1)) as jobs:
        await jobs.come(2)
        first, second = jobs.places
        await first.take(jobs.hear(0))
        first.release()
        await asyncio.wait_for(second.take(jobs.hear(1)), 1)
        again = asyncio.create_task(first.take(jobs.hear(0)))
        await settle()
        assert not again.done()
        second.release()
        await asyncio.wait_for(again, 1)


async def test_while_the_artist_holds_the_queue_nobody_goes_and_it_is_said() -> None:
    queue = Queue()
    lane = lane_of(1, queue)
    async with jobs_in(lane) as jobs:
        await jobs.come(1)
        queue.pause()
        await jobs.come(1)
        heard: Heard = []
        takes = asyncio.create_task(jobs.places[0].take(lambda *said: heard.append(said)))
        opens = asyncio.create_task(lane.open(lambda *said: heard.append(said)))
        await settle()
        assert jobs.heard[1] == [("held", None)]
        assert heard == [("held", None)] * 2
        assert not takes.done()
        assert not opens.done()
        queue.resume()
        await asyncio.wait_for(asyncio.gather(takes, opens), 1)
        await settle()
        assert len(jobs.places) == 2


@pytest.mark.parametrize("start", [1000.0, 0.25])
@pytest.mark.parametrize(
    ("pauses", "passes", "left"),
    [
        ((), 0.0, None),
        ((30.0,), 0.0, 30.0),
        ((30.0,), 10.0, 20.0),
        ((0.5,), 0.0, 0.5),
        ((30.0,), 30.0, None),
        ((30.0,), 30.5, None),
        ((30.0,), 3000.0, None),
        ((30.0, 10.0), 0.0, 30.0),
        ((10.0, 30.0), 0.0, 30.0),
        ((0.0,), 0.0, None),
    ],
)
async def test_a_pause_is_kept_whole(
    start: float, pauses: tuple[float, ...], passes: float, left: float | None
) -> None:
    clock = clock_at(start)
    lane = lane_of(1, clock=clock)
    for seconds in pauses:
        lane.pause(seconds)
    clock.passed += passes
    heard: Heard = []
    await lane.open(lambda *said: heard.append(said))
    assert heard == ([] if left is None else [("paused", left)])
    assert clock.slept == ([] if left is None else [left])


async def test_a_pause_made_longer_meanwhile_is_waited_for_too() -> None:
    clock = clock_at(1000.0)
    lane = lane_of(1, clock=clock)
    lane.pause(10.0)
    heard: Heard = []

    def hear(reason: str, seconds: float | None) -> None:
        if not heard:
            lane.pause(25.0)
        heard.append((reason, seconds))

    await lane.open(hear)
    assert heard == [("paused", 10.0), ("paused", 15.0)]


def test_a_model_has_one_lane_at_each_address() -> None:
    lanes = Lanes(clock_at(0.0), Queue())
    one = lanes.lane("runway", "gen4_image", "https://a", 2)
    assert lanes.lane("runway", "gen4_image", "https://a", 5) is one
    others = [
        lanes.lane("replicate", "gen4_image", "https://a", 2),
        lanes.lane("runway", "turbo", "https://a", 2),
        lanes.lane("runway", "gen4_image", "https://b", 2),
    ]
    assert len({id(lane) for lane in (one, *others)}) == 4
