"""Ten thousand versions under random stars, removals, documents and collections: what is in use is never
lost, and what is not goes. The documents lie on a real disk; what is used is worked out here a second time,
by other means."""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.document import project_file
from app.document.values import Document, Node, Spot
from app.library.index import Entry
from app.library.library import Library
from app.library.query import Query
from app.library.store import FolderStore, Store, Taken
from app.studio.in_use import Gathered, Sources
from tests.app.library.make import download, library_in, origin, picture

VERSIONS, DOCUMENTS, NODES = 10_000, 12, 4
SEEDS = (None, 1, 2, 3)


class Remembered:
    """A store of names alone, with the contract of `FolderStore`."""

    near = True

    def __init__(self, held: set[str]) -> None:
        self.held, self.aside = held, set[str]()

    def temp(self) -> Path:
        raise NotImplementedError

    def place(self, sha256: str, suffix: str) -> Path:
        return Path(f"/remembered/{sha256}{suffix}")

    def take(self, temp: Path, suffix: str) -> Taken:
        raise NotImplementedError

    def holds(self, sha256: str, suffix: str) -> bool:
        return sha256 in self.held

    def bring(self, sha256: str, suffix: str) -> Path | None:
        return self.place(sha256, suffix) if sha256 in self.held else None

    def open(self, sha256: str, suffix: str) -> BinaryIO:
        raise NotImplementedError

    def verify(self, sha256: str, suffix: str) -> bool:
        return sha256 in self.held

    def write_note(self, sha256: str, name: str, text: bytes) -> None:
        assert sha256 in self.held

    def notes(
        self, only: str = "", known: Collection[tuple[str, str]] = ()
    ) -> Iterator[tuple[str, str, Path]]:
        return iter(())

    def set_aside(self, sha256: str, suffix: str) -> Path | None:
        raise NotImplementedError

    def withdraw(self, sha256: str, suffix: str) -> None:
        self.held.remove(sha256)
        self.aside.add(sha256)

    def put_back(self, sha256: str) -> None:
        self.aside.remove(sha256)
        self.held.add(sha256)

    def drop(self, sha256: str) -> None:
        self.aside.remove(sha256)

    def withdrawn(self) -> frozenset[str]:
        return frozenset(self.aside)

    def tidy(self) -> int:
        return 0


class Version:
    """What this test knows of a picture."""

    def __init__(self, number: int, folder: str, sha256: str = "") -> None:
        self.number = number
        self.sha256 = sha256 or hashlib.sha256(str(number).encode()).hexdigest()
        self.document = f"{folder}/{number % (DOCUMENTS + 3)}.tagloom"  # three are not there
        self.node = f"n{number % (NODES + 2)}"
        self.draft = number % 3 == 0
        self.seed = SEEDS[number % 4] if number % 5 == 0 else 1000 + number
        self.star = self.removed = False
        self.alive = True

    def entry(self) -> Entry:
        return Entry(
            sha256=self.sha256, suffix=".png", mime="image/png", width=4, height=3, bytes=100,
            made=self.number, entered=self.number, operation=f"op{self.number}", fingerprint=self.sha256,
            document=self.document, node=self.node, card="gen4-image", vendor="runway", draft=self.draft,
            prompt="", seed=self.seed, credits=1, money=1, request={},
        )  # fmt: skip


class Play:
    """Random deeds on a library and documents, held against what must be there."""

    def __init__(
        self, library: Library, versions: list[Version], folder: Path, chance: random.Random
    ) -> None:
        self.library, self.versions, self.folder, self.chance = library, versions, folder, chance
        self.states: dict[Path, deque[Document]] = {}
        self.collected = 0

    async def go(self, steps: int, most: int) -> None:
        deeds = (self.mark, self.remove, self.restore, self.save, self.save, self.forget, self.collect)
        for _ in range(3):
            self.save(0)
        for _ in range(steps):
            done = self.chance.choice(deeds)(self.chance.randint(1, most))
            if done is not None:
                await done
        await self.remove(most * 3)
        await self.collect(0)

    def some(self, count: int) -> list[Version]:
        alive = [one for one in self.versions if one.alive]
        return self.chance.sample(alive, min(count, len(alive)))

    async def mark(self, count: int) -> None:
        star = self.chance.random() < 0.7
        for one in (some := self.some(count)):
            one.star = star
        await self.library.mark([one.sha256 for one in some], star=star)

    async def remove(self, count: int) -> None:
        for one in (some := self.some(count)):
            one.removed = True
        await self.library.remove([one.sha256 for one in some])

    async def restore(self, count: int) -> None:
        for one in (some := self.some(count)):
            one.removed = False
        await self.library.restore([one.sha256 for one in some])

    def save(self, _: int) -> None:
        path = self.folder / f"{self.chance.randrange(DOCUMENTS)}.tagloom"
        document = self.document()
        known = self.states.setdefault(path, deque(maxlen=11))  # the file and its ten versions
        if not known or known[-1] != document:
            known.append(document)
        project_file.save(path, document)

    def forget(self, _: int) -> None:
        """A document and its versions are deleted."""
        if self.states and self.chance.random() < 0.3:
            path = self.chance.choice(sorted(self.states))
            del self.states[path]
            path.unlink()
            shutil.rmtree(path.parent / ".tagloom-versions" / path.name, ignore_errors=True)

    def document(self) -> Document:
        nodes = {}
        for number in range(self.chance.randint(0, NODES)):
            pick, lock, photograph, file = (one.sha256 for one in self.some(4))
            values = {"seed": self.chance.choice(SEEDS), "sha256": photograph, "file": f"refs/{file}.png"}
            nodes[f"n{number}"] = Node(
                kind="gen4-image", pick=pick, lock=lock, values=MappingProxyType(values)
            )
        layout = {id: Spot(0, 0) for id in nodes}
        return Document(nodes=MappingProxyType(nodes), layout=MappingProxyType(layout))

    def used(self) -> set[str]:
        used: set[str] = set()
        newest: dict[tuple[str, str, bool], Version] = {}
        for one in self.versions:
            if one.alive:
                newest[one.document, one.node, one.draft] = one
        for path, states in self.states.items():
            for id, node in (pair for state in states for pair in state.nodes.items()):
                used |= {node.pick, node.lock, str(node.values["sha256"]), str(node.values["file"])[5:69]}
                used |= {one.sha256 for one in self.versions if one.seed == node.values["seed"]}
                last = (newest.get((str(path), id, draft)) for draft in (False, True))
                used |= {one.sha256 for one in last if one is not None}
        return used

    async def collect(self, _: int) -> None:
        used = self.used()
        gathered = Gathered()
        recent = sorted(self.states)[::2]  # the others are found by the pictures that were made for them
        others = [Path(one) for one in await self.library.made_for()]
        rest = [path for path in sorted(self.states) if path not in recent]
        gathered.read(Sources(documents=tuple(recent), others=(*others, *rest)))
        collected = await self.library.collect(gathered.whole)
        for one in self.versions:
            if one.alive and one.removed and not one.star and one.sha256 not in used:
                one.alive = False
                self.collected += 1
        there = {one.sha256 for one in self.versions if one.alive}
        assert not set(collected.hashes) & there, "in use and lost"
        store = self.library.store
        assert all(store.verify(sha256, ".png") for sha256 in there)
        shown = {hit.sha256 for hit in await self.library.finder.find(Query())}
        hidden = {hit.sha256 for hit in await self.library.finder.find(Query(removed=True))}
        assert shown | hidden == there, "what nothing uses goes, and nothing else"
        assert hidden == {one.sha256 for one in self.versions if one.alive and one.removed}


async def filled(store: Store, file: Path, folder: str) -> tuple[Library, list[Version]]:
    library = Library(store, file)
    versions = [Version(number, folder) for number in range(VERSIONS)]

    def fill(connection: Connection) -> None:
        for one in versions:
            library._put(connection, one.entry())

    await library._database.run(fill)
    return library, versions


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of ten thousand versions, made once."""
    file = tmp_path_factory.mktemp("index") / "index.sqlite"

    async def make() -> None:
        library, _ = await filled(Remembered(set()), file, "/documents")
        await library.close()

    asyncio.run(make())
    return file


@pytest.mark.timeout(600)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 1 << 32))
def test_ten_thousand_versions(template: Path, seed: int) -> None:
    folder = template.parent / f"{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    file = Path(shutil.copy(template, folder))

    async def play() -> int:
        versions = [Version(number, "/documents") for number in range(VERSIONS)]
        library = Library(Remembered({one.sha256 for one in versions}), file)
        try:
            game = Play(library, versions, folder, random.Random(seed))
            await game.go(30, 800)
        finally:
            await library.close()
        return game.collected

    collected = asyncio.run(play())
    shutil.rmtree(folder)
    assert collected > 100


@pytest.mark.parametrize("seed", range(3))
async def test_real_pictures_in_real_folders(tmp_path: Path, seed: int) -> None:
    library = library_in(tmp_path)
    versions = []
    for number in range(90):
        told = Version(number, str(tmp_path))
        asset = await library.add(
            download(library, picture(size=(number + 1, 2))),
            origin(
                document=told.document, node=told.node, draft=told.draft, seed=told.seed,
                fingerprint=f"{number:064x}",
            ),
        )  # fmt: skip
        versions.append(Version(number, str(tmp_path), asset.sha256))
    game = Play(library, versions, tmp_path, random.Random(seed))
    await game.go(25, 12)
    there = {one.sha256 for one in versions if one.alive}
    assert {path.stem for path in (tmp_path / "library").rglob("*.png")} == there
    assert 3 < len(there) < 90
    await library.close()
    # And again from the notes alone.
    (tmp_path / "library" / "index.sqlite").unlink()
    library = library_in(tmp_path)
    shown = {hit.sha256 for hit in await library.finder.find(Query())}
    assert shown == {one.sha256 for one in versions if one.alive and not one.removed}
    assert isinstance(library.store, FolderStore)
    marks = await library.marks(there)
    assert {sha for sha, one in marks.items() if one.star} == {
        one.sha256 for one in versions if one.alive and one.star
    }
    await library.close()
