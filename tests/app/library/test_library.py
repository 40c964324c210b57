from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace

from app.basics.faults import BadInput, DiskTrouble
from app.basics.ids import new_id
from app.library.assets import Asset
from app.library.library import Library
from app.library.store import FolderStore
from tests.app.basics.disks import fill
from tests.app.library.make import download, index_in, library_in, lose_index, origin, picture


async def add(library: Library, content: bytes | None = None, **changes: object) -> Asset:
    return await library.add(download(library, content or picture()), origin(**changes))


@pytest.mark.parametrize(
    ("kind", "suffix", "mime"),
    [("PNG", ".png", "image/png"), ("JPEG", ".jpg", "image/jpeg"), ("WEBP", ".webp", "image/webp")],
)
async def test_a_picture_comes_back_as_it_was(library: Library, kind: str, suffix: str, mime: str) -> None:
    content = picture(kind=kind)
    made = origin(
        seed=None, credits=None, money=None, request=MappingProxyType({"a": MappingProxyType({"b": [1]})})
    )
    temp = download(library, content)
    asset = await library.add(temp, made)
    assert not temp.exists()
    assert (asset.width, asset.height, asset.mime, asset.bytes) == (64, 36, mime, len(content))
    assert (asset.path.suffix, asset.path.read_bytes()) == (suffix, content)
    plain = replace(asset, origin=replace(made, request={"a": {"b": [1]}}))
    assert await library.get(asset.sha256) == plain
    assert await library.find(made.fingerprint) == plain
    assert await library.page() == (plain,)
    with await library.read(asset) as handle:
        assert handle.read() == content
    assert await library.verify(asset)


async def test_drafts_and_bought_pictures_never_share_a_key(library: Library) -> None:
    draft = await add(library, picture("gray"), draft=True)
    assert await library.find(draft.origin.fingerprint) is None
    assert await library.find(draft.origin.fingerprint, draft=True) == draft
    bought = await add(library, picture("gold"))
    assert await library.find(draft.origin.fingerprint) == bought
    assert await library.find(draft.origin.fingerprint, draft=True) == draft
    # Even where the bytes are the same.
    same = await add(library, picture("gray"), fingerprint="e" * 64)
    assert same.sha256 == draft.sha256
    assert await library.find("e" * 64, draft=True) is None
    found = await library.find("e" * 64)
    assert found is not None
    assert not found.origin.draft


async def test_the_same_bytes_have_several_origins(library: Library) -> None:
    first = await add(library, fingerprint="1" * 64, node="a")
    second = await add(library, fingerprint="2" * 64, node="b")
    assert first.path == second.path
    assert second.made == first.made, "known since it first came"
    assert await library.origins(first.sha256) == (second.origin, first.origin)
    for one in (first, second):
        found = await library.find(one.origin.fingerprint)
        assert found is not None
        assert found.origin == one.origin
    assert [asset.origin for asset in await library.page()] == [second.origin], "shown once"
    await library.add(download(library, picture()), second.origin)
    assert len(await library.origins(first.sha256)) == 2, "the same origin again changes nothing"


async def test_the_newest_of_a_fingerprint(library: Library) -> None:
    for color in ("red", "green", "blue"):
        last = await add(library, picture(color))
    assert await library.find("f" * 64) == last


async def test_what_is_gone_is_not_found(library: Library) -> None:
    older, newer = await add(library, picture("red")), await add(library, picture("blue"))
    newer.path.unlink()
    assert await library.find("f" * 64) == older
    assert await library.get(newer.sha256) is None
    older.path.unlink()
    assert await library.find("f" * 64) is None
    assert not await library.verify(older)


async def test_a_plan_of_thousands_at_once(library: Library) -> None:
    asset = await add(library, fingerprint="7" * 64)
    wanted = [f"{number:064x}" for number in range(5_000)] + ["7" * 64] * 2
    begun = time.perf_counter()
    assert await library.find_many(wanted) == {"7" * 64: asset}
    assert time.perf_counter() - begun < 2
    assert await library.find_many([]) == {}


async def test_pages_by_key(library: Library) -> None:
    assets = [await add(library, picture(size=(number + 1, 1))) for number in range(25)]
    seen: list[Asset] = []
    before = None
    while found := await library.page(10, before):
        seen += found
        before = found[-1]
    assert seen == assets[::-1]


async def test_pages_where_all_came_at_once(tmp_path: Path) -> None:
    class Stopped:
        def now(self) -> object:
            return start

        def monotonic(self) -> float:
            return 0.0

        async def sleep(self, seconds: float) -> None: ...

    library = library_in(tmp_path)
    start = (await add(library, picture("gold"))).made
    await library.close()
    library = library_in(tmp_path, clock=Stopped())
    for number in range(12):
        await add(library, picture(size=(number + 2, 1)))
    seen: list[str] = []
    before = None
    while found := await library.page(5, before):
        seen += [asset.sha256 for asset in found]
        before = found[-1]
    assert len(seen) == len(set(seen)) == 13
    await library.close()


async def test_of_a_node(library: Library) -> None:
    first, second = await add(library, picture("red")), await add(library, picture("blue"))
    await add(library, picture("gold"), node="other")
    assert await library.for_node(first.origin.document, "hero") == (second, first)
    assert await library.for_node("other.tagloom", "hero") == ()


async def test_no_picture_is_refused_and_stays(library: Library) -> None:
    temp = download(library, b"<html>Service Unavailable</html>")
    with pytest.raises(BadInput):
        await library.add(temp, origin())
    assert temp.exists()
    assert await library.page() == ()


@pytest.mark.in_files
@pytest.mark.parametrize("damage", ["gone", "text"])
async def test_the_index_is_never_the_only_copy(tmp_path: Path, damage: str) -> None:
    library = library_in(tmp_path)
    first = await add(library, picture("red"), money=None)
    second = await add(library, picture("blue"))
    again = await add(library, picture("red"), fingerprint="e" * 64)
    await library.close()
    index = tmp_path / "library" / "index.sqlite"
    if damage == "gone":
        index.unlink()
    else:
        index.write_text("this is no index")
    fresh = library_in(tmp_path)
    notes = await fresh.open()
    assert "built anew" in notes[-1]
    assert ("put aside" in notes[0]) == (damage == "text")
    assert await fresh.page() == (second, again)
    assert await fresh.find("e" * 64) == again
    assert await fresh.origins(first.sha256) == (again.origin, first.origin)
    assert await fresh.open() == notes
    await fresh.close()


async def test_rebuilding_tells_what_it_could_not_read(library: Library, tmp_path: Path) -> None:
    asset, gone = await add(library, picture("red")), await add(library, picture("blue"))
    gone.path.unlink()
    bad = asset.path.with_name(f"{asset.sha256}.bad.json")
    bad.write_text('{"sha256": 7}')
    lying = asset.path.with_name(f"{asset.sha256}.lying.json")
    lying.write_bytes(gone.path.with_name(f"{gone.sha256}.{gone.origin.operation}.json").read_bytes())
    rebuilt = await library.rebuild()
    assert rebuilt.entered == 1
    assert {path.name.split(".")[1] for path in rebuilt.unreadable} == {"bad", "lying", gone.origin.operation}
    assert await library.find(asset.origin.fingerprint) == asset


async def test_what_was_kept_just_before_a_crash_is_found_by_its_operation(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    kept = await add(library, picture("red"))
    other = await add(library, picture("blue"))
    await library.close()
    # As after a crash between the note and the index.
    shutil.copytree(tmp_path / "library", tmp_path / "crashed" / "library")
    lose_index(tmp_path / "crashed")
    hidden = tmp_path / "crashed" / "hidden"
    folder = tmp_path / "crashed" / "library" / kept.sha256[:2]
    folder.rename(hidden)
    crashed = library_in(tmp_path / "crashed")
    await crashed.open()
    await crashed.close()
    hidden.rename(folder)
    crashed = library_in(tmp_path / "crashed")
    assert await crashed.get(kept.sha256) is None
    (found,) = await crashed.for_operation(kept.origin.operation)
    assert (found.sha256, found.origin) == (kept.sha256, kept.origin)
    assert await crashed.find(kept.origin.fingerprint) is not None
    assert await crashed.for_operation(new_id()) == ()
    assert other.sha256[:2] != kept.sha256[:2]
    await crashed.close()


async def fill_with_pictures(library: Library, outside: Path) -> tuple[list[Asset], DiskTrouble]:
    """Until the library says no, and what it says."""
    made: list[Asset] = []
    while True:
        content = picture(size=(len(made) + 1, 300))
        await asyncio.to_thread(outside.write_bytes, content)
        try:
            made.append(await library.add(outside, origin(fingerprint=f"{len(made):064x}")))
        except DiskTrouble as fault:
            return made, fault


async def test_a_full_disk_takes_nothing_away(tiny_disk: Path, tmp_path: Path) -> None:
    library = library_in(tiny_disk)
    await library.open()
    filler = fill(tiny_disk)
    os.truncate(filler, filler.stat().st_size - 600_000)
    outside = tmp_path / "download"
    made, fault = await fill_with_pictures(library, outside)
    filler.unlink()
    assert len(made) > 5
    assert fault.code in ("library.full", "library.short", "library.trouble")
    assert named(tmp_path, "download") or "The picture itself is safe: " in fault.advice
    for asset in made:
        assert await library.verify(asset)
        assert await library.find(asset.origin.fingerprint) == asset
    assert (await library.rebuild()).entered >= len(made)
    await add(library, picture("gold"))
    await library.close()


class WithoutNotes(FolderStore):
    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        raise DiskTrouble("The library's disk is full.", advice="Free some space.", code="library.full")


async def test_a_picture_that_is_kept_is_said_to_be_safe(tmp_path: Path) -> None:
    library = Library(WithoutNotes(tmp_path / "library"), index_in(tmp_path))
    with pytest.raises(DiskTrouble) as caught:
        await add(library)
    (kept,) = named(tmp_path, "*.png")
    assert caught.value.advice == f"Free some space. The picture itself is safe: {kept}"
    assert kept.read_bytes() == picture()
    await library.close()


def named(folder: Path, pattern: str) -> list[Path]:
    return list(folder.rglob(pattern))


ADDER = """
import asyncio, sys
from pathlib import Path
from tests.app.library.make import download, index_in, library_in, lose_index, origin, picture

async def main():
    library = library_in(Path(sys.argv[1]))
    await library.open()
    start = int(sys.argv[2])
    for number in range(start, start + 10_000):
        made = origin(fingerprint=f"{number:064x}")
        asset = await library.add(download(library, picture(size=(number % 200 + 1, 40))), made)
        print(made.fingerprint, asset.sha256, flush=True)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.in_files
async def test_killed_at_any_moment_what_was_said_is_there(tmp_path: Path) -> None:
    said: list[list[str]] = []
    for turn in range(4):
        command = [sys.executable, "-c", ADDER, str(tmp_path), str(turn * 10_000)]
        child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert child.stdout is not None
        said.append((await child.stdout.readline()).decode().split())
        await asyncio.sleep(0.05 + turn * 0.013)
        child.send_signal(signal.SIGKILL)
        rest, _ = await child.communicate()
        said += [line.split() for line in rest.decode().splitlines(keepends=True) if line.endswith("\n")]
    library = library_in(tmp_path)
    found = await library.find_many([fingerprint for fingerprint, _ in said])
    assert {fingerprint: asset.sha256 for fingerprint, asset in found.items()} == dict(map(tuple, said))
    for asset in found.values():
        assert await library.verify(asset)
    rebuilt = await library.rebuild()
    assert rebuilt.entered >= len(said)
    assert rebuilt.unreadable == ()
    await library.close()


async def test_two_processes_add_the_same_picture(tmp_path: Path) -> None:
    libraries = [library_in(tmp_path) for _ in range(3)]
    assets = await asyncio.gather(*(add(one) for one in libraries for _ in range(5)))
    assert len({asset.path for asset in assets}) == 1
    assert len(await libraries[0].origins(assets[0].sha256)) == 15
    for one in libraries:
        await one.close()
