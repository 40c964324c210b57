"""Ids are in the order in which they were made, however many there are in a moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.basics import ids
from app.basics.ids import new_id


@pytest.fixture(autouse=True)
def own_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the other tests do not follow these."""
    monkeypatch.setattr(ids, "_numbers", ids._Numbers())


def test_those_of_a_millisecond_are_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    made = [new_id() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == 2000
    assert {len(one) for one in made} == {26}


def test_a_clock_that_is_put_back_puts_none_before_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(time, "time", lambda: 1_000_000_000.0)
    after = [new_id() for _ in range(3)]
    assert [before, *after] == sorted([before, *after])


def test_threads_never_make_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [new_id() for _ in range(500)], range(8)))
    assert all(some == sorted(some) for some in made)
    assert len({one for some in made for one in some}) == 4000
