"""A disk that fills while a batch runs: it stops in words, and goes on when there is room, buying nothing
twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.journal.operations import State
from tests.app.basics.disks import fill
from tests.app.basics.disks import small_disk as small_disk
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.journeys.test_batch_kills import Shop, judge
from tests.journeys.test_batch_kills import nursery as nursery
from tests.journeys.test_batch_kills import vendor as vendor
from tests.support.lives import FAULT, UNFINISHED, Nursery
from tests.support.terminal import Served, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]
ROWS = 100


def leave(folder: Path, room: int) -> Path:
    """So many bytes free, but for what a file takes beside its content."""
    filler = fill(folder)
    os.truncate(filler, filler.stat().st_size - room)
    return filler


@pytest.mark.parametrize("room", [0, 60_000, 200_000])
async def test_no_room_for_the_pictures_of_the_rows(
    vendor: Served, nursery: Nursery, tmp_path: Path, tiny_disk: Path, room: int
) -> None:
    shop = Shop(tmp_path, ROWS, vendor, nursery)
    shop.output = tiny_disk / "out"
    shop.output.mkdir()
    filler = leave(tiny_disk, room)
    assert shop.live() == FAULT
    said = (tmp_path / "nursery.log").read_text("utf-8")
    assert said.startswith(("disk.write: ", "batch.full: "))
    assert "Free some space" in said
    filler.unlink()
    await goes_on(shop)


@pytest.mark.parametrize("room", [0, 200_000])
async def test_no_room_for_ledger_and_library(
    vendor: Served, nursery: Nursery, tmp_path: Path, small_disk: Path, room: int
) -> None:
    shop = Shop(tmp_path, ROWS, vendor, nursery)
    shop.home = small_disk / "home"
    life = nursery.born(shop.home, shop.document, table=shop.table, output=shop.output)
    life.go()
    until(lambda: shop.tally()["accepted"] >= 6, "rows at work")
    filler = leave(small_disk, room)
    assert life.end() in (FAULT, UNFINISHED)
    made = shop.tally()["accepted"]
    assert 6 <= made < ROWS, "it does not go on buying what it cannot keep"
    filler.unlink()
    await goes_on(shop)


async def goes_on(shop: Shop) -> None:
    """With room again, to the end; each row bought once."""
    assert shop.live(retry_failed=True) == 0
    states = await judge(shop)
    assert states[State.UNKNOWN] == 0
    assert shop.tally()["accepted"] == ROWS
