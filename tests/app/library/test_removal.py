from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.basics.faults import DiskTrouble
from app.library.assets import Asset, Marks
from app.library.collecting import Gate, InUse
from app.library.library import Library
from app.library.query import Query
from app.library.store import FolderStore
from tests.app.library.make import download, index_in, library_in, origin, picture

COLORS = ("red", "green", "blue", "gold", "gray", "black", "white", "pink", "navy", "teal")


async def add(library: Library, color: str = "red", **changes: object) -> Asset:
    return await library.add(download(library, picture(color)), origin(**changes))


async def shown(library: Library) -> set[str]:
    return {hit.sha256 for hit in await library.finder.find(Query())}


def left_of(library: Library, asset: Asset) -> list[Path]:
    return sorted(asset.path.parent.glob(f"{asset.sha256}*"))


async def test_removal_hides_and_can_be_taken_back(library: Library) -> None:
    one, other = await add(library, "red"), await add(library, "blue")
    removed = await library.remove([one.sha256])
    assert removed[one.sha256].removed is not None
    assert await shown(library) == {other.sha256}
    assert one.path.exists()
    assert await library.find(one.origin.fingerprint) is not None, "documents go on showing it"
    assert await library.remove([one.sha256]) == {}, "removed once"
    assert await library.restore([one.sha256]) == {one.sha256: Marks()}
    assert await shown(library) == {one.sha256, other.sha256}
    await library.remove([one.sha256])
    await add(library, "red")
    assert await shown(library) == {one.sha256, other.sha256}, "what comes again is there again"
    assert (await library.collect(InUse())).hashes == ()


async def test_only_what_was_removed_goes_and_for_good(library: Library) -> None:
    went: list[tuple[str, ...]] = []
    library.went.connect(went.append)
    keep, gone, star = [await add(library, color) for color in ("red", "blue", "gold")]
    await library.mark([star.sha256], star=True)
    await library.remove([gone.sha256, star.sha256])
    collected = await library.collect(InUse())
    assert (collected.hashes, collected.bytes, collected.kept) == ((gone.sha256,), gone.bytes, 0)
    assert went == [(gone.sha256,)]
    assert left_of(library, gone) == []
    assert library.store.withdrawn() == frozenset()
    assert await library.get(gone.sha256) is None
    assert (await library.rebuild()).unreadable == ()
    assert await library.get(gone.sha256) is None
    for one in (keep, star):
        assert await library.verify(one)
    again = await add(library, "blue")
    assert again.sha256 == gone.sha256
    assert await library.marks([again.sha256]) == {again.sha256: Marks()}, "it begins anew"


@pytest.mark.parametrize(
    "use",
    [
        lambda one: InUse(hashes=frozenset({one.sha256})),
        lambda one: InUse(operations=frozenset({one.origin.operation})),
        lambda one: InUse(fingerprints=frozenset({one.origin.fingerprint})),
        lambda one: InUse(asked=frozenset({(one.origin.card, one.origin.seed)})),
        lambda one: InUse(nodes=frozenset({(one.origin.document, one.origin.node)})),
    ],
    ids=["hash", "operation", "fingerprint", "seed", "last of a node"],
)
async def test_what_is_used_stays(library: Library, use: object) -> None:
    asset = await add(library, "red")
    other = await add(
        library, "blue", fingerprint="e" * 64, node="other", seed=7, document="/another.tagloom"
    )
    await library.remove([asset.sha256, other.sha256])
    assert callable(use)
    collected = await library.collect(use(asset))
    assert (collected.hashes, collected.kept) == ((other.sha256,), 1)
    assert await library.verify(asset)


async def test_the_last_of_a_node_is_one_draft_and_one_bought(library: Library) -> None:
    old_draft, draft = await add(library, "red", draft=True), await add(library, "green", draft=True)
    old, last = await add(library, "blue"), await add(library, "gold")
    await library.remove([one.sha256 for one in (old_draft, draft, old, last)])
    node = (last.origin.document, last.origin.node)
    collected = await library.collect(InUse(nodes=frozenset({node})))
    assert set(collected.hashes) == {old.sha256, old_draft.sha256}
    assert collected.kept == 2


async def test_one_origin_in_use_protects_the_bytes(library: Library) -> None:
    asset = await add(library, "red", node="a", fingerprint="1" * 64)
    await add(library, "red", node="b", fingerprint="2" * 64)
    await library.remove([asset.sha256])
    assert (await library.collect(InUse(fingerprints=frozenset({"1" * 64})))).kept == 1
    assert await library.verify(asset)


async def test_what_comes_into_use_meanwhile_stays(library: Library) -> None:
    asset = await add(library)
    await library.remove([asset.sha256])
    assert (await library.collect(InUse(), used_now=lambda sha256: sha256 == asset.sha256)).hashes == ()
    assert await library.verify(asset)


async def test_old_drafts_only_where_that_is_asked_for(library: Library) -> None:
    draft, bought, star = (
        await add(library, "gray", draft=True),
        await add(library, "red"),
        await add(library, "gold", draft=True),
    )
    await library.mark([star.sha256], star=True)
    late: datetime = star.made + timedelta(seconds=1)
    assert (await library.collect(InUse())).hashes == ()
    assert (await library.collect(InUse(), drafts_before=draft.made)).hashes == ()
    assert await library.made_for(late) == (draft.origin.document,)
    assert (await library.collect(InUse(), drafts_before=late)).hashes == (draft.sha256,)
    for one in (bought, star):
        assert await library.verify(one)


class Interrupted(FolderStore):
    """Ends in the middle, as a killed process."""

    at = ""

    def withdraw(self, sha256: str, suffix: str) -> None:
        super().withdraw(sha256, suffix)
        if self.at == "withdrawn":
            raise DiskTrouble("ended", advice="Try again.", code="library.unwritable")

    def drop(self, sha256: str) -> None:
        if self.at == "forgotten":
            raise DiskTrouble("ended", advice="Try again.", code="library.unwritable")
        super().drop(sha256)


@pytest.mark.parametrize("at", ["withdrawn", "forgotten"])
async def test_what_was_begun_is_mended_or_finished(tmp_path: Path, at: str) -> None:
    store = Interrupted(tmp_path / "library")
    library = Library(store, index_in(tmp_path))
    asset = await add(library)
    await library.remove([asset.sha256])
    store.at = at
    with pytest.raises(DiskTrouble):
        await library.collect(InUse())
    assert not asset.path.exists()
    store.at = ""
    assert (await library.collect(InUse(hashes=frozenset({asset.sha256})))).kept == 1
    assert await library.verify(asset), "put back first"
    assert await library.origins(asset.sha256)
    assert (await library.marks([asset.sha256]))[asset.sha256].removed is not None
    assert (await library.collect(InUse())).hashes == (asset.sha256,)
    assert left_of(library, asset) == []
    await library.close()


async def test_a_star_from_another_process_comes_in_time(tmp_path: Path) -> None:
    mine, other = library_in(tmp_path), library_in(tmp_path)
    assets = [await add(mine, color) for color in COLORS]
    await mine.remove([one.sha256 for one in assets])
    collected, starred = await asyncio.gather(
        mine.collect(InUse()), other.mark([one.sha256 for one in assets], star=True)
    )
    stars = {sha256 for sha256, marks in (await mine.marks([a.sha256 for a in assets])).items() if marks.star}
    assert stars | set(collected.hashes) == {one.sha256 for one in assets}
    assert not stars & set(collected.hashes)
    assert stars <= set(starred)
    for one in assets:
        assert (await mine.verify(one)) == (one.sha256 in stars)
    await mine.close()
    await other.close()


async def test_the_same_bytes_may_come_back_at_any_moment(library: Library) -> None:
    for _ in range(8):
        assets = [await add(library, color) for color in COLORS]
        await library.remove([one.sha256 for one in assets])
        came = [asyncio.ensure_future(add(library, color)) for color in COLORS[:5]]
        _, *again = await asyncio.gather(library.collect(InUse()), *came)
        assert library.store.withdrawn() == frozenset()
        for asset in again:
            assert await library.verify(asset)
            assert await library.get(asset.sha256) is not None


async def test_gate_lets_many_in_or_one_out() -> None:
    gate = Gate()
    said: list[str] = []

    async def bring(name: str) -> None:
        async with gate.bringing():
            said.append(f"+{name}")
            await asyncio.sleep(0.01)
            said.append(f"-{name}")

    async def take() -> None:
        async with gate.taking():
            said.append("take")
            await asyncio.sleep(0.01)
            said.append("taken")

    await asyncio.gather(bring("a"), bring("b"), take(), take(), bring("c"))
    assert [said[at + 1] for at, word in enumerate(said) if word == "take"] == ["taken", "taken"]
    assert sorted(said[:2]) == ["+a", "+b"]


COLLECTOR = """
import asyncio, sys
from pathlib import Path
from app.library.collecting import InUse
from tests.app.library.make import library_in

async def main():
    library = library_in(Path(sys.argv[1]))
    await library.open()
    print("open", flush=True)
    await library.collect(InUse(hashes=frozenset(sys.argv[2:])))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.in_files
async def test_killed_while_it_collects(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    assets = [
        await library.add(download(library, picture(size=(n + 1, 3))), origin(fingerprint=f"{n:064x}"))
        for n in range(120)
    ]
    await library.remove([one.sha256 for one in assets[20:]])
    used, kept = [one.sha256 for one in assets[20:40]], assets[:40]
    await library.close()
    for turn in range(4):
        command = [sys.executable, "-c", COLLECTOR, str(tmp_path), *used]
        child = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
        assert child.stdout is not None
        await child.stdout.readline()
        await asyncio.sleep(0.004 + turn * 0.02)
        if child.returncode is None:
            child.send_signal(signal.SIGKILL)
        await child.communicate()
        library = library_in(tmp_path)
        for one in kept:
            assert await library.verify(one)
            assert await library.get(one.sha256) is not None
        await library.close()
    library = library_in(tmp_path)
    await library.collect(InUse(hashes=frozenset(used)))
    assert await shown(library) == {one.sha256 for one in assets[:20]}
    assert (await library.rebuild()).unreadable == ()
    assert {hit.sha256 for hit in await library.finder.find(Query(removed=True))} == set(used)
    await library.close()
