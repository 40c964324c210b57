"""Saving where the file is not what it was, and copies of windows that died: asked before, done after."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPushButton, QRadioButton, QWidget

from app import compose
from app.document import edits, project_file
from app.document.copies import OwnCopy, Story, left_copies
from app.document.versions import versions_of
from app.preferences import declared
from app.studio.studio import Studio
from tests.app.document.samples import product_shot
from widgets.dialogs.banner import Banner
from widgets.dialogs.recovery_dialog import RecoveryDialog
from widgets.files import Files

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    made.safekeeping.begin()
    yield made
    made.safekeeping.give_up()
    await made.close()


@pytest.fixture
def files(studio: Studio, stage: QWidget) -> Files:
    return Files(studio, Banner(stage), stage)


@pytest.fixture
async def changed(studio: Studio, tmp_path: Path) -> Path:
    """A document with changes, whose file somebody else has written meanwhile."""
    studio.desk.new(product_shot())
    path = await studio.desk.save(tmp_path / "shoes.tagloom")
    change(studio, 7)
    project_file.save(path, edits.set_value(product_shot(), "hero", "seed", 1))
    return path


def change(studio: Studio, seed: int) -> None:
    studio.commit("seed", lambda document: edits.set_value(document, "hero", "seed", seed))


def seed_of(path: Path) -> object:
    return project_file.load(path).document.nodes["hero"].values["seed"]


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.01)


async def press(stage: QWidget, name: str) -> None:
    """A button of the dialog that comes."""
    await until(lambda: shown(stage, name))
    QTest.mouseClick(shown(stage, name)[0], Qt.MouseButton.LeftButton)


def shown(stage: QWidget, name: str) -> list[QPushButton]:
    return [one for one in stage.findChildren(QPushButton, name) if one.isVisible()]


async def test_a_file_that_has_changed_is_asked_about_and_left(
    files: Files, studio: Studio, changed: Path, stage: QWidget
) -> None:
    saving = asyncio.create_task(files.save())
    await until(lambda: shown(stage, "saving-cancel"))
    (dialog,) = [one for one in stage.findChildren(QDialog) if one.isVisible()]
    words = [one.text() for one in dialog.findChildren(QLabel)]
    assert words[0] == "shoes.tagloom was changed on the disk after it was opened here."
    await press(stage, "saving-cancel")
    assert await saving is False
    assert (seed_of(changed), studio.desk.dirty) == (1, True)


async def test_it_is_saved_anyway(files: Files, studio: Studio, changed: Path, stage: QWidget) -> None:
    saving = asyncio.create_task(files.save())
    await press(stage, "saving-anyway")
    assert await saving is True
    assert (seed_of(changed), studio.desk.dirty) == (7, False)
    assert seed_of(versions_of(changed)[0]) == 1


async def test_it_is_saved_as_another_file(
    files: Files, studio: Studio, changed: Path, stage: QWidget
) -> None:
    saving = asyncio.create_task(files.save())
    await press(stage, "saving-save-as")
    await until(lambda: stage.findChildren(QFileDialog))
    (dialog,) = stage.findChildren(QFileDialog)
    dialog.selectFile(str(changed.with_name("mine.tagloom")))
    dialog.accept()
    assert await saving is True
    assert (seed_of(changed), seed_of(changed.with_name("mine.tagloom"))) == (1, 7)
    assert studio.desk.path == changed.with_name("mine.tagloom")


async def test_leaving_by_saving_asks_as_well(
    files: Files, studio: Studio, changed: Path, stage: QWidget
) -> None:
    leaving = asyncio.create_task(files.may_leave())
    await press(stage, "saving-save")
    await press(stage, "saving-cancel")
    assert await leaving is False
    assert studio.desk.dirty


def left(home: Path, seed: int) -> None:
    own = OwnCopy(home / "state" / "recovery")
    own.write(edits.set_value(product_shot(), "hero", "seed", seed), Story(name="Shoes"))
    own.let_go()


async def test_no_copies_no_question(files: Files, stage: QWidget) -> None:
    await files.offer_copies()
    await files.recovered()
    assert not stage.findChildren(RecoveryDialog)
    words = "No window has ended with changes that were not saved."
    assert words in [one.text() for one in stage.findChildren(QLabel)]


async def test_a_copy_is_opened_and_the_others_wait(
    files: Files, studio: Studio, stage: QWidget, tagloom_home: Path
) -> None:
    for seed in (1, 2):
        left(tagloom_home, seed)
    offering = asyncio.create_task(files.offer_copies())
    await press(stage, "recovery-continue")
    await offering
    opened = studio.editor.document.nodes["hero"].values["seed"]
    assert studio.desk.dirty
    (waiting,) = left_copies(tagloom_home / "state" / "recovery")
    assert {opened, waiting.load().nodes["hero"].values["seed"]} == {1, 2}
    waiting.let_go()


async def test_not_now_leaves_everything(files: Files, stage: QWidget, tagloom_home: Path) -> None:
    left(tagloom_home, 1)
    offering = asyncio.create_task(files.offer_copies())
    await until(lambda: shown(stage, "recovery-all-later"))
    stage.findChildren(QRadioButton, "recovery-keep")[0].setChecked(True)
    await press(stage, "recovery-all-later")
    await offering
    (waiting,) = left_copies(tagloom_home / "state" / "recovery")
    waiting.let_go()


async def test_the_example_says_where_it_is_saved_and_is_saved_as_among_the_photographs(
    files: Files, studio: Studio, stage: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = await studio.desk.first_run_example()
    assert await files.open_path(example)
    studio.commit("seed", lambda document: edits.set_value(document, "picture", "seed", 7))
    assert await files.save() is True
    assert not studio.desk.dirty
    assert any(f"Saved in {example.parent}." in one.text() for one in stage.findChildren(QLabel))

    monkeypatch.setenv("HOME", str(tmp_path))
    saving = asyncio.create_task(files.save_as())
    await until(lambda: stage.findChildren(QFileDialog))
    (dialog,) = stage.findChildren(QFileDialog)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.selectFile(str(tmp_path / "mine.tagloom"))
    dialog.accept()
    assert await saving is True
    assert (tmp_path / "refs" / "coffee.png").is_file()


async def test_a_chosen_photograph_takes_its_name_along_as_a_dropped_one_does(
    files: Files, studio: Studio, stage: QWidget, tmp_path: Path
) -> None:
    example = await studio.desk.first_run_example()
    await studio.desk.open(example)
    mine = Path(shutil.copy(example.parent / "refs" / "cat.png", tmp_path / "my cat.png"))
    choosing = asyncio.create_task(files.choose_photograph("cup"))
    await until(lambda: stage.findChildren(QFileDialog))
    (dialog,) = stage.findChildren(QFileDialog)
    dialog.selectFile(str(mine))
    dialog.accept()
    await choosing
    node = studio.editor.document.nodes["cup"]
    assert (node.values["file"], node.title) == (mine.as_posix(), "")
    assert studio.options.get(declared.LAST_FOLDER) == str(tmp_path)
