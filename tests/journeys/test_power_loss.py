"""The power goes in the middle of a purchase: what was not synced is dropped or torn (`tests.support.power`).
After it, a life without trouble on what is left; then the laws are judged."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.counting import Counted, counting
from tests.support.laws import document, judged
from tests.support.lives import UNFINISHED, Nursery
from tests.support.power import Call, calls, replayed, words
from tests.support.tracing import Tracer, missing

pytestmark = pytest.mark.journey
SYNCS = ("fsync", "fdatasync", "rename", "unlink")


@pytest.fixture
def server() -> Iterator[Counted]:
    if absent := missing():
        pytest.skip(absent)
    with counting() as one:
        yield one


@pytest.fixture
def nursery(server: Counted, tmp_path: Path) -> Iterator[Nursery]:
    one = Nursery(server.environment(), tmp_path / "nursery.log")
    yield one
    one.close()


def recorded(nursery: Nursery, home: Path, file: Path, log: Path) -> list[Call]:
    """Everything that one purchase wrote, from an empty folder on."""
    life = nursery.born(home, file)
    held = Tracer(life.pid, words(log))
    life.go()
    assert life.end() == 0
    held.close()
    return list(calls(log))


def sent_at(story: list[Call]) -> int:
    """The call that sent the last of the create."""
    [at] = [n for n, one in enumerate(story) if one.name == "sendto" and b"promptText" in one.texts[0]]
    return at


class Blackout:
    def __init__(self, server: Counted, nursery: Nursery, folder: Path) -> None:
        self._server, self._nursery, self._folder = server, nursery, folder
        self._file = document(folder / "one.tagloom", 1)
        self._home = folder / "home"
        self.story = recorded(nursery, self._home, self._file, folder / "strace.log")
        self._sent = sent_at(self.story)
        self.unknown = 0

    async def at(self, point: int, dice: random.Random) -> None:
        """The power goes before the call `point`."""
        first = self._server.taken()[:1]
        home = self._folder / "after"
        replayed(self._home, self.story, point).lost(home, dice)
        before = len(self._server.taken())
        assert self._nursery.live(home, self._file) in (0, UNFINISHED), f"before call {point}"
        new = self._server.taken()[before:]
        found = await judged(home, [*(first if point > self._sent else []), *new])
        said = f"before call {point} of {len(self.story)}, {self.story[point - 1].name}: {found}"
        assert not found.broken, said
        assert found.taken <= 1, f"bought again: {said}"
        assert found.pictures + found.unknown == 1, said
        self.unknown += found.unknown
        shutil.rmtree(home)

    def points(self) -> list[int]:
        """Around every sync and rename, where what is safe changes."""
        found = {n + more for n, one in enumerate(self.story) if one.name in SYNCS for more in (0, 1)}
        return sorted(one for one in {*found, self._sent, self._sent + 1, len(self.story)} if one > 0)


def call(name: str, handle: int = -1, *texts: bytes, rest: str = "", result: int = 0) -> Call:
    return Call(name=name, handle=handle, texts=texts, rest=rest, result=result)


def test_what_was_not_synced_may_be_gone_or_torn(tmp_path: Path) -> None:
    """And what was is there: else this proves nothing."""
    root, new = tmp_path / "home", bytes(tmp_path / "home" / "a")
    story = [
        call("openat", -1, new, rest=", O_WRONLY|O_CREAT, 0600", result=7),
        call("write", 7, b"x" * 4096, result=4096),
        call("fsync", 7),
        call("write", 7, b"y" * 4096, result=4096),
        call("rename", -1, new, bytes(root / "b")),
    ]
    found = set()
    for seed in range(60):
        home = tmp_path / f"after{seed}"
        replayed(root, story, len(story)).lost(home, random.Random(seed))
        [one] = home.iterdir()
        assert one.read_bytes().startswith(b"x" * 4096)
        found.add((one.name, one.stat().st_size))
    assert {("a", 4096), ("a", 8192), ("b", 4096), ("b", 8192)} <= found
    assert any(4096 < size < 8192 for _, size in found)


async def test_the_power_goes_a_dozen_times(server: Counted, nursery: Nursery, tmp_path: Path) -> None:
    blackout, dice = Blackout(server, nursery, tmp_path), random.Random(4)
    points = blackout.points()
    assert len(points) > 20
    for point in dice.sample(points, 12):
        await blackout.at(point, dice)


@pytest.mark.soak
async def test_the_power_goes_everywhere(server: Counted, nursery: Nursery, tmp_path: Path) -> None:
    blackout, dice = Blackout(server, nursery, tmp_path), random.Random(5)
    points = [*blackout.points() * 4, *dice.choices(range(1, len(blackout.story)), k=100)]
    for point in points:
        await blackout.at(point, dice)
    print(f"{len(points)} power cuts, {blackout.unknown} of them ended as unknown")
    assert blackout.unknown > 0
