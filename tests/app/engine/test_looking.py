"""When a task is looked at first: on time where all are alike, as polling says where they vary."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable

import pytest

from app.engine.looking import ENOUGH, pace_of
from app.providers.polling import Pace, pace_for, wait_for


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
    assert pace == Pace(first=3.02, floor=0.1)
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
