from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.basics.faults import DiskTrouble
from app.library.assets import Asset, Marks
from app.library.library import Library
from app.library.store import FolderStore
from tests.app.library.make import (
    as_version_one,
    download,
    index_in,
    library_in,
    lose_index,
    origin,
    picture,
)


async def add(library: Library, color: str = "red") -> Asset:
    return await library.add(download(library, picture(color)), origin())


async def test_stars_and_rejections(library: Library) -> None:
    one, other = await add(library, "red"), await add(library, "blue")
    heard: list[Mapping[str, Marks]] = []
    library.marked.connect(heard.append)
    assert await library.marks([one.sha256, "0" * 64]) == {one.sha256: Marks(), "0" * 64: Marks()}
    assert await library.mark([one.sha256, other.sha256, "0" * 64], star=True) == {
        one.sha256: Marks(star=True),
        other.sha256: Marks(star=True),
    }
    assert await library.mark([one.sha256], star=True) == {}, "nothing has changed"
    rejected = await library.mark([one.sha256], rejected=True)
    assert rejected == {one.sha256: Marks(rejected=True)}, "a rejection takes the star back"
    assert await library.mark([one.sha256], star=True) == {one.sha256: Marks(star=True)}
    assert await library.mark([one.sha256], star=False) == {one.sha256: Marks()}
    assert await library.marks([one.sha256, other.sha256]) == {
        one.sha256: Marks(),
        other.sha256: Marks(star=True),
    }
    assert [sorted(each) for each in heard] == [
        sorted([one.sha256, other.sha256]),
        *[[one.sha256]] * 3,
    ]


async def test_thousands_are_marked_at_once(library: Library) -> None:
    one = await add(library)
    many = [f"{number:064x}" for number in range(3_000)]
    assert await library.mark([*many, one.sha256, one.sha256], star=True) == {one.sha256: Marks(star=True)}
    assert len(await library.marks(many)) == 3_000


@pytest.mark.in_files
@pytest.mark.parametrize("damage", ["gone", "text"])
async def test_marks_outlive_the_index(tmp_path: Path, damage: str) -> None:
    library = library_in(tmp_path)
    star, rejected, plain = [await add(library, color) for color in ("red", "green", "blue")]
    await library.mark([star.sha256, plain.sha256], star=True)
    await library.mark([rejected.sha256], rejected=True)
    await library.mark([plain.sha256], star=False)
    before = await library.marks([star.sha256, rejected.sha256, plain.sha256])
    await library.close()
    index = tmp_path / "library" / "index.sqlite"
    index.unlink() if damage == "gone" else index.write_text("this is no index")
    fresh = library_in(tmp_path)
    assert "built anew: 3 pictures" in (await fresh.open())[-1]
    assert await fresh.marks(before) == before
    await fresh.close()


async def test_the_newer_of_note_and_index_holds(library: Library) -> None:
    asset = await add(library)
    await library.mark([asset.sha256], star=True)
    note = asset.path.with_name(f"{asset.sha256}.marks.json")
    old = note.read_bytes()
    await library.mark([asset.sha256], star=False)
    note.write_bytes(old)
    assert (await library.rebuild()).unreadable == ()
    assert await library.marks([asset.sha256]) == {asset.sha256: Marks()}
    note.write_text("{}")
    assert (await library.rebuild()).unreadable == (note,)
    assert await library.marks([asset.sha256]) == {asset.sha256: Marks()}


async def test_a_damaged_picture_takes_its_marks_along(library: Library) -> None:
    asset = await add(library)
    await library.mark([asset.sha256], star=True)
    await library.set_aside(asset)
    assert not asset.path.with_name(f"{asset.sha256}.marks.json").exists()
    assert await library.marks([asset.sha256]) == {asset.sha256: Marks()}


async def test_an_index_of_before_is_brought_up(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    asset = await add(library)
    await library.close()
    await asyncio.to_thread(as_version_one, tmp_path)
    library = library_in(tmp_path)
    assert await library.open() == ()
    assert await library.mark([asset.sha256], star=True) == {asset.sha256: Marks(star=True)}
    await library.close()


class WithoutMarkNotes(FolderStore):
    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        if name == "marks":
            raise DiskTrouble("The library's disk is full.", advice="Free some space.", code="library.full")
        super().write_note(sha256, name, text)


async def test_a_mark_that_cannot_be_noted_is_said(tmp_path: Path) -> None:
    library = Library(WithoutMarkNotes(tmp_path / "library"), index_in(tmp_path))
    asset = await add(library)
    with pytest.raises(DiskTrouble):
        await library.mark([asset.sha256], star=True)
    assert await library.marks([asset.sha256]) == {asset.sha256: Marks(star=True)}
    await library.close()


MARKER = """
import asyncio, sys
from pathlib import Path
from tests.app.library.make import library_in

async def main():
    library = library_in(Path(sys.argv[1]))
    hashes = sys.argv[2:]
    for number in range(100_000):
        sha = hashes[number % len(hashes)]
        await library.mark([sha], star=number // len(hashes) % 2 == 0)
        print(sha, number // len(hashes) % 2 == 0, flush=True)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
async def test_killed_at_any_moment_a_mark_that_was_said_is_there(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    hashes = [(await add(library, color)).sha256 for color in ("red", "green", "blue", "gold", "gray")]
    await library.close()
    command = [sys.executable, "-c", MARKER, str(tmp_path), *hashes]
    child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    lines = [(await child.stdout.readline()).decode()]
    await asyncio.sleep(0.4)
    child.send_signal(signal.SIGKILL)
    rest, _ = await child.communicate()
    lines += [line for line in rest.decode().splitlines(keepends=True) if line.endswith("\n")]
    said = {sha: Marks(star=star == "True") for sha, star in map(str.split, lines)}
    under_way = hashes[len(lines) % len(hashes)]  # may be either
    said.pop(under_way, None)
    for turn in range(2):
        library = library_in(tmp_path)
        assert await library.marks(said) == said
        await library.close()
        if turn == 0:
            lose_index(tmp_path)
