"""What is not saved is kept beside, and comes back after the program has died."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble, Fault
from app.document import edits
from app.document.copies import left_copies
from app.document.editor import Editor
from app.preferences.options import Options
from app.studio import safekeeping as module
from app.studio.carried import carried_text
from app.studio.desk import Desk
from app.studio.safekeeping import Safekeeping
from tests.app.document.samples import product_shot
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import setting

Make = Callable[[], Safekeeping]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recovery"


@pytest.fixture
async def make(tmp_path: Path, folder: Path) -> AsyncIterator[Make]:
    """A window's safekeeping over a desk of its own; all are closed at the end."""
    made: list[Safekeeping] = []

    def window() -> Safekeeping:
        editor = Editor()
        options = Options(tmp_path / "options.json")
        desk = Desk(
            editor, options, pasted=tmp_path / "pasted", working=tmp_path / "working", carried=carried_text
        )
        made.append(Safekeeping(editor, desk, folder))
        made[-1].begin()
        return made[-1]

    yield window
    for one in made:
        await one.close()


def change(window: Safekeeping, seed: int) -> None:
    window._editor.commit("seed", lambda document: edits.set_value(document, "hero", "seed", seed))


def copies(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.tagloom"))


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not there():  # noqa: ASYNC110 - a file comes
            await asyncio.sleep(0.01)


async def died(window: Safekeeping) -> None:
    """What a SIGKILL leaves: the copy, and nobody who holds it."""
    await window.close()


async def test_a_copy_follows_a_change_and_goes_when_it_is_saved(
    make: Make, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.05)
    window = make()
    window._desk.new(product_shot(), "Shoes")
    await asyncio.sleep(0.1)
    assert copies(folder) == [], "nothing to keep"
    change(window, 7)
    await until(lambda: copies(folder))
    await window._desk.save(tmp_path / "shoes.tagloom")
    await until(lambda: not copies(folder))
    change(window, 8)
    await until(lambda: copies(folder))
    window._editor.undo()
    await until(lambda: not copies(folder))


async def test_changes_are_kept_at_most_so_often(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.2)
    window = make()
    window._desk.new(product_shot())
    written = 0
    real = module.OwnCopy.write

    def counted(*args: object) -> None:
        nonlocal written
        written += 1
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module.OwnCopy, "write", counted)
    for seed in range(30):
        change(window, seed)
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.3)
    assert 1 <= written <= 3
    assert left_copies(folder) == ()


async def test_another_document_begins_with_no_copy(make: Make, folder: Path) -> None:
    window = make()
    window._desk.new(product_shot())
    change(window, 7)
    await window.keep()
    (first,) = copies(folder)
    window._desk.new(product_shot(), "Another")
    await window.keep()
    assert copies(folder) == []
    change(window, 8)
    await window.keep()
    (second,) = copies(folder)
    assert second != first


async def test_what_a_dead_window_left_comes_back_as_it_lay_there(
    make: Make, folder: Path, tmp_path: Path
) -> None:
    photograph = tmp_path / "camera" / "shoe.png"
    window = make()
    window._desk.new(product_shot())
    (tmp_path / "art").mkdir()
    path = await window._desk.save(tmp_path / "art" / "shoes.tagloom")
    window._desk.trust(photograph)
    change(window, 7)
    whole = window._editor.document
    await died(window)

    next_one = make()
    (left,) = await next_one.left()
    assert (left.name, left.path) == ("shoes.tagloom", path)
    await next_one.open(left)
    desk = next_one._desk
    assert next_one._editor.document == whole
    assert (desk.path, desk.dirty, desk.trusted) == (path, True, {photograph})
    assert await next_one.left() == (), "put aside, and our own copy is held"
    assert len(copies(folder)) == 1
    assert len(copies(folder / "aside")) == 1
    await desk.save()
    assert not desk.dirty


async def test_a_recovered_document_does_not_replace_a_file_that_has_changed(
    make: Make, tmp_path: Path
) -> None:
    window = make()
    window._desk.new(product_shot())
    path = await window._desk.save(tmp_path / "shoes.tagloom")
    change(window, 7)
    await died(window)
    path.write_text(path.read_text("utf-8").replace("42", "43"), "utf-8")

    next_one = make()
    (left,) = await next_one.left()
    await next_one.open(left)
    with pytest.raises(DiskTrouble) as caught:
        await next_one._desk.save()
    assert caught.value.code == "document.changed-on-disk"


async def test_a_damaged_copy_leaves_the_desk_and_itself(make: Make, folder: Path) -> None:
    window = make()
    window._desk.new(product_shot())
    change(window, 7)
    await died(window)
    (file,) = copies(folder)
    file.write_text("torn")
    next_one = make()
    (left,) = await next_one.left()
    with pytest.raises(BadInput):
        await next_one.open(left)
    assert not next_one._editor.document.nodes
    assert file.read_text() == "torn"
    left.let_go()


async def test_closing_leaves_what_nobody_gave_up(make: Make, folder: Path) -> None:
    for given_up in (True, False):
        window = make()
        window._desk.new(product_shot())
        change(window, 7)
        if given_up:
            window.give_up()
        await window.close()
        await window.close()
        found = left_copies(folder)
        assert len(found) == (0 if given_up else 1)
        for one in found:
            one.let_go()


def block(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")


async def test_a_copy_that_cannot_be_kept_is_said_once_until_one_could(
    make: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make()
    told: list[Fault] = []
    window.faults.connect(told.append)
    window._desk.new(product_shot())
    block(folder)
    for seed in (1, 2):
        change(window, seed)
        await window.keep()
    assert [one.code for one in told] == ["recovery.unkept"]
    os.unlink(folder)
    change(window, 3)
    await window.keep()
    assert len(copies(folder)) == 1
    assert len(told) == 1


async def test_a_run_begins_with_a_copy(opened: Open, example: Path, tagloom_home: Path) -> None:
    studio = await opened()
    await studio.desk.open(example)
    studio.safekeeping.begin()
    studio.commit("seed", setting("seed", 5))
    folder = tagloom_home / "state" / "recovery"
    assert copies(folder) == []
    at_start: list[int] = []
    studio.runs.events.connect(lambda event: at_start.append(len(copies(folder))))
    await studio.run()
    assert at_start[0] == 1
    studio.safekeeping.give_up()


async def test_a_terminal_keeps_no_copies(opened: Open, example: Path, tagloom_home: Path) -> None:
    studio = await opened()
    await studio.desk.open(example)
    studio.commit("seed", setting("seed", 5))
    await studio.run()
    assert not (tagloom_home / "state" / "recovery").exists()
    assert not (tagloom_home / "state" / "documents").exists()
