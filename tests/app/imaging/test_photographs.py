from __future__ import annotations

import asyncio
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import BadInput, DiskTrouble
from app.imaging import photographs as room
from app.imaging.photographs import Photographs
from app.imaging.preparation import Preparation
from app.imaging.prepare import Prepared, prepare
from tests.app.imaging.pictures import coded, quadrants

WANTED = Preparation(max_side=50, max_bytes=100_000)


class _Counted:
    """Counts, and may hold, what goes into the decoder."""

    def __init__(self) -> None:
        self.calls: list[Path] = []
        self.go = threading.Event()
        self.go.set()
        self.entered = threading.Event()

    def __call__(self, path: Path, preparation: Preparation) -> Prepared:
        self.calls.append(path)
        self.entered.set()
        assert self.go.wait(20)
        return prepare(path, preparation)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    counted = _Counted()
    monkeypatch.setattr(room, "prepare", counted)
    return counted


@pytest.fixture
def photographs(tmp_path: Path) -> Iterator[Photographs]:
    made = Photographs(tmp_path / "cache")
    yield made
    made.close()


def _photo(tmp_path: Path, name: str = "shoe.png", width: int = 96) -> tuple[Path, str]:
    path = tmp_path / name
    path.write_bytes(coded(quadrants(width, 64), "PNG"))
    os.utime(path, (1_600_000_000, 1_600_000_000))
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


async def test_prepared_once_for_all_who_ask_at_once(tmp_path, photographs, counted) -> None:
    path, sha = _photo(tmp_path)
    copy, _ = _photo(tmp_path, "copy.png")
    assert await photographs.content_hash(path) == sha
    asked = [photographs.prepare(path if n % 2 else copy, sha, WANTED) for n in range(50)]
    found = await asyncio.gather(*asked)
    assert len(counted.calls) == 1
    assert len(set(found)) == 1
    first = found[0]
    data = first.path.read_bytes()
    assert data == prepare(path, WANTED).data
    assert (first.size, first.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (first.width, first.height, first.mime, first.path.suffix) == (50, 33, "image/png", ".png")


async def test_each_content_and_each_preparation_by_itself(tmp_path, photographs, counted) -> None:
    one, two = _photo(tmp_path), _photo(tmp_path, "b.png", 80)
    other = Preparation(max_side=40, max_bytes=100_000)
    found = [await photographs.prepare(*photo, how) for photo in (one, two) for how in (WANTED, other)]
    assert len({file.path for file in found}) == 4
    assert len(counted.calls) == 4


async def test_remembered_over_a_start(tmp_path, photographs, counted) -> None:
    photo = _photo(tmp_path)
    first = await photographs.prepare(*photo, WANTED)
    assert await photographs.prepare(*photo, WANTED) == first
    again = Photographs(tmp_path / "cache")
    try:
        assert await again.prepare(*photo, WANTED) == first
    finally:
        again.close()
    assert len(counted.calls) == 1


@pytest.mark.parametrize("damage", ["delete", "truncate", "flip", "note", "note-gone", "folder"])
@pytest.mark.parametrize("restart", [True, False])
async def test_a_damaged_cache_is_made_anew(
    tmp_path, photographs, counted, damage: str, restart: bool
) -> None:
    photo = _photo(tmp_path)
    first = await photographs.prepare(*photo, WANTED)
    whole = first.path.read_bytes()
    note = first.path.with_suffix(".json")
    if damage == "delete":
        first.path.unlink()
    elif damage == "truncate":
        first.path.write_bytes(whole[:-5])
    elif damage == "flip":
        first.path.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    elif damage == "note":
        note.write_text('{"name": 3}')
    elif damage == "note-gone":
        note.unlink()
    else:
        first.path.unlink()
        note.unlink()
        first.path.parent.rmdir()
    again = Photographs(tmp_path / "cache") if restart else photographs
    try:
        found = await again.prepare(*photo, WANTED)
    finally:
        if restart:
            again.close()
    assert found == first
    if restart or damage in ("delete", "truncate", "folder"):
        assert found.path.read_bytes() == whole
        assert len(counted.calls) == 2


async def test_who_stops_waiting_takes_it_from_nobody(tmp_path, photographs, counted) -> None:
    photo = _photo(tmp_path)
    counted.go.clear()
    waiting = [asyncio.create_task(photographs.prepare(*photo, WANTED)) for _ in range(3)]
    await asyncio.sleep(0.05)
    waiting[0].cancel()
    await asyncio.sleep(0.05)
    assert waiting[0].cancelled()
    counted.go.set()
    found = await asyncio.gather(*waiting[1:])
    assert found[0].path.exists()
    assert len(counted.calls) == 1


async def test_a_fault_is_told_to_all_and_not_remembered(tmp_path, photographs, counted) -> None:
    path, _ = _photo(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:60])
    sha = await photographs.content_hash(path)
    found = await asyncio.gather(
        *(photographs.prepare(path, sha, WANTED) for _ in range(3)), return_exceptions=True
    )
    assert [fault.code for fault in found] == ["image.unreadable"] * 3
    tried = len(counted.calls)
    with pytest.raises(BadInput):
        await photographs.prepare(path, sha, WANTED)
    assert len(counted.calls) == tried + 1


async def test_a_file_that_changed_is_refused_and_poisons_nothing(tmp_path, photographs, counted) -> None:
    path, sha = _photo(tmp_path)
    counted.go.clear()
    task = asyncio.create_task(photographs.prepare(path, sha, WANTED))
    await asyncio.to_thread(counted.entered.wait, 20)
    path.write_bytes(coded(Image.new("RGB", (10, 10)), "PNG"))
    counted.go.set()
    with pytest.raises(BadInput) as caught:
        await task
    assert caught.value.code == "image.changed"
    with pytest.raises(BadInput) as caught:
        await photographs.prepare(path, sha, WANTED)
    assert caught.value.code == "image.changed"
    path, sha = _photo(tmp_path)
    assert (await photographs.prepare(path, sha, WANTED)).width == 50


async def test_a_full_disk_is_a_fault_of_the_disk(tmp_path, photographs) -> None:
    photo = _photo(tmp_path)
    (tmp_path / "cache").mkdir(exist_ok=True)
    (tmp_path / "cache" / "prepared").write_bytes(b"in the way")
    with pytest.raises(DiskTrouble) as caught:
        await photographs.prepare(*photo, WANTED)
    assert caught.value.code == "image.cache"


async def test_nothing_is_left_half_written(tmp_path, photographs, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    photo = _photo(tmp_path)
    monkeypatch.setattr(room.os, "replace", full)
    with pytest.raises(DiskTrouble, match="could not be kept"):
        await photographs.prepare(*photo, WANTED)
    assert [path for path in (tmp_path / "cache" / "prepared").rglob("*") if path.is_file()] == []


async def test_the_loop_stays_free(tmp_path, photographs) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(coded(quadrants(6000, 4000), "JPEG"))
    os.utime(path, (1_600_000_000, 1_600_000_000))
    sha = await photographs.content_hash(path)
    work = asyncio.gather(
        photographs.prepare(path, sha, Preparation(max_side=2048, max_bytes=10**7)),
        photographs.thumbnail(path, 256),
        photographs.facts(path),
    )
    longest, last = 0.0, time.perf_counter()
    while not work.done():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    made, small, facts = work.result()
    assert (made.width, small.width, facts.width) == (2048, 256, 6000)
    assert longest < 0.25  # generous: the machine is shared; the decoder alone takes longer


async def test_memory_is_bounded(tmp_path, photographs, monkeypatch) -> None:
    monkeypatch.setattr(room, "_REMEMBERED", 3)
    photo = _photo(tmp_path)
    for side in range(10, 20):
        await photographs.prepare(*photo, Preparation(max_side=side, max_bytes=9999))
    assert len(photographs._done) == 3
    assert not photographs._running


async def test_sweeping_takes_the_oldest_and_leaves_today(tmp_path, photographs) -> None:
    photo = _photo(tmp_path)
    made = [await photographs.prepare(*photo, Preparation(max_side=n, max_bytes=9999)) for n in (10, 20, 30)]
    assert photographs.sweep(0) == 0
    for age, file in zip((3, 2, 0), made, strict=True):
        for path in (file.path, file.path.with_suffix(".json")):
            then = time.time() - age * 86_400 - 60 * (age > 0)
            os.utime(path, (then, then))
    total = sum(path.stat().st_size for path in (tmp_path / "cache" / "prepared").glob("*/*"))
    assert photographs.sweep(total) == 0
    assert photographs.sweep(total - 1) > 0
    assert made[1].path.exists()
    photographs.sweep(0)
    assert [file.path.exists() for file in made] == [False, False, True]
    assert await photographs.prepare(*photo, Preparation(max_side=10, max_bytes=9999)) == made[0]
