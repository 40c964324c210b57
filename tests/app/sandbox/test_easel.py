"""Drafts are painted once, dropped when there are too many, and painted again the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox.easel import Easel
from app.sandbox.knobs import KnobBoard, Knobs
from app.sandbox.order import Order
from app.sandbox.tally import Tally


def order(seed: int) -> Order:
    return Order(vendor="runway", model="m", prompt="p", width=4, height=4, seed=seed, seed_given=True)


@pytest.fixture
def tally() -> Tally:
    return Tally()


@pytest.fixture
def easel(tmp_path: Path, tally: Tally) -> Iterator[Easel]:
    made = Easel(tmp_path / "o", KnobBoard(Knobs()), tally, lambda one: bytes([one.seed]) * 100, 250)
    yield made
    made.close()


async def test_at_once_and_again_it_is_one_painting(easel: Easel, tally: Tally) -> None:
    paths = await asyncio.gather(*(easel.picture(order(1)) for _ in range(8)))
    assert len(set(paths)) == 1
    assert await easel.picture(order(1)) == paths[0]
    assert tally.painted == 1


async def test_the_oldest_goes_and_comes_back_the_same(easel: Easel, tally: Tally, tmp_path: Path) -> None:
    for seed in range(5):
        await easel.picture(order(seed))
    assert len(list((tmp_path / "o").iterdir())) == 2
    assert (await easel.picture(order(0))).read_bytes() == bytes(100)
    assert tally.painted == 6


async def test_one_who_stops_waiting_does_not_stop_the_others(easel: Easel) -> None:
    first, second = asyncio.create_task(easel.picture(order(3))), asyncio.create_task(easel.picture(order(3)))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).read_bytes() == b"\x03" * 100
