"""One purchase from start to end, killed at every durability and network system call in turn; and the same
with a disk that is full from that call on. After each, a life without trouble; then the laws are judged.

The short form takes a point here and there, the whole runs with `make soak`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.basics.places import places_under
from tests.support.counting import Counted, counting
from tests.support.laws import document, judged
from tests.support.lives import BROKE, UNFINISHED, Nursery
from tests.support.tracing import FULL, KILL, Point, missing, tracer

MOST = 420
"""Points of a kind; a life that has fewer ends by itself, and the next kind begins."""
FILLS = range(14, 250)
"""Where a ledger that is opened fills its log, page after page alike: every thirtieth of these is enough."""
CALLS = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "rename|renameat|renameat2", "unlink|unlinkat",
    "ftruncate", "mkdir|mkdirat", "flock|fcntl", "connect", "sendto", "recvfrom",
)  # fmt: skip
SHORT = ("pwrite64", "fsync", "rename|renameat|renameat2", "sendto", "recvfrom")
FILLING = ("write", "pwrite64", "fsync", "fdatasync", "mkdir|mkdirat")

pytestmark = pytest.mark.journey


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


@dataclass(slots=True)
class Walk:
    """Points already gone through; each in a home of its own."""

    server: Counted
    nursery: Nursery
    folder: Path
    how: str
    points: int = 0
    unknown: int = 0

    async def go(self, point: Point) -> bool:
        """Whether the point was reached: the life did not end well by itself."""
        self.points += 1
        folder = self.folder / f"p{self.points}"
        home, file = folder / "home", document(folder / f"{self.points}.tagloom", 1)
        places = places_under(home)
        files = {"ledger": places.ledger, "index": places.index}
        at = replace(point, files=tuple(_log_of(files[one.name]) for one in point.files))
        before = {one.id for one in self.server.taken()}
        life = self.nursery.born(home, file)
        held = tracer(life.pid, at, self.how)
        life.go()
        code = life.end()
        held.close()
        assert code != BROKE, f"{point}: something nobody has foreseen, see nursery.log"
        assert self.nursery.live(home, file) in (0, UNFINISHED), f"{point}: the life after it broke"
        found = await judged(home, [one for one in self.server.taken() if one.id not in before])
        assert not found.broken, f"{point}: {found}"
        assert found.pictures + found.unknown == 1, f"{point}: {found}"
        self.unknown += found.unknown
        shutil.rmtree(folder)
        return code != 0


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def kinds(calls: tuple[str, ...], *, onward: bool = False) -> Iterator[Point]:
    """The first point of each kind. Each database has a thread and a log of its own."""
    for call in calls:
        yield Point(call=call, when=1, onward=onward)
        if call in ("pwrite64", "fdatasync"):
            for name in ("ledger", "index"):
                yield Point(call=call, when=1, files=(Path(name),), onward=onward)


def whens(kind: Point, offset: int, step: int) -> list[int]:
    every = range(1 + offset % step, MOST, step)
    return [n for n in every if kind.call != "pwrite64" or n not in FILLS or (step == 1 and n % 30 == 0)]


async def walked(walk: Walk, first: Iterator[Point], step: int) -> None:
    offset = 0
    for kind in first:
        for when in whens(kind, offset, step):
            reached = await walk.go(replace(kind, when=when))
            if not reached:
                break
        print(f"{kind.call}: {when}", flush=True)
        offset += 3  # not the first call of every kind in the short form
    print(f"{walk.points} points ({walk.how}), {walk.unknown} of them ended as unknown")


@pytest.mark.timeout(180)
async def test_killed_at_some_calls(server: Counted, nursery: Nursery, tmp_path: Path) -> None:
    walk = Walk(server, nursery, tmp_path, KILL)
    await walked(walk, kinds(SHORT), 29)
    assert walk.points > len(SHORT)


@pytest.mark.soak
async def test_killed_at_every_call(server: Counted, nursery: Nursery, tmp_path: Path) -> None:
    walk = Walk(server, nursery, tmp_path, KILL)
    await walked(walk, kinds(CALLS), 1)
    assert walk.points > 150
    assert walk.unknown > 0


@pytest.mark.soak
async def test_a_disk_that_is_full_from_any_call_on(
    server: Counted, nursery: Nursery, tmp_path: Path
) -> None:
    walk = Walk(server, nursery, tmp_path, FULL)
    await walked(walk, kinds(FILLING, onward=True), 1)
    assert walk.points > 50
