"""Pictures written out: what goes along, what does not, and that nothing is written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, DiskTrouble
from app.document import edits
from app.document.editor import Editor
from app.document.sharing import shareable
from app.document.values import Document
from app.preferences.options import Options
from app.studio import exporting
from app.studio.carried import carried_text
from app.studio.desk import Desk
from tests.app.document import strategies
from tests.app.document.samples import product_shot
from tests.app.imaging.carriers import CARRIERS, coded_pixels, decoded, with_chunks
from tests.app.imaging.pictures import chunk, coded, quadrants

ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp", "tiff": ".tif"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    options = Options(tmp_path / "settings" / "options.toml")
    return Desk(
        Editor(), options, pasted=tmp_path / "pasted", working=tmp_path / "working", carried=carried_text
    )


def picture(folder: Path, name: str) -> Path:
    """As a vendor sent it."""
    path = folder / f"vendor-{name}{ENDINGS[name.split('-')[0]]}"
    path.write_bytes(CARRIERS[name])
    return path


def noted() -> Document:
    document = edits.add_node(product_shot(), "mind", "note", {"text": "The client is difficult"}, (0, 0))
    return edits.set_value(document, "p0", "file", "/home/ada/acme/shoe.png")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), strategies.documents())
async def test_what_is_exported_opens_again(
    desk: Desk, tmp_path: Path, data: st.DataObject, document: Document
) -> None:
    name = data.draw(st.sampled_from(sorted(CARRIERS)))
    source = picture(tmp_path, name)
    made = await exporting.reopenable(source, document, tmp_path / f"out{source.suffix}", over=True)
    await desk.open_carried(made.path)
    assert desk._editor.document == shareable(document)
    assert (desk.path, desk.folder, desk.name, desk.dirty) == (None, None, "out", False)
    out = made.path.read_bytes()
    assert decoded(out) == decoded(CARRIERS[name])
    assert coded_pixels(out) == coded_pixels(CARRIERS[name])
    assert source.read_bytes() == CARRIERS[name]


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "tiff"])
async def test_notes_and_paths_go_along_only_when_asked(desk: Desk, tmp_path: Path, name: str) -> None:
    source = picture(tmp_path, name)
    made = await exporting.reopenable(source, noted(), tmp_path / "out")
    assert made.path == tmp_path / f"out{source.suffix}"
    assert made.notes == (exporting.LEFT_NOTES,)
    told = await desk.open_carried(made.path)
    assert "mind" not in desk._editor.document.nodes
    assert desk._editor.document.nodes["p0"].values["file"] == "refs/shoe.png"
    assert told[-1].startswith("The photographs are not in the picture.")
    asked = await exporting.reopenable(source, noted(), tmp_path / "asked", notes=True)
    assert asked.notes == ()
    await desk.open_carried(asked.path)
    assert desk._editor.document.nodes["mind"].values["text"] == "The client is difficult"


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "tiff"])
async def test_a_clean_copy_of_a_re_openable_one(tmp_path: Path, name: str) -> None:
    source = picture(tmp_path, name)
    carrying = await exporting.reopenable(source, noted(), tmp_path / "out", notes=True)
    made = await exporting.clean(carrying.path, tmp_path / "clean")
    data = made.path.read_bytes()
    assert decoded(data) == decoded(CARRIERS[name])
    words = (b"tagloom", b"TGLM", b"Professional", b"shoe", b"Exif", b"XMP", b"tEXt", b"Secret")
    assert not [word for word in words if word in data]
    assert source.read_bytes() == CARRIERS[name]


async def test_as_it_came_is_byte_for_byte(tmp_path: Path) -> None:
    source = picture(tmp_path, "jpeg")
    made = await exporting.as_it_came(source, tmp_path / "same.jpg")
    assert made.path.read_bytes() == CARRIERS["jpeg"]
    with pytest.raises(BadInput):
        await exporting.as_it_came(tmp_path / "none.jpg", tmp_path / "other.jpg")


async def test_a_broken_credential_is_told(tmp_path: Path) -> None:
    source = tmp_path / "signed.png"
    source.write_bytes(with_chunks(CARRIERS["png"], chunk(b"caBX", b"jumb")))
    made = await exporting.reopenable(source, product_shot(), tmp_path / "out.png")
    assert made.notes == (exporting.BROKEN_CREDENTIAL,)


async def test_nothing_is_written_over(tmp_path: Path) -> None:
    source = picture(tmp_path, "png")
    taken = tmp_path / "taken.png"
    taken.write_text("mine")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "link.png").symlink_to(source)
    for target, over, code in (
        (taken, False, "export.exists"),
        (source, True, "export.itself"),
        (tmp_path / "link.png", True, "export.itself"),
        (tmp_path / "folder.png", True, "export.folder"),
        (tmp_path / "out.jpg", False, "export.ending"),
    ):
        for export in (
            lambda: exporting.reopenable(source, product_shot(), target, over=over),  # noqa: B023
            lambda: exporting.clean(source, target, over=over),  # noqa: B023
        ):
            with pytest.raises(BadInput) as caught:
                await export()
            assert caught.value.code == code
    assert taken.read_text() == "mine"
    assert source.read_bytes() == CARRIERS["png"]
    assert (await exporting.clean(source, taken, over=True)).path.read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(DiskTrouble):
        await exporting.clean(source, tmp_path / "no-folder" / "out.png")
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


async def test_other_pictures_are_refused_in_words(tmp_path: Path) -> None:
    source = tmp_path / "film.gif"
    source.write_bytes(coded(quadrants(), "GIF"))
    with pytest.raises(BadInput, match="no PNG, JPEG, WebP or TIFF"):
        await exporting.reopenable(source, product_shot(), tmp_path / "out.png")
    with pytest.raises(BadInput):
        await exporting.clean(source, tmp_path / "out.png")
    assert not (tmp_path / "out.png").exists()


def test_the_document_gets_the_seed_that_was_drawn() -> None:
    document = edits.set_value(product_shot(), "hero", "seed", None)
    assert exporting.as_made(document, "hero", 77).nodes["hero"].values["seed"] == 77
    assert exporting.as_made(document, "hero", None) is document
    assert exporting.as_made(document, "gone", 77) == document


# --- what a picture carries, on the desk ----------------------------------------------------------


async def test_a_picture_without_a_document_leaves_the_desk_as_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.new(product_shot(), "Mine")
    source = picture(tmp_path, "png")
    assert not await desk.carries(source)
    assert not await desk.carries(tmp_path / "nothing.png")
    with pytest.raises(BadInput) as caught:
        await desk.open_any(source)
    assert caught.value.code == "document.not-carried"
    damaged = await exporting.reopenable(source, product_shot(), tmp_path / "out.png")
    data = bytearray(damaged.path.read_bytes())
    data[data.index(b"tagloom") + 40] ^= 1
    damaged.path.write_bytes(data)
    assert not await desk.carries(damaged.path)
    with pytest.raises(BadInput):
        await desk.open_any(damaged.path)
    assert (desk.name, desk._editor.document) == ("Mine", product_shot())


async def test_open_any_tells_pictures_from_documents(desk: Desk, tmp_path: Path) -> None:
    made = await exporting.reopenable(picture(tmp_path, "webp"), product_shot(), tmp_path / "Shot.WEBP")
    assert await desk.carries(made.path)
    await desk.open_any(made.path)
    assert desk.name == "Shot"
    assert desk.recent() == ()
    saved = await desk.save(tmp_path / "shot.tagloom")
    await desk.open_any(saved)
    assert desk.path == saved
    assert desk._editor.document == shareable(product_shot())


async def test_a_carried_document_reads_nothing_from_this_disk(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "refs").mkdir()
    (tmp_path / "refs" / "shoe.png").write_bytes(b"private")
    document = edits.set_value(product_shot(), "p0", "file", "refs/shoe.png")
    made = await exporting.reopenable(picture(tmp_path, "png"), document, tmp_path / "out.png")
    desk.trust(tmp_path / "refs" / "shoe.png")
    await desk.open_carried(made.path)
    for file in ("refs/shoe.png", str(tmp_path / "refs" / "shoe.png")):
        with pytest.raises(BadInput):
            desk.resolve(file)
