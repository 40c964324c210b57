"""What documents use is never deleted: the documents, their versions and copies lie on a real disk."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec.structs import replace

from app.basics.faults import DiskTrouble
from app.document import project_file
from app.document.copies import OwnCopy, Story
from app.document.past import Past, Pasts
from app.document.values import BLANK, Document, Node, Spot
from app.journal.operations import State
from app.library.assets import Asset
from app.preferences import declared
from app.studio.in_use import Gathered, Sources, hashes_in
from app.studio.outlook import result_of
from app.studio.studio import Studio
from tests.app.journal.make import operation
from tests.app.library.make import origin, picture


async def made(studio: Studio, number: int = 1, **changes: object) -> Asset:
    """A removed picture of a document that is not there."""
    temp = studio.library.temp()
    await asyncio.to_thread(temp.write_bytes, picture(size=(number, 3)))
    known = {"document": "/not/there.tagloom", "fingerprint": f"{number:064x}", "seed": None, **changes}
    asset = await studio.library.add(temp, origin(**known))
    await studio.library.remove([asset.sha256])
    return asset


def with_node(document: Document = BLANK, id: str = "hero", **fields: object) -> Document:
    values = MappingProxyType({"seed": 1, **dict(fields.pop("values", {}))})  # type: ignore[call-overload]
    node = Node(**{"kind": "gen4-image", "values": values, **fields})
    nodes = MappingProxyType({**document.nodes, id: node})
    return replace(document, nodes=nodes, layout=MappingProxyType({one: Spot(0, 0) for one in nodes}))


def written(path: Path, document: Document) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    project_file.save(path, document)
    return path


async def gone(studio: Studio) -> set[str]:
    return set((await studio.housekeeping.collect()).hashes)


async def test_what_nothing_uses_goes(studio: Studio) -> None:
    asset = await made(studio)
    assert await gone(studio) == {asset.sha256}
    assert not asset.path.exists()


async def test_each_way_of_using_a_picture(studio: Studio, tmp_path: Path) -> None:
    home = studio.home
    assets = [await made(studio, number) for number in range(1, 13)]
    hashes = [one.sha256 for one in assets]
    picked, locked, photograph, named, version, copy, aside, template, stepped, undone, shown, free = hashes
    recent = written(tmp_path / "recent.tagloom", with_node(pick=version))
    document = with_node(with_node(pick=picked), "b", lock=locked)
    document = with_node(document, "c", kind="reference-image", values={"sha256": photograph})
    written(recent, with_node(document, "d", kind="reference-image", values={"file": f"refs/a-{named}.png"}))
    await studio.desk.open(recent)
    studio.desk.new()

    own = OwnCopy(home.recovery)
    await asyncio.to_thread(own.write, with_node(pick=copy), Story(path="/somewhere/else.tagloom"))
    own.let_go()
    written(home.recovery / "aside" / "x.tagloom", with_node(pick=aside))
    written(home.templates / "mine.tagloom", with_node(pick=template))
    elsewhere = written(tmp_path / "elsewhere.tagloom", with_node())
    past = Past(labels=("Pick", "Undo"), states=(with_node(), with_node(pick=stepped), with_node()), at=2)
    await asyncio.to_thread(Pasts(home.steps).keep, elsewhere, past)

    studio.commit("Add", lambda document: with_node(document, pick=undone))
    studio.editor.undo()
    studio.runs.show({"hero": result_of("hero", assets[hashes.index(shown)])})
    assert await gone(studio) == {free}
    for one in assets[:-1]:
        assert await studio.library.verify(one)
    # Each of them goes once nothing names it any more.
    studio.desk.new()
    for folder in (home.recovery, home.templates, home.steps, tmp_path / ".tagloom-versions"):
        shutil.rmtree(folder)
    written(recent, with_node())
    shutil.rmtree(tmp_path / ".tagloom-versions")
    assert await gone(studio) == set(hashes) - {free}


async def test_what_a_node_shows_when_its_document_is_opened(studio: Studio, tmp_path: Path) -> None:
    path = written(tmp_path / "shoes.tagloom", with_node(values={"seed": 7}))
    mine = {"document": str(path), "node": "hero"}
    old, seventh = await made(studio, 1, **mine, seed=5), await made(studio, 2, **mine, seed=7)
    last = await made(studio, 3, **mine, seed=9)
    moved = await made(studio, 4, document="/its/old/name.tagloom", seed=7)
    other = await made(studio, 5, document=str(path), node="deleted", seed=5)
    collected = await studio.housekeeping.collect()  # not opened lately, but it is where they were made for
    assert set(collected.hashes) == {old.sha256, other.sha256}
    assert collected.kept == 3
    for one in (seventh, last, moved):
        assert await studio.library.verify(one)
    await asyncio.to_thread(path.unlink)
    assert await gone(studio) == {seventh.sha256, last.sha256, moved.sha256}


async def test_what_the_ledger_has_not_settled(studio: Studio) -> None:
    reference, asset = await made(studio, 1), await made(studio, 2, operation="0123456789")
    sent = operation(id="0123456789", request={"references": [{"sha256": reference.sha256}]})
    await studio.ledger.intend(sent)
    assert await gone(studio) == set()
    await studio.ledger.advance(sent.id, State.CANCELLED)
    assert await gone(studio) == {reference.sha256, asset.sha256}


@pytest.mark.parametrize("damage", ["text", "newer", "gone", "folder", "version", "copy", "unreadable"])
async def test_a_document_that_cannot_be_read_protects_everything(
    studio: Studio, tmp_path: Path, damage: str
) -> None:
    asset = await made(studio)
    path = written(tmp_path / "mine" / "shoes.tagloom", with_node())
    await studio.desk.open(path)
    studio.desk.new()
    broken = path
    match damage:
        case "text":
            path.write_text("this is no document")
        case "newer":
            path.write_text(path.read_text().replace("tagloom/1", "tagloom/999"))
        case "gone":
            path.unlink()
        case "folder":
            shutil.rmtree(path.parent)
        case "version":
            broken = path.parent / ".tagloom-versions" / path.name / "20261126T000000.000000Z.tagloom"
            broken.parent.mkdir(parents=True)
            broken.write_bytes(b"\xff\xfe")
        case "copy":
            broken = studio.home.recovery / "x.tagloom"
            broken.parent.mkdir(exist_ok=True)
            broken.write_text("{")
        case "unreadable":
            if os.geteuid() == 0:
                pytest.skip("root may read everything")
            path.chmod(0)
    with pytest.raises(DiskTrouble) as caught:
        await studio.housekeeping.collect()
    assert caught.value.code == "library.unread"
    assert broken.name in caught.value.title
    assert await studio.library.verify(asset)
    studio.desk.forget_recent()
    if damage in ("gone", "folder"):
        assert await gone(studio) == {asset.sha256}


async def test_a_document_that_is_only_known_by_its_pictures_may_be_gone(studio: Studio) -> None:
    asset = await made(studio, document="/no/such/folder/shoes.tagloom")
    assert await gone(studio) == {asset.sha256}


async def test_documents_that_were_open_count_as_recent(studio: Studio, tmp_path: Path) -> None:
    asset = await made(studio)
    path = written(tmp_path / "open.tagloom", with_node(pick=asset.sha256))
    studio.options.set(declared.OPEN_DOCUMENTS, (str(path),))
    assert await gone(studio) == set()


def test_hashes_are_found_wherever_they_stand() -> None:
    one, other = "a" * 64, "0123456789abcdef" * 4
    found = hashes_in({"x": (f"refs/{one}.PNG", {"deep": [other.upper()]}), one[:63]: 7})
    assert found == {one, other}
    assert other in hashes_in(f"c4{other}"), "digits before it hide nothing"
    assert hashes_in(("f" * 63, None, 3)) == set()


def test_folders_that_are_not_there_use_nothing(tmp_path: Path) -> None:
    gathered = Gathered()
    none = tmp_path / "none"
    gathered.read(Sources(copies=(none,), loose=(none,), steps=(none,), others=(none, Path("/a\0b"))))
    assert gathered.whole.hashes == frozenset()
