"""A document goes elsewhere with everything, in one file: to an empty home, where nothing is bought again."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from app.basics.faults import BadInput, DiskTrouble
from app.document import edits
from app.document.values import Document
from app.library.assets import Asset, Origin
from app.studio.bundle import DOCUMENT, MANIFEST
from app.studio.bundling import save_bundle
from app.studio.studio import Studio
from app.studio.unbundling import open_bundle, place_for
from tests.app.studio.conftest import Open
from tests.support.terminal import EXAMPLE

MODEL = "picture"
EXAMPLES = EXAMPLE.parent


@pytest.fixture
async def made(opened: Open, example: Path) -> Studio:
    """The example with a fixed seed, run twice: two versions, the older one picked and kept."""
    for seed, colour in ((41, "red"), (42, "blue")):
        studio = await opened(None, _painted(colour))
        await studio.desk.open(example)
        studio.commit("seed", lambda document, seed=seed: edits.set_value(document, MODEL, "seed", seed))
        await studio.run((MODEL,))
        await studio.desk.save()
    _, oldest = await studio.library.for_node(studio.document_id, MODEL)
    studio.commit("pick", lambda document: _with(document, pick=oldest.sha256, lock=oldest.sha256))
    await studio.desk.save()
    return studio


def _painted(colour: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (32, 18), colour).save(out, "PNG")
    return f'picture_base64="{base64.b64encode(out.getvalue()).decode()}"'


def _with(document: Document, **changes: str) -> Document:
    return replace(document, nodes={**document.nodes, MODEL: replace(document.nodes[MODEL], **changes)})


async def elsewhere(opened: Open, tmp_path: Path) -> Studio:
    """An empty home."""
    return await opened({"TAGLOOM_HOME": str(tmp_path / "other-home")})


async def known(studio: Studio) -> list[tuple[Asset, Origin]]:
    """What a library knows, without what belongs to one machine."""
    found = []
    for asset in await studio.library.page():
        for origin in await studio.library.origins(asset.sha256):
            bare = replace(asset, path=Path(asset.path.name), origin=origin)
            found.append((bare, replace(origin, operation="", document="")))
    return sorted(((replace(a, origin=o), o) for a, o in found), key=lambda one: one[0].sha256)


async def test_a_bundle_opened_in_an_empty_home_is_the_same(
    made: Studio, opened: Open, tmp_path: Path
) -> None:
    done = await save_bundle(made, tmp_path / "sent")
    assert done.path == tmp_path / "sent.tagloomz"
    assert (done.photographs, done.results, done.notes) == (3, 2, ())
    assert done.bytes == done.path.stat().st_size

    other = await elsewhere(opened, tmp_path)
    laid = await open_bundle(done.path, tmp_path / "there", other.library)
    assert laid.document == tmp_path / "there" / "shoes" / "shoes.tagloom"
    assert (laid.photographs, laid.results, laid.again, laid.notes) == (3, 2, False, ())
    assert await other.desk.open(laid.document) == ()

    assert other.editor.document == made.editor.document
    assert await known(other) == await known(made)
    for asset in await other.library.page():
        assert await other.library.verify(asset)
    for id, node in other.editor.document.nodes.items():
        if node.values.get("file"):
            mine, theirs = made.photograph_path(id), other.photograph_path(id)
            assert mine is not None
            assert theirs is not None
            assert mine != theirs
            assert mine.read_bytes() == theirs.read_bytes()
    assert sorted(one.name for one in laid.document.parent.iterdir()) == ["refs", "shoes.tagloom"]


async def test_nothing_that_is_in_it_is_made_again(made: Studio, opened: Open, tmp_path: Path) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    other = await elsewhere(opened, tmp_path)
    laid = await open_bundle(done.path, tmp_path / "there", other.library)
    await other.desk.open(laid.document)
    kept = other.editor.document.nodes[MODEL].lock
    finished = await other.run((MODEL,))
    assert [(one.node, one.sha256, one.reused) for one in finished.results] == [(MODEL, kept, True)]
    other.commit("free", lambda document: _with(document, pick="", lock=""))
    estimate = await other.estimate(other.job((MODEL,)))
    assert (estimate.reused, estimate.drafts, estimate.bought) == ((MODEL,), (), ())
    versions = await other.library.for_node(other.document_id, MODEL)
    assert [one.origin.seed for one in versions] == [42, 41]
    assert {one.origin.operation[:7] for one in versions} == {"bundle-"}


async def test_the_same_again_gives_the_same_bytes(made: Studio, tmp_path: Path) -> None:
    first = await save_bundle(made, tmp_path / "a.tagloomz")
    second = await save_bundle(made, tmp_path / "b.tagloomz")
    assert first.path.read_bytes() == second.path.read_bytes()
    with zipfile.ZipFile(first.path) as zip:
        infos = zip.infolist()
    assert [one.filename for one in infos[:2]] == [MANIFEST, DOCUMENT]
    pictures = [one for one in infos[2:]]
    assert [one.filename for one in pictures] == sorted(one.filename for one in pictures)
    assert {one.compress_type for one in pictures} == {zipfile.ZIP_STORED}
    assert {one.date_time for one in infos} == {(1980, 1, 1, 0, 0, 0)}


async def test_it_says_nothing_of_this_machine(made: Studio, tagloom_home: Path, tmp_path: Path) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    ours = [await made.library.for_node(made.document_id, MODEL)]
    with zipfile.ZipFile(done.path) as zip:
        text = zip.read(MANIFEST) + zip.read(DOCUMENT)
    assert str(tmp_path).encode() not in text
    assert str(tagloom_home).encode() not in text
    assert not [one for one in ours[0] if one.origin.operation.encode() in text]
    assert b'"seed": 41' in text
    assert b'"seed": 42' in text


async def test_only_what_is_shown(made: Studio, tmp_path: Path) -> None:
    made.commit("free", lambda document: _with(document, pick="", lock=""))
    done = await save_bundle(made, tmp_path / "shown.tagloomz", versions=False)
    assert done.results == 1


async def test_a_document_that_was_never_saved_takes_its_photographs_along(
    studio: Studio, opened: Open, example: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "desktop" / "Größe ö.png"
    outside.parent.mkdir()
    shutil.copyfile(example.parent / "refs" / "coffee.png", outside)
    studio.desk.new()
    studio.desk.trust(outside)
    studio.commit("place", lambda document: _placed(document, outside))
    done = await save_bundle(studio, tmp_path / "sent.tagloomz")
    other = await elsewhere(opened, tmp_path)
    laid = await open_bundle(done.path, tmp_path / "there", other.library)
    await other.desk.open(laid.document)
    path = other.photograph_path("shoe")
    assert path is not None
    assert path.read_bytes() == outside.read_bytes()
    assert other.editor.document.nodes["shoe"].values["file"] == "refs/Größe ö.png"


def _placed(document: Document, path: Path) -> Document:
    return edits.add_node(document, "shoe", "reference-image", {"file": str(path)})


async def test_a_missing_photograph_is_said(made: Studio, example: Path, tmp_path: Path) -> None:
    (example.parent / "refs" / "coffee.png").unlink()
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    assert done.photographs == 2
    assert done.notes == ("A photograph is missing and is not in it.",)


async def test_a_result_that_is_damaged_here_is_left_out_and_said(made: Studio, tmp_path: Path) -> None:
    newest, _ = await made.library.for_node(made.document_id, MODEL)
    os.chmod(newest.path, 0o600)
    newest.path.write_bytes(newest.path.read_bytes() + b"x")
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    assert (done.results, done.notes) == (1, ("A result in the library is damaged and is not in it.",))


async def test_opened_twice_it_lies_where_it_did_and_changed_work_is_left_alone(
    made: Studio, opened: Open, tmp_path: Path
) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    other = await elsewhere(opened, tmp_path)
    first = await open_bundle(done.path, tmp_path / "there", other.library)
    again = await open_bundle(done.path, tmp_path / "there", other.library)
    assert (again.document, again.again) == (first.document, True)
    assert len(await other.library.for_node(str(first.document), MODEL)) == 2
    first.document.write_text(first.document.read_text().replace("42", "43"))
    third = await open_bundle(done.path, tmp_path / "there", other.library)
    assert (third.document.parent.name, third.again) == ("shoes 2", False)
    assert "43" in first.document.read_text()


async def test_on_the_machine_it_comes_from_the_versions_stay_where_they_are(
    made: Studio, tmp_path: Path
) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    laid = await open_bundle(done.path, tmp_path / "there", made.library)
    assert len(await made.library.for_node(made.document_id, MODEL)) == 2
    assert len(await made.library.for_node(str(laid.document), MODEL)) == 2
    assert len(await made.library.page()) == 2


async def test_where_it_is_laid_out(tmp_path: Path) -> None:
    assert await place_for(tmp_path / "x.tagloomz", tmp_path / "working") == tmp_path


async def test_a_name_that_is_taken(made: Studio, tmp_path: Path) -> None:
    there = tmp_path / "sent.tagloomz"
    there.write_bytes(b"mine")
    with pytest.raises(BadInput) as raised:
        await save_bundle(made, there)
    assert raised.value.code == "export.exists"
    assert there.read_bytes() == b"mine"
    await save_bundle(made, there, over=True)
    assert zipfile.is_zipfile(there)


# --- from strangers ------------------------------------------------------------------------------


def rewritten(bundle: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(bundle) as zip:
        members = {one: zip.read(one) for one in zip.namelist()}
    change(members)
    target = bundle.with_name("changed.tagloomz")
    with zipfile.ZipFile(target, "w") as zip:
        for name, data in members.items():
            zip.writestr(name, data)
    return target


def listed(
    change: Callable[[dict[str, list[dict[str, object]]]], object],
) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        plain = json.loads(members[MANIFEST])
        change(plain)
        members[MANIFEST] = json.dumps(plain).encode()

    return changed


def _picture(members: dict[str, bytes], room: str) -> str:
    return next(one for one in members if one.startswith(room))


def _forged(room: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        name = _picture(members, room)
        members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])

    return change


Change = Callable[[dict[str, bytes]], object]

LIES: tuple[tuple[str, Change], ...] = (
    ("bundle.not-ours", lambda members: members.pop(MANIFEST)),
    ("bundle.not-ours", lambda members: members.pop(DOCUMENT)),
    ("bundle.not-ours", lambda members: members.update({MANIFEST: b"{"})),
    ("bundle.not-ours", lambda members: members.update({MANIFEST: b"[" * 100_000})),
    ("bundle.not-ours", listed(lambda plain: plain.update(format="tagloom-bundle/x"))),
    ("bundle.newer", listed(lambda plain: plain.update(format="tagloom-bundle/2"))),
    ("bundle.not-ours", listed(lambda plain: plain["results"][0].update(sha256="../x"))),
    ("bundle.not-ours", listed(lambda plain: plain["results"][0].update(made=1 << 60))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file="../x.png"))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file="/tmp/x.png"))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file="refs\\..\\x.png"))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file="c:x.png"))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file=".bashrc"))),
    ("zip.outside", listed(lambda plain: plain["photographs"][0].update(file="x.tagloom"))),
    ("zip.damaged", listed(lambda plain: plain["photographs"][1].update(file="refs/COFFEE.png"))),
    ("zip.damaged", lambda members: members.pop(_picture(members, "results/"))),
    ("zip.damaged", _forged("results/")),
    ("zip.damaged", _forged("photographs/")),
    ("document.file", lambda members: members.update({DOCUMENT: b"no"})),
)


async def test_a_bundle_that_lies_is_refused_and_nothing_is_laid_out(made: Studio, tmp_path: Path) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    there = tmp_path / "there"
    for number, (code, change) in enumerate(LIES):
        bad = rewritten(done.path, change)
        with pytest.raises(BadInput) as raised:
            await open_bundle(bad, there, made.library)
        assert (number, raised.value.code) == (number, code)
        assert raised.value.advice
        assert not there.exists() or list(there.iterdir()) == []
    assert not list(made.home.library.glob("incoming/*"))


async def test_a_result_that_is_no_picture_is_left_out(made: Studio, opened: Open, tmp_path: Path) -> None:
    words = b"no picture at all"
    sha256 = hashlib.sha256(words).hexdigest()

    def change(members: dict[str, bytes]) -> None:
        plain = json.loads(members[MANIFEST])
        one = plain["results"][0]
        members.pop(f"results/{one['sha256']}{one['ending']}")
        one.update(sha256=sha256, ending=".png")
        members[f"results/{sha256}.png"] = words
        members[MANIFEST] = json.dumps(plain).encode()

    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    other = await elsewhere(opened, tmp_path)
    laid = await open_bundle(rewritten(done.path, change), tmp_path / "there", other.library)
    assert (laid.results, laid.notes) == (1, ("A result in it is no picture and was left out.",))


async def test_a_folder_that_cannot_be_written(made: Studio, tmp_path: Path) -> None:
    done = await save_bundle(made, tmp_path / "sent.tagloomz")
    (tmp_path / "there").write_text("a file")
    with pytest.raises(DiskTrouble):
        await open_bundle(done.path, tmp_path / "there", made.library)


async def test_a_table_goes_along_with_what_its_rows_name(opened: Open, tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(EXAMPLES / "refs", shop / "refs")
    for name in ("catalogue.csv", "catalogue.tagloom"):
        shutil.copyfile(EXAMPLES / name, shop / name)
    rows = (shop / "catalogue.csv").read_text("utf-8")
    (shop / "catalogue.csv").write_text(f"{rows}X,gone,refs/gone.png,refs/brick.png,dim,1\n", "utf-8")
    here = await opened()
    await here.desk.open(shop / "catalogue.tagloom")
    made = await save_bundle(here, tmp_path / "shop.tagloomz")
    assert made.photographs == 4
    assert made.notes == ("A file of the table is missing or too much, and is not in it.",)
    there = await elsewhere(opened, tmp_path)
    laid = await open_bundle(made.path, tmp_path / "laid", there.library)
    await there.desk.open(laid.document)
    for row in (2, 3, 4, 5):
        there.commit("row", lambda one, row=row: edits.set_value(one, "table", "row", row))
        assert await there.checks.refresh() == {}
    names = {one.relative_to(laid.document.parent).as_posix() for one in laid.document.parent.rglob("*.*")}
    photographs = {f"refs/{name}" for name in ("brick.png", "cat.png", "coffee.png", "temple.jpg")}
    assert names == {"catalogue.csv", "catalogue.tagloom", *photographs}


async def test_a_table_from_elsewhere_lies_beside_the_document(opened: Open, tmp_path: Path) -> None:
    shop, documents = tmp_path / "shop", tmp_path / "documents"
    shutil.copytree(EXAMPLES / "refs", shop / "refs")
    shutil.copyfile(EXAMPLES / "catalogue.csv", shop / "products.csv")
    documents.mkdir()
    shutil.copyfile(EXAMPLES / "catalogue.tagloom", documents / "a.tagloom")
    here = await opened()
    await here.desk.open(documents / "a.tagloom")
    here.desk.trust(shop / "products.csv")
    here.commit("file", lambda one: edits.set_value(one, "table", "file", str(shop / "products.csv")))
    made = await save_bundle(here, tmp_path / "a.tagloomz")
    there = await elsewhere(opened, tmp_path)
    laid = await open_bundle(made.path, tmp_path / "laid", there.library)
    await there.desk.open(laid.document)
    assert await there.checks.refresh() == {}
    assert there.editor.document.nodes["table"].values["file"] == "products.csv"
    assert there.photograph_path("product") == laid.document.parent / "refs" / "coffee.png"
