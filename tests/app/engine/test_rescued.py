"""The library's disk is full or cannot be written: the picture that was paid for is held, and comes home."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Charged, DiskTrouble
from app.engine.rescued import RescuedPictures
from app.engine.results import PictureHeld
from app.journal.operations import State
from tests.app.basics.disks import fill
from tests.app.basics.disks import read_only as read_only
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.app.engine.scripted import World, build, hero, many, png, ran, world

PICTURE = png(42)


@pytest.fixture
def full(tiny_disk: Path, tmp_path: Path) -> Path:
    """A home whose library is a disk without a byte free; `filler` in it gives room when it is removed."""
    (tiny_disk / "incoming").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "library").symlink_to(tiny_disk)
    fill(tiny_disk)
    return tmp_path / "home"


async def operation_of(one: World) -> str:
    (row,) = await one.rows()
    assert row.state in (State.SUBMITTED, State.RUNNING)
    return row.id


async def test_a_full_library_holds_the_picture_in_memory(full: Path, tmp_path: Path) -> None:
    async with world(full) as one:
        finished = await ran(one)
        (failed,) = finished.failures
        assert isinstance(failed.fault, PictureHeld)
        assert (failed.fault.code, failed.fault.charged) == ("disk.full", Charged.YES)
        assert "held in memory" in failed.fault.advice
        id = await operation_of(one)
        assert failed.operation == id
        held = one.engine.rescued.get(id)
        assert held is not None
        assert (held.picture, held.path, held.format, held.node) == (PICTURE, None, "PNG", "hero")
        assert one.engine.rescued.only_in_memory == (held,), "lost with the program"
        await one.engine.rescued.save(id, tmp_path / "saved.png")
        assert (tmp_path / "saved.png").read_bytes() == PICTURE
        assert one.engine.rescued.only_in_memory == ()

        (full / "library" / "filler").unlink()
        recovered = await one.engine.recover()
        assert [asset.path.read_bytes() for _, asset in recovered.brought] == [PICTURE]
        assert (one.vendor.fetched, len(one.vendor.sent)) == (1, 1), "neither fetched nor bought again"
        assert one.engine.rescued.get(id) is None
        with pytest.raises(BadInput) as caught:
            await one.engine.rescued.save(id, tmp_path / "again.png")
        assert caught.value.code == "picture.not-held"


async def test_while_the_disk_stays_full_the_picture_stays_held(full: Path) -> None:
    async with world(full) as one:
        await ran(one)
        id = await operation_of(one)
        for _ in range(3):
            recovered = await one.engine.recover()
            assert [type(fault) for _, fault in recovered.left] == [PictureHeld]
            held = one.engine.rescued.get(id)
            assert held is not None
            assert held.picture == PICTURE
        finished = await ran(one)
        assert [type(one.fault) for one in finished.failures] == [PictureHeld]
        assert (one.vendor.fetched, len(one.vendor.sent)) == (1, 1)


async def test_a_library_that_cannot_be_written_at_all(read_only: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "library").symlink_to(read_only)
    async with world(home) as one:
        (failed,) = (await ran(one)).failures
        assert isinstance(failed.fault, PictureHeld)
        held = one.engine.rescued.get(await operation_of(one))
        assert held is not None
        assert held.picture == PICTURE


async def test_a_whole_file_that_is_not_taken_waits_under_its_own_name_even_for_another_process(
    tmp_path: Path,
) -> None:
    in_the_way = tmp_path / "library" / hashlib.sha256(PICTURE).hexdigest()[:2]
    in_the_way.parent.mkdir()
    in_the_way.write_text("a file where the library's folder should be")
    async with world(tmp_path) as one:
        (failed,) = (await ran(one)).failures
        assert isinstance(failed.fault, PictureHeld)
        id = await operation_of(one)
        whole = tmp_path / "library" / "incoming" / f"{id}.whole"
        held = one.engine.rescued.get(id)
        assert held is not None
        assert (held.path, held.picture) == (whole, b"")
        assert str(whole) in failed.fault.advice
        assert whole.read_bytes() == PICTURE
        await one.engine.rescued.save(id, tmp_path / "saved.png")
        assert (tmp_path / "saved.png").read_bytes() == PICTURE
        vendors = one.vendors
    in_the_way.unlink()
    again = build(tmp_path, vendors, one.clock)
    try:
        recovered = await again.engine.recover()
        assert [asset.path.read_bytes() for _, asset in recovered.brought] == [PICTURE]
        assert vendors.bought.fetched == 1, "not even fetched again"
        assert list((tmp_path / "library" / "incoming").iterdir()) == []
    finally:
        await again.engine.close()
        again.photographs.close()
        await again.library.close()
        await again.ledger.close()


async def test_memory_is_bounded(full: Path) -> None:
    async with world(full) as one:
        room = one.engine.rescued
        room._most = len(PICTURE) * 2 + 10
        finished = await ran(one, many(4, 1))
        held = [one for one in finished.failures if isinstance(one.fault, PictureHeld)]
        others = [one for one in finished.failures if not isinstance(one.fault, PictureHeld)]
        assert (len(held), len(others)) == (2, 2)
        assert all(isinstance(one.fault, DiskTrouble) for one in others)
        (full / "library" / "filler").unlink()
        assert len((await one.engine.recover()).brought) == 4, "those are fetched again"
        assert len(one.vendor.sent) == 4


async def test_what_is_no_picture_is_not_held(full: Path) -> None:
    async with world(full) as one:
        one.vendor.fetches.append(b"<html>please log in</html>")
        (failed,) = (await ran(one)).failures
        assert type(failed.fault) is not PictureHeld
        assert one.engine.rescued.get(await operation_of(one)) is None


async def test_a_disk_that_is_full_where_the_artist_saves_leaves_nothing_half_written(
    full: Path, tiny_disk: Path
) -> None:
    async with world(full) as one:
        await ran(one, hero())
        id = await operation_of(one)
        with pytest.raises(DiskTrouble):
            await one.engine.rescued.save(id, tiny_disk / "here.png")
        assert not (tiny_disk / "here.png").exists()
        assert one.engine.rescued.get(id) is not None


async def test_nothing_held_is_nothing_brought(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        rescued = RescuedPictures(one.library)
        assert await rescued.bring("0" * 26, rescued.place()) is False
        await asyncio.sleep(0)
