"""The queue: its order, its pause, and that a place is never lost."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.queue import Gate, Queue, Queued


def queued(node: str, run: str = "r") -> Queued:
    return Queued(
        run=run,
        node=node,
        document="shoes",
        title=node,
        card="gen4-image",
        vendor="runway",
        draft=False,
        since=datetime(2026, 11, 25, tzinfo=UTC),
    )


def names(queue: Queue) -> list[str]:
    return [one.node for one in queue.waiting()]


class Crowd:
    """Jobs at a gate: who was let through, in order."""

    def __init__(self, queue: Queue, gate: Gate) -> None:
        self.through: list[str] = []
        self._queue, self._gate = queue, gate
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *nodes: str) -> None:
        for node in nodes:
            one = queued(node)
            self._queue.enter(one)
            self.tasks[node] = asyncio.create_task(self._one(one))
        await self.settle()

    async def _one(self, one: Queued) -> None:
        try:
            await self._gate.enter(one.id)
        except asyncio.CancelledError:
            self._queue.leave(one.id)
            raise
        self._queue.leave(one.id)
        self.through.append(one.node)

    async def settle(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)

    async def let_go(self) -> None:
        self._gate.leave()
        await self.settle()

    async def end(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


@pytest.fixture
def queue() -> Queue:
    return Queue()


async def test_first_come_first_served(queue: Queue) -> None:
    crowd = Crowd(queue, queue.gate(1))
    await crowd.come("a", "b", "c")
    assert (crowd.through, names(queue)) == (["a"], ["b", "c"])
    await crowd.let_go()
    await crowd.let_go()
    assert crowd.through == ["a", "b", "c"]


async def test_in_front_goes_next_and_the_others_keep_their_order(queue: Queue) -> None:
    crowd = Crowd(queue, queue.gate(1))
    await crowd.come("a", "b", "c", "d", "e")
    queue.to_front(["r/d", "r/c", "r/nobody"])
    assert names(queue) == ["d", "c", "b", "e"]
    queue.move("r/e", "r/c")
    queue.move("r/d", None)
    assert names(queue) == ["e", "c", "b", "d"]
    for _ in range(4):
        await crowd.let_go()
    assert crowd.through == ["a", "e", "c", "b", "d"]


async def test_a_pause_holds_everybody_and_nobody_is_lost(queue: Queue) -> None:
    heard: list[bool] = []
    queue.changed.connect(lambda _: heard.append(queue.paused))
    crowd = Crowd(queue, queue.gate(2))
    queue.pause()
    queue.pause()
    await crowd.come("a", "b", "c")
    assert (crowd.through, queue.paused) == ([], True)
    waiting = asyncio.create_task(queue.resumed())
    await crowd.settle()
    assert not waiting.done()
    queue.resume()
    await crowd.settle()
    assert crowd.through == ["a", "b"]
    assert waiting.done()
    assert heard[0] is True
    assert heard[-1] is False
    await crowd.end()


async def test_a_job_that_is_cancelled_leaves_its_turn_to_the_next(queue: Queue) -> None:
    crowd = Crowd(queue, queue.gate(1))
    await crowd.come("a", "b", "c")
    crowd.tasks["b"].cancel()
    await crowd.settle()
    assert names(queue) == ["c"]
    await crowd.let_go()
    assert crowd.through == ["a", "c"]


async def test_cancelled_in_the_moment_of_its_turn_it_gives_it_back(queue: Queue) -> None:
    gate = queue.gate(1)
    crowd = Crowd(queue, gate)
    await crowd.come("a", "b", "c")
    gate.leave()  # b's turn has come, and b has not heard of it yet
    crowd.tasks["b"].cancel()
    await crowd.settle()
    assert crowd.through == ["a", "c"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["come", "go", "front", "cancel", "pause", "resume"]), st.integers(0, 9)),
        max_size=40,
    ),
    st.integers(1, 3),
)
def test_whatever_happens_as_many_are_through_as_there_are_places(
    story: list[tuple[str, int]], most: int
) -> None:
    async def told() -> None:
        queue = Queue()
        crowd = Crowd(queue, gate := queue.gate(most))
        gone = came = 0
        for what, number in story:
            inside = len(crowd.through) - gone
            if what == "come":
                came += 1
                await crowd.come(f"n{came}")
            elif what == "go" and inside:
                gone += 1
                await crowd.let_go()
            elif what == "front" and queue.waiting():
                queue.to_front([queue.waiting()[number % len(queue.waiting())].id])
            elif what == "cancel" and queue.waiting():
                crowd.tasks[queue.waiting()[number % len(queue.waiting())].node].cancel()
            elif what == "pause":
                queue.pause()
            elif what == "resume":
                queue.resume()
            await crowd.settle()
            inside = len(crowd.through) - gone
            assert inside <= most
            if not queue.paused:
                assert inside == most or not queue.waiting(), "a place is free and somebody waits"
        assert gate.open is (not queue.paused and len(crowd.through) - gone < most)
        with contextlib.suppress(asyncio.CancelledError):
            await crowd.end()

    asyncio.run(told())
