"""The dialog for files: made ready beforehand, used once, and quick where many files lie."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QFileInfo
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from tests.widgets.conftest import comes
from widgets.dialogs import file_chooser
from widgets.dialogs.asking import files_of, folder_of, target_of
from widgets.dialogs.file_chooser import BySuffix, get_ready
from widgets.theme import LIGHT, palette

FILTERS = "Documents (*.tagloom);;All files (*)"


async def shown(stage: QWidget) -> QFileDialog:
    async with asyncio.timeout(5):
        while not (found := [one for one in stage.findChildren(QFileDialog) if one.isVisible()]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    (dialog,) = found
    return dialog


@pytest.fixture
def work(tmp_path: Path) -> Path:
    path = tmp_path / "work.tagloom"
    path.write_text("{}", encoding="utf-8")
    return path


async def test_each_question_has_its_own_and_the_next_is_made_ready(
    stage: QWidget, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that came into its folder after it was made is found in it."""
    monkeypatch.setattr(file_chooser, "READY_AFTER_MS", 20)
    seen: list[QFileDialog] = []
    for _ in range(3):
        asked = asyncio.ensure_future(files_of(stage, "Open", str(work.parent), FILTERS, many=False))
        dialog = await shown(stage)
        assert dialog not in seen
        seen.append(dialog)
        new = work.with_name(f"{len(seen)}.tagloom")
        new.write_text("{}", encoding="utf-8")
        dialog.selectFile(str(new))
        dialog.accept()
        assert await asked == [str(new)]
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QTest.qWait(80)
        (ready,) = stage.findChildren(QFileDialog)
        assert (ready.objectName(), ready.isVisible()) == (file_chooser.READY, False)


async def test_nothing_of_the_question_before_is_left(stage: QWidget, work: Path) -> None:
    saving = asyncio.ensure_future(target_of(stage, "Save as", str(work.with_name("mine")), FILTERS))
    dialog = await shown(stage)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert dialog.findChild(QLineEdit, "fileNameEdit").text() == "mine"
    dialog.accept()
    assert await saving == str(work.with_name("mine.tagloom"))

    choosing = asyncio.ensure_future(folder_of(stage, "Folder", str(work.parent)))
    dialog = await shown(stage)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.accept()
    assert await choosing == str(work.parent)

    opening = asyncio.ensure_future(files_of(stage, "Open", str(work.parent), FILTERS, many=True))
    dialog = await shown(stage)
    assert dialog.windowTitle() == "Open"
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptOpen
    assert dialog.fileMode() == QFileDialog.FileMode.ExistingFiles
    assert dialog.nameFilters() == FILTERS.split(";;")
    assert not dialog.testOption(QFileDialog.Option.ShowDirsOnly)
    assert (dialog.defaultSuffix(), dialog.findChild(QLineEdit, "fileNameEdit").text()) == ("", "")
    dialog.reject()
    assert await opening == []


async def test_the_keyboard_is_for_the_name_also_after_a_button_was_used(stage: QWidget, work: Path) -> None:
    for _ in range(2):
        asked = asyncio.ensure_future(files_of(stage, "Open", str(work.parent), FILTERS, many=False))
        dialog = await shown(stage)
        assert dialog.focusWidget() is dialog.findChild(QLineEdit, "fileNameEdit")
        dialog.findChild(QDialogButtonBox).setFocus()
        dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel).setFocus()
        dialog.reject()
        assert await asked == []


async def test_two_questions_at_once_are_two_dialogs(stage: QWidget, work: Path) -> None:
    first = asyncio.ensure_future(files_of(stage, "One", str(work.parent), FILTERS, many=False))
    one = await shown(stage)
    second = asyncio.ensure_future(files_of(stage, "Other", str(work.parent), FILTERS, many=False))
    await asyncio.sleep(0.05)
    (other,) = [box for box in stage.findChildren(QFileDialog) if box is not one]
    other.reject()
    one.reject()
    assert await first == await second == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not stage.findChildren(QFileDialog)


async def test_it_is_there_before_the_first_question(
    stage: QWidget, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_chooser, "READY_AFTER_MS", 20)
    get_ready(stage, str(work.parent))
    QTest.qWait(80)
    (made,) = stage.findChildren(QFileDialog)
    assert not made.isVisible()
    asked = asyncio.ensure_future(files_of(stage, "Open", str(work.parent), FILTERS, many=False))
    dialog: QDialog = await shown(stage)
    assert dialog is made
    dialog.reject()
    assert await asked == []


async def test_other_colours_find_none_to_dress(
    stage: QWidget, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_chooser, "READY_AFTER_MS", 20)
    asked = asyncio.ensure_future(files_of(stage, "Open", str(work.parent), FILTERS, many=False))
    dialog = await shown(stage)
    dialog.reject()
    await asked
    assert comes(lambda: bool(stage.findChildren(QFileDialog)))
    monkeypatch.setattr(file_chooser, "READY_AFTER_MS", 1500)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setPalette(palette(LIGHT))
    try:
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert not stage.findChildren(QFileDialog)
        assert comes(lambda: bool(stage.findChildren(QFileDialog)))
        (again,) = stage.findChildren(QFileDialog)
        assert Path(again.directory().absolutePath()) == work.parent
    finally:
        app.setPalette(QPalette())
        QTest.qWait(120)


def test_no_file_is_looked_into(tmp_path: Path) -> None:
    """What lies in it says another kind than its name."""
    liar = tmp_path / "photo.png"
    liar.write_text("%PDF-1.4", encoding="utf-8")
    told = BySuffix()
    assert told.type(QFileInfo(str(liar))) == told.type(QFileInfo(str(tmp_path / "not there.png")))
    assert "PNG" in told.type(QFileInfo(str(liar)))
    assert not told.icon(QFileInfo(str(liar))).isNull()
    bare = [told.type(QFileInfo(str(tmp_path / name))) for name in ("Makefile", "unheard of")]
    assert bare[0] != bare[1]
    folder = QFileInfo(str(tmp_path))
    assert told.type(folder) != told.type(QFileInfo(str(liar)))
    assert not told.icon(folder).isNull()


async def test_a_folder_of_many_files_is_read_by_names(stage: QWidget, tmp_path: Path) -> None:
    """Qt asks who gives the icons, and each ending is looked up once."""
    for number in range(120):
        (tmp_path / f"{number}.jpg").touch()
    asked = asyncio.ensure_future(files_of(stage, "Open", str(tmp_path), "All files (*)", many=False))
    dialog = await shown(stage)
    icons = dialog.iconProvider()
    assert isinstance(icons, BySuffix)
    for _ in range(200):
        if "jpg" not in icons._icons:
            QTest.qWait(20)
    assert "jpg" in icons._icons
    dialog.reject()
    assert await asked == []
