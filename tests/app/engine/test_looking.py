"""When a task is looked at first: on time where all are alike, as polling says where they vary."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import statistics
from collections.abc import Callable

import pytest

from app.basics.clock import SystemClock
from app.basics.faults import Late
from app.engine.looking import ENOUGH, FEW, Crowd, pace_of
from app.providers.contract import News, Ready, Working
from app.providers.polling import Pace, follow, pace_for, wait_for


def test_without_enough_history_polling_decides() -> None:
    dice = random.Random(1).random
    for known in ((), (3.0,) * (ENOUGH - 1)):
        assert pace_of(known, floor=0.1, dice=dice) == (pace_for(known, floor=0.1), dice)


def test_where_they_vary_polling_decides() -> None:
    dice = random.Random(1).random
    varied = random.Random(2)
    known = tuple(varied.uniform(8, 16) for _ in range(50))
    assert pace_of(known, floor=1.0, dice=dice) == (pace_for(known, floor=1.0), dice)


def test_where_they_are_alike_the_first_look_is_on_time_and_the_others_have_jitter() -> None:
    pace, dice = pace_of((3.02,) * 50, floor=0.1, dice=lambda: 0.9)
    assert pace == Pace(first=3.02, floor=0.1, near=pytest.approx(3.32))
    assert wait_for(pace, 0.0, looked=False, roll=dice()) == pytest.approx(3.02)
    assert [dice(), dice()] == [0.9, 0.9]


def test_one_first_look_in_ten_is_early_by_up_to_a_tenth() -> None:
    source = random.Random(1).random
    firsts = [pace_of((3.0,) * 50, floor=0.1, dice=source)[1]() for _ in range(5000)]
    early = [one for one in firsts if one != 0.5]
    assert 400 < len(early) < 600
    assert all(0 <= one < 0.5 for one in early)


def late(duration: Callable[[random.Random, int], float], floor: float) -> tuple[float, float]:
    """Mean seconds between done and seen, and mean looks, when history is what was seen."""
    die = random.Random(1)
    seen: list[float] = []
    delays, looks = [], []
    for number in range(4000):
        done = duration(die, number)
        pace, dice = pace_of(seen[:-51:-1], floor=floor, dice=die.random)
        age, count = wait_for(pace, 0.0, looked=False, roll=dice()), 1
        while age < done:
            age += wait_for(pace, age, looked=True, roll=dice())
            count += 1
        seen.append(age + 0.003)
        delays.append(age - done)
        looks.append(count)
    return statistics.mean(delays), statistics.mean(looks)


@pytest.mark.parametrize(
    ("duration", "floor", "most_late", "most_looks"),
    [
        (lambda die, n: 12 * math.exp(die.gauss(0, 0.3)), 1.0, 0.8, 8.0),
        (lambda die, n: 30 * math.exp(die.gauss(0, 0.35)), 1.0, 1.7, 8.0),
        (lambda die, n: 3.0, 0.1, 0.08, 1.2),
        (lambda die, n: 0.3, 0.1, 0.03, 1.2),
        (lambda die, n: 3.0 if n % 400 < 200 else 1.5, 0.1, 0.8, 2.0),
    ],
    ids=["12 s", "30 s", "always 3 s", "always 0.3 s", "changing"],
)
def test_the_end_is_seen_soon_with_few_looks(
    duration: Callable[[random.Random, int], float], floor: float, most_late: float, most_looks: float
) -> None:
    delay, looks = late(duration, floor)
    assert delay < most_late
    assert looks < most_looks


# --- many that nobody knows yet -------------------------------------------------------------------


class Pictures:
    """Tasks that begin together and take `seconds` each; counts the looks at each."""

    def __init__(self, many: int, seconds: float, *, known: bool = False) -> None:
        self.clock = SystemClock()
        self.crowd = Crowd(self.clock)
        self.many, self.seconds, self.known = many, seconds, known
        self.looks = [0] * many
        self.late: list[float] = []
        self.began = self.clock.monotonic()

    def age(self) -> float:
        return self.clock.monotonic() - self.began

    async def one(self, number: int, dice: Callable[[], float]) -> None:
        async def look() -> News:
            self.looks[number] += 1
            return Ready(outputs=(), charge=None) if self.age() >= self.seconds else Working(progress=None)

        with self.crowd.joined(self.age, dice, self.known) as member:
            await follow(
                look,
                pace=pace_for((), floor=0.01),
                deadline=60.0,
                late=lambda seconds: Late("late", advice="", code="late"),
                clock=self.clock,
                told=lambda news: None,
                dice=dice,
                rest=member.rest,
            )
        self.late.append(self.age() - self.seconds)
        self.crowd.ready(self.age())

    async def all(self) -> None:
        dice = random.Random(3).random
        await asyncio.gather(*(self.one(number, dice) for number in range(self.many)))


async def test_many_without_history_share_their_looks() -> None:
    pictures = Pictures(60, 1.5)
    await pictures.all()
    assert max(pictures.looks) <= 10
    assert statistics.mean(pictures.looks) < 6
    assert max(pictures.late) < 0.5


async def test_a_few_without_history_are_looked_at_as_if_alone() -> None:
    pictures = Pictures(FEW, 0.8)
    await pictures.all()
    assert min(pictures.looks) >= 6


async def test_whoever_knows_how_long_it_takes_is_not_of_the_crowd() -> None:
    pictures = Pictures(3 * FEW, 0.8, known=True)
    await pictures.all()
    assert min(pictures.looks) >= 6


async def test_one_that_takes_longer_goes_on_alone_when_it_was_woken() -> None:
    crowd = Crowd(SystemClock())
    ages = [0.5, *([0.2] * FEW)]
    with contextlib.ExitStack() as stack:
        members = [
            stack.enter_context(crowd.joined(lambda age=age: age, lambda: 0.5, False))  # type: ignore[misc]
            for age in ages
        ]
        sleeping = [asyncio.create_task(member.rest(5.0)) for member in members]
        await asyncio.sleep(0.01)
        crowd.ready(0.3)
        await asyncio.wait_for(sleeping[0], 0.05)  # older than that: at once
        assert not sleeping[1].done()  # as old as that only in a tenth of a second
        await asyncio.wait_for(asyncio.gather(*sleeping), 1.0)
        again = asyncio.create_task(members[0].rest(0.05))
        await asyncio.sleep(0)
        crowd.ready(0.3)
        await asyncio.sleep(0.01)
        assert not again.done()
        await again
