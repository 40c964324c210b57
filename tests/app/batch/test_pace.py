from __future__ import annotations

import random

import pytest

from app.batch.pace import Pace


def simulated(rows: int, places: int, seconds: float, spread: float, look_at: float) -> tuple[float, float]:
    """What is told when a share of the rows has ended, and what was left in truth."""
    dice = random.Random(rows * places)
    pace, now, waiting = Pace(), 0.0, rows
    flying: list[tuple[float, float]] = []
    told = at = -1.0
    while waiting or flying:
        while waiting and len(flying) < places:
            flying.append((now + seconds * dice.uniform(1 - spread, 1 + spread), now))
            waiting -= 1
        end, began = min(flying)
        flying.remove((end, began))
        now = end
        pace.ended(now - began, len(flying) + 1)
        if told < 0 and rows - waiting - len(flying) >= look_at * rows:
            left = pace.left(waiting, [now - start for _, start in flying])
            assert left is not None
            told, at = left, now
    return told, now - at


@pytest.mark.parametrize("spread", [0.0, 0.3])
@pytest.mark.parametrize(("rows", "places"), [(400, 10), (400, 50), (1000, 200)])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_it_tells_the_truth(rows: int, places: int, spread: float, share: float) -> None:
    """Within a fifth, or the time of one row."""
    told, truth = simulated(rows, places, 3.0, spread, share)
    assert abs(told - truth) <= max(0.2 * truth, 3.0 * (1 + spread)), (told, truth)


def test_nobody_knows_before_a_row_has_ended() -> None:
    assert Pace().left(100, [1.0]) is None


def test_a_pause_says_nothing_about_the_pace() -> None:
    pace = Pace()
    for _ in range(10):
        pace.ended(1.0, 4)
    assert pace.left(10, []) == 3.5
    pace.rest()
    assert pace.left(10, []) is None


def test_the_last_ones() -> None:
    pace = Pace()
    pace.ended(3.0, 4)
    assert pace.left(0, [2.0, 0.5]) == 2.5
    assert pace.left(0, []) == 0.0
