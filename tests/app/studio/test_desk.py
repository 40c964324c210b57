"""The document on the desk: opened, saved, named, and where its photographs may be read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble, Retry
from app.document import edits, project_file
from app.document.claims import Claims
from app.document.editor import Editor
from app.document.problems import Severity
from app.document.versions import versions_of
from app.preferences.options import Options
from app.studio.carried import carried_text
from app.studio.desk import Desk
from app.studio.studio import Studio
from tests.app.document.samples import product_shot


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    options = Options(tmp_path / "settings" / "options.toml")
    return Desk(
        Editor(), options, pasted=tmp_path / "pasted", working=tmp_path / "working", carried=carried_text
    )


@pytest.fixture
def editor(desk: Desk) -> Editor:
    return desk._editor


async def test_a_new_desk_holds_an_untitled_document(desk: Desk) -> None:
    assert (desk.name, desk.path, desk.folder, desk.dirty) == ("Untitled", None, None, False)
    with pytest.raises(BadInput) as caught:
        await desk.save()
    assert caught.value.code == "document.no-name"


async def test_what_is_saved_is_opened_again(desk: Desk, editor: Editor, tmp_path: Path) -> None:
    told: list[Path | None] = []
    desk.opened.connect(told.append)
    desk.new(product_shot(), "Product shot")
    assert (desk.name, told) == ("Product shot", [None])
    editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 7))
    assert desk.dirty
    (tmp_path / "docs").mkdir()
    saved = await desk.save(tmp_path / "docs" / "shoes.tagloom")
    assert saved == tmp_path / "docs" / "shoes.tagloom"
    assert (desk.name, desk.folder, desk.dirty) == ("shoes.tagloom", tmp_path / "docs", False)
    kept = editor.document
    desk.new()
    assert await desk.open(tmp_path / "docs" / "shoes.tagloom") == ()
    assert editor.document == kept
    assert not editor.can_undo
    assert told[-1] == saved


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("shoes", "shoes.tagloom"),
        ("shoes.tagloom", "shoes.tagloom"),
        ("shoes.TAGLOOM", "shoes.TAGLOOM"),
        ("Spring 2.0", "Spring 2.0.tagloom"),
    ],
)
async def test_a_document_is_called_by_its_ending(desk: Desk, tmp_path: Path, given: str, name: str) -> None:
    assert (await desk.save(tmp_path / given)).name == name
    assert (tmp_path / name).is_file()


async def test_what_is_no_document_leaves_the_one_that_lies_there(
    desk: Desk, editor: Editor, tmp_path: Path
) -> None:
    desk.new(product_shot(), "Mine")
    (tmp_path / "junk.tagloom").write_text("{}")
    for path in (tmp_path / "junk.tagloom", tmp_path, tmp_path / "nothing.tagloom"):
        with pytest.raises(BadInput):
            await desk.open(path)
    assert desk.name == "Mine"
    assert editor.document == product_shot()
    assert desk.recent() == ()


async def test_a_save_that_fails_leaves_path_and_dirt(desk: Desk, editor: Editor, tmp_path: Path) -> None:
    editor.commit("add", lambda document: product_shot())
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskTrouble):
        await desk.save(tmp_path / "file" / "shoes.tagloom")
    assert desk.path is None
    assert desk.dirty


async def test_a_file_that_something_else_has_changed_is_not_replaced_unasked(
    desk: Desk, editor: Editor, tmp_path: Path
) -> None:
    desk.new(product_shot())
    path = await desk.save(tmp_path / "shoes.tagloom")
    theirs = path.read_text("utf-8").replace("42", "43")
    assert theirs != path.read_text("utf-8")
    editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 7))
    path.write_text(theirs, "utf-8")
    with pytest.raises(DiskTrouble) as caught:
        await desk.save()
    assert (caught.value.code, caught.value.retry) == ("document.changed-on-disk", Retry.ASK)
    assert path.read_text("utf-8") == theirs
    assert desk.dirty
    await desk.save(anyway=True)
    assert not desk.dirty
    assert theirs in [one.read_text("utf-8") for one in versions_of(path)]
    editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 8))
    await desk.save()


async def test_a_file_that_was_only_touched_or_is_gone_is_written(
    desk: Desk, editor: Editor, tmp_path: Path
) -> None:
    desk.new(product_shot())
    path = await desk.save(tmp_path / "shoes.tagloom")
    await desk.open(path)
    path.write_bytes(path.read_bytes())
    editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 7))
    await desk.save()
    path.unlink()
    editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", 8))
    await desk.save()
    assert project_file.load(path).document == editor.document


async def test_two_saves_at_once_are_no_change_from_outside(
    desk: Desk, editor: Editor, tmp_path: Path
) -> None:
    desk.new(product_shot())
    path = await desk.save(tmp_path / "shoes.tagloom")
    saves = []
    for seed in (7, 8, 9):
        editor.commit("seed", lambda document, seed=seed: edits.set_value(document, "hero", "seed", seed))  # type: ignore[misc]
        saves.append(asyncio.create_task(desk.save()))
        await asyncio.sleep(0)
    await asyncio.gather(*saves)
    assert project_file.load(path).document == editor.document
    assert not desk.dirty


async def test_a_document_that_is_open_in_another_window(desk: Desk, tmp_path: Path) -> None:
    path = await desk.save(tmp_path / "shoes.tagloom")
    one, two = desk_over(tmp_path), desk_over(tmp_path)
    assert await one.open(path) == ()
    (note,) = await two.open(path)
    assert note.startswith("shoes.tagloom is open in another window.")
    two._editor.commit("add", lambda document: product_shot())
    with pytest.raises(DiskTrouble) as caught:
        await two.save()
    assert caught.value.code == "document.open-elsewhere"
    with pytest.raises(DiskTrouble) as caught:
        await desk_over(tmp_path).save(path)
    assert caught.value.code == "document.open-elsewhere", "nor is it saved over from elsewhere"
    other = await two.save(tmp_path / "mine.tagloom")
    assert two.path == other
    assert await one.open(path) == (), "still ours"
    one.close()
    assert await two.open(path) == ()
    two.close()


async def test_once_the_other_window_is_gone_saving_is_as_ever(desk: Desk, tmp_path: Path) -> None:
    path = await desk.save(tmp_path / "shoes.tagloom")
    one, two = desk_over(tmp_path), desk_over(tmp_path)
    await one.open(path)
    assert len(await two.open(path)) == 1
    two._editor.commit("add", lambda document: product_shot())
    one.close()
    await two.save()
    assert not two.dirty
    assert len(await one.open(path)) == 1, "now it is the other's"
    two.close()


def desk_over(folder: Path) -> Desk:
    """The desk of another window of the same home."""
    options = Options(folder / "options.json")
    return Desk(
        Editor(),
        options,
        pasted=folder,
        working=folder,
        carried=carried_text,
        claims=Claims(folder / "locks"),
    )


async def test_recent_documents_newest_first_each_once(desk: Desk, tmp_path: Path) -> None:
    for name in ("a", "b", "a"):
        await desk.save(tmp_path / f"{name}.tagloom")
    await desk.open(tmp_path / "b.tagloom")
    assert [one.name for one in desk.recent()] == ["b.tagloom", "a.tagloom"]
    await desk.open(tmp_path / "a.tagloom", remember=False)
    assert [one.name for one in desk.recent()] == ["b.tagloom", "a.tagloom"]


async def test_a_document_opened_while_another_is_written_keeps_its_own_name(
    desk: Desk, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.save(tmp_path / "other.tagloom")
    desk.new(product_shot(), "Mine")
    loop = asyncio.get_running_loop()
    real: Callable[..., object] = project_file.save_over

    def slow(*args: object, **more: object) -> object:
        done = asyncio.run_coroutine_threadsafe(desk.open(tmp_path / "other.tagloom"), loop)
        done.result(10)
        return real(*args, **more)

    monkeypatch.setattr(project_file, "save_over", slow)
    assert await desk.save(tmp_path / "mine.tagloom") == tmp_path / "mine.tagloom"
    assert desk.name == "other.tagloom"
    assert not editor.document.nodes
    assert not desk.dirty
    assert project_file.load(tmp_path / "mine.tagloom").document.nodes


# --- photographs ---------------------------------------------------------------------------------


async def test_nothing_outside_the_folder_is_read_unless_chosen_by_hand(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    await desk.save(tmp_path / "docs" / "shoes.tagloom")
    outside = tmp_path / "cup.png"
    assert desk.resolve("refs/cup.png") == tmp_path / "docs" / "refs" / "cup.png"
    for file in (str(outside), "../cup.png"):
        with pytest.raises(BadInput, match="is not read"):
            desk.resolve(file)
    desk.trust(outside)
    assert desk.resolve(str(outside)) == outside
    assert desk.resolve("../cup.png") == outside


async def test_trust_ends_with_the_document(desk: Desk, tmp_path: Path) -> None:
    desk.trust(tmp_path / "cup.png")
    desk.new()
    with pytest.raises(BadInput):
        desk.resolve(str(tmp_path / "cup.png"))


async def test_saving_brings_chosen_photographs_beside_the_document(
    desk: Desk, editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "cup.png").write_bytes(b"a photograph")
    (tmp_path / "docs").mkdir()
    desk.trust(tmp_path / "cup.png")
    document = edits.add_node(
        editor.document, "cup", "reference-image", {"file": str(tmp_path / "cup.png")}, (0, 0)
    )
    desk.new(document)
    desk.trust(tmp_path / "cup.png")
    await desk.save(tmp_path / "docs" / "shoes.tagloom")
    assert editor.document.nodes["cup"].values["file"] == "refs/cup.png"
    assert desk.resolve("refs/cup.png").read_bytes() == b"a photograph"


@pytest.mark.parametrize(
    ("name", "begins", "ending"),
    [
        ("cup.png", "cup-", ".png"),
        ("cup.JPG", "cup-", ".jpg"),
        ("", "pasted-", ".png"),
        ("../../etc/passwd", "passwd-", ".png"),
        ("C:\\pictures\\cup.webp", "cup-", ".webp"),
        ("a" * 400 + ".png", "a" * 60 + "-", ".png"),
        ("杯子.jpeg", "杯子-", ".jpeg"),
        ("a\0b?c*.p ng", "a-b-c-", ".png"),
    ],
)
async def test_a_picture_without_a_file_becomes_one(
    desk: Desk, tmp_path: Path, name: str, begins: str, ending: str
) -> None:
    kept = await desk.keep_picture(b"bytes", name)
    assert kept.parent == tmp_path / "pasted"
    assert kept.name.startswith(begins)
    assert kept.suffix == ending
    assert kept.read_bytes() == b"bytes"
    assert desk.resolve(str(kept)) == kept
    assert await desk.keep_picture(b"bytes", name) == kept
    assert await desk.keep_picture(b"other", name) != kept


async def test_a_picture_that_cannot_be_kept_is_said_so(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "pasted").write_text("in the way")
    with pytest.raises(DiskTrouble) as caught:
        await desk.keep_picture(b"bytes", "cup.png")
    assert caught.value.code == "disk.picture"


# --- templates -----------------------------------------------------------------------------------

WORDS = {
    "product-shot": "Professional product photo of @sneaker worn by @model in @studio setting, "
    "dramatic lighting, commercial quality.",
    "product-and-model": "@person holding @product in a modern kitchen, natural lighting, "
    "lifestyle photography.",
    "multi-angle": "Product showcase combining @front view with @detail closeup, white background, "
    "studio lighting.",
    "scene": "Place @subject in @background scene, natural integration, matching lighting.",
}
TAGS = {
    "product-shot": ["sneaker", "model", "studio"],
    "product-and-model": ["product", "person"],
    "multi-angle": ["front", "side", "detail"],
    "scene": ["subject", "background"],
    "character": ["character", "place"],
}


def test_there_are_five_templates(desk: Desk) -> None:
    assert {one.id for one in desk.templates()} == set(TAGS)
    assert all(one.title and one.summary for one in desk.templates())


@pytest.mark.parametrize("template", TAGS)
async def test_a_template_lacks_nothing_but_its_photographs(studio: Studio, template: str) -> None:
    await studio.desk.new_from(template)
    title = next(one.title for one in studio.desk.templates() if one.id == template)
    assert (studio.desk.name, studio.desk.path) == (title, None)
    document = studio.editor.document
    if template in WORDS:
        assert document.nodes["words"].values["text"] == WORDS[template]
    links = document.links.into("picture", "reference_images")
    assert [one.tag for one in links] == TAGS[template]
    problems = [one for found in (await studio.checks.refresh()).values() for one in found]
    errors = {(one.code, one.where.node) for one in problems if one.severity is Severity.ERROR}
    assert errors == {("image.none", one.source.node) for one in links}
    hints = [(one.code, one.where.item) for one in problems if one.severity is Severity.HINT]
    assert hints == ([("tag.not-called", 1)] if template == "multi-angle" else [])


async def test_an_unknown_template(desk: Desk) -> None:
    with pytest.raises(BadInput) as caught:
        await desk.new_from("../first-run")
    assert caught.value.code == "template.unknown"


async def test_the_first_run_example_has_no_problem_and_stays_as_the_artist_left_it(studio: Studio) -> None:
    path = await studio.desk.first_run_example()
    await studio.desk.open(path)
    assert await studio.checks.refresh() == {}
    assert studio.photograph_path("cup") == path.parent / "refs" / "coffee.png"
    studio.commit("seed", lambda document: edits.set_value(document, "picture", "seed", 7))
    await studio.desk.save()
    assert await studio.desk.first_run_example() == path
    await studio.desk.open(path)
    assert studio.editor.document.nodes["picture"].values["seed"] == 7
