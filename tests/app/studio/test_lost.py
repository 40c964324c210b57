"""Photographs that were moved or renamed are found again by what is in them, and put back in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from app.document import edits
from app.document.values import Document
from app.studio.lost import LostPhotograph, Search, lost_photographs, put_back
from app.studio.studio import Studio
from tests.app.library.make import download, origin


def _node(document: Document) -> str:
    return next(id for id, node in document.nodes.items() if node.values.get("file") == "refs/coffee.png")


@pytest.fixture
async def noted(studio: Studio, example: Path) -> Studio:
    """The example, with the hash of its coffee noted, as saving does."""
    await studio.desk.open(example)
    sha256 = hashlib.sha256((example.parent / "refs" / "coffee.png").read_bytes()).hexdigest()
    id = _node(studio.editor.document)
    studio.commit("hash", lambda document: edits.set_values(document, id, {"sha256": sha256}))
    await studio.desk.save()
    return studio


async def test_nothing_is_lost(noted: Studio) -> None:
    assert await lost_photographs(noted) == ()


@pytest.mark.parametrize("place", ["other name.png", "refs/deep/x.png", "elsewhere.jpeg"])
async def test_found_beside_the_document_and_put_back_in_one_step(
    noted: Studio, example: Path, place: str
) -> None:
    id = _node(noted.editor.document)
    gone, there = example.parent / "refs" / "coffee.png", example.parent / place
    there.parent.mkdir(exist_ok=True)
    shutil.move(gone, there)
    (lost,) = await lost_photographs(noted)
    assert (lost.node, lost.file, lost.name) == (id, "refs/coffee.png", "coffee.png")
    found = await Search((lost,)).near(noted)
    assert found == {id: there}
    before = noted.editor.document
    noted.commit("found", put_back(noted, (lost,), found))
    assert noted.editor.document.nodes[id].values["file"] == place
    assert await lost_photographs(noted) == ()
    assert id not in {one for one, list_ in (await noted.checks.refresh()).items() if list_}
    noted.editor.undo()
    assert noted.editor.document == before


async def test_found_in_a_folder_that_was_pointed_at(
    noted: Studio, example: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    id, tmp_path = _node(noted.editor.document), tmp_path_factory.mktemp("far")
    far = tmp_path / "disk" / "a" / "b" / "c" / "photo.png"
    far.parent.mkdir(parents=True)
    shutil.move(example.parent / "refs" / "coffee.png", far)
    (far.parent / "broken.png").write_bytes(b"")
    os.symlink(tmp_path, far.parent / "around")  # a circle
    lost = await lost_photographs(noted)
    search = Search(lost)
    assert await search.within(tmp_path / "disk") == {id: far}
    noted.commit("found", put_back(noted, lost, search.found))
    assert noted.photograph_path(id) == far
    await noted.desk.save()  # and it lies beside the document again
    assert (example.parent / "refs" / "photo.png").read_bytes() == far.read_bytes()


async def test_found_in_the_folder_of_a_recent_document(noted: Studio, example: Path, tmp_path: Path) -> None:
    other = tmp_path / "old" / "work.tagloom"
    other.parent.mkdir()
    shutil.copyfile(example, other)
    (other.parent / "refs").mkdir()
    shutil.move(example.parent / "refs" / "coffee.png", other.parent / "refs" / "c.png")
    await noted.desk.open(other)
    await noted.desk.open(example)
    found = await Search(await lost_photographs(noted)).near(noted)
    assert list(found.values()) == [other.parent / "refs" / "c.png"]


async def test_found_in_the_library(noted: Studio, example: Path) -> None:
    gone = example.parent / "refs" / "coffee.png"
    asset = await noted.library.add(download(noted.library, gone.read_bytes()), origin())
    gone.unlink()
    found = await Search(await lost_photographs(noted)).near(noted)
    assert list(found.values()) == [asset.path]


async def test_another_picture_of_the_same_name_is_not_it(noted: Studio, example: Path) -> None:
    gone = example.parent / "refs" / "coffee.png"
    gone.unlink()
    (example.parent / "coffee.png").write_bytes(b"another")
    assert await Search(await lost_photographs(noted)).near(noted) == {}


async def test_a_hash_that_is_not_noted_is_known_from_the_last_result(
    studio: Studio, example: Path, tmp_path: Path
) -> None:
    await studio.desk.open(example)
    model = next(id for id, node in studio.editor.document.nodes.items() if node.kind in studio.cards)
    await studio.run((model,))
    gone = example.parent / "refs" / "coffee.png"
    sha256 = hashlib.sha256(gone.read_bytes()).hexdigest()
    there = example.parent / "moved.png"
    gone.rename(there)
    (lost,) = await lost_photographs(studio)
    assert lost.sha256 == sha256
    assert await Search((lost,)).near(studio) == {lost.node: there}


async def test_it_can_be_stopped(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.png").write_bytes(bytes([number]))
    sha256 = hashlib.sha256(bytes([7])).hexdigest()
    lost = LostPhotograph(node="a", file="refs/x.png", sha256=sha256)
    search = Search((lost,))
    search.stop()
    assert await search.within(tmp_path) == {}
    told: list[int] = []
    assert await Search((lost,), told.append).within(tmp_path) == {"a": tmp_path / "7.png"}
    assert told == [50]


async def test_what_nobody_knows_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(b"1")
    assert await Search((LostPhotograph(node="a", file="x.png", sha256=""),)).within(tmp_path) == {}
