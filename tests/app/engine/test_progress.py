"""The guessed bar, and lanes that rest."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from app.engine.events import NodeRunning
from app.engine.lanes import Lanes
from app.engine.progress import Progress, guess
from app.engine.queue import Queue
from tests.app.engine.scripted import QuickClock
from tests.app.engine.test_queue import queued


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e4))
def test_the_guess_grows_and_never_ends(one: float, more: float, usual: float) -> None:
    assert 0 <= guess(one, usual) <= guess(one + more, usual) < 1


async def test_without_history_only_the_vendors_word_is_told() -> None:
    told: list[NodeRunning] = []
    with Progress("r", "n", told.append, (), 0.0, QuickClock()) as progress:
        await asyncio.sleep(0.01)
        progress.works(0.4)
        progress.works(None)
    assert [event.progress for event in told] == [None, 0.4, 0.4]
    assert {event.left for event in told} == {None}


async def test_with_history_it_moves_by_itself_and_says_what_is_left() -> None:
    clock = QuickClock()
    told: list[NodeRunning] = []
    with Progress("r", "n", told.append, (10.0, 12.0, 8.0), 1.0, clock) as progress:
        await asyncio.sleep(0.01)
        clock.passed += 4
        progress.works(None)
        clock.passed += 40
        progress.works(0.1)
    assert told[0].progress is not None
    assert told[0].left == 9.0
    assert told[1].progress == 0.45
    assert told[1].left == 5.0
    assert told[2].progress > 0.9
    assert told[2].left is None


async def test_resting_it_says_nothing() -> None:
    told: list[NodeRunning] = []
    with Progress("r", "n", told.append, (1.0,), 0.0, QuickClock()) as progress:
        assert len(told) == 1
        progress.rests()
        await asyncio.sleep(0.4)
    assert len(told) == 1


async def test_a_lane_has_places_and_rests_for_the_longest_pause() -> None:
    clock = QuickClock()
    lane = Lanes(clock, Queue()).lane("runway", "gen4_image", "https://x", 2)
    reasons: list[tuple[str, float | None]] = []
    inside = most = under_way = crowd = 0

    async def work(number: int) -> None:
        nonlocal inside, most
        nonlocal under_way, crowd

        def tell(reason: str, seconds: float | None) -> None:
            reasons.append((reason, seconds))

        async with lane.door(queued(f"n{number}"), tell) as place:
            under_way += 1
            crowd = max(crowd, under_way)
            await place.take(tell)
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1
            place.release()
            await asyncio.sleep(0.005)
            under_way -= 1

    await asyncio.gather(*(work(number) for number in range(9)))
    assert (most, crowd) == (2, 6)
    assert ("waiting", None) in reasons
    lane.pause(100)
    lane.pause(3)
    await lane.open(lambda reason, seconds: reasons.append((reason, seconds)))
    assert clock.passed >= 100
    assert ("paused", 100.0) in reasons


async def test_a_lane_is_one_for_each_model_and_address() -> None:
    lanes = Lanes(QuickClock(), Queue())
    one = lanes.lane("runway", "gen4_image", "https://x", 2)
    assert lanes.lane("runway", "gen4_image", "https://x", 9) is one
    assert lanes.lane("runway", "gen4_image_turbo", "https://x", 2) is not one
    assert lanes.lane("runway", "gen4_image", "http://127.0.0.1:1", 2) is not one
