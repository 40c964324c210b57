"""Where a session cannot begin: words, and the ways on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QMessageBox

from app.basics.faults import BadInput, DiskTrouble, Fault
from tests.widgets.bench import turns, until
from widgets.cannot_begin import cannot_begin
from widgets.desktop import ALONE, Again, Shell
from widgets.main_window import MainWindow
from widgets.theme import Themes
from widgets.watch import Watch

pytestmark = pytest.mark.qt_log_ignore("does not support")
FULL = DiskTrouble("The disk is full.", advice="Free some space.", code="a.full")


@pytest.fixture
def shell(qapp: QApplication) -> Iterator[Shell]:
    window, themes = MainWindow(), Themes(qapp)
    window.show()
    yield Shell(app=qapp, window=window, themes=themes, start=ALONE, watch=Watch({}))
    window.hide()
    window.deleteLater()
    themes.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


async def asked(shell: Shell, error: BaseException) -> tuple[asyncio.Task[Again | None], QMessageBox]:
    task = asyncio.ensure_future(cannot_begin(shell, error))
    await until(lambda: shell.window.findChildren(QMessageBox))
    [box] = shell.window.findChildren(QMessageBox)
    assert isinstance(box, QMessageBox)
    await turns()
    return task, box


def press(box: QMessageBox, name: str) -> None:
    button = box.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    button.click()


async def test_drafts_alone_in_a_folder_of_their_own(shell: Shell, tmp_path: Path) -> None:
    task, box = await asked(shell, FULL)
    assert box.text() == "The disk is full."
    assert box.informativeText().startswith("Free some space.")
    assert "free drafts only" in box.informativeText()
    press(box, "begin-drafts")
    again = await task
    assert again is not None
    home = again.environment["TAGLOOM_HOME"]
    assert again.environment["TAGLOOM_DRAFTS_ONLY"] == "1"
    assert again.environment["PATH"] == os.environ["PATH"]
    os.rmdir(home)  # it is there, and empty


async def test_another_folder_or_none_after_all(shell: Shell, tmp_path: Path) -> None:
    task, box = await asked(shell, FULL)
    for chosen in (False, True):
        press(box, "begin-elsewhere")
        await until(lambda: [one for one in shell.window.findChildren(QFileDialog) if one.isVisible()])
        [chooser] = [one for one in shell.window.findChildren(QFileDialog) if one.isVisible()]
        chooser.setDirectory(str(tmp_path))
        chooser.selectFile(str(tmp_path))
        chooser.done(QDialog.DialogCode.Accepted if chosen else QDialog.DialogCode.Rejected)
        await turns()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    again = await task
    assert again is not None
    assert again.environment["TAGLOOM_HOME"] == str(tmp_path)
    assert "TAGLOOM_DRAFTS_ONLY" not in again.environment


@pytest.mark.parametrize("error", [FULL, BadInput("It is none.", advice="Set another.", code="places.home")])
async def test_quit(shell: Shell, error: Fault, capsys: pytest.CaptureFixture[str]) -> None:
    task, box = await asked(shell, error)
    assert (box.findChild(QAbstractButton, "begin-drafts") is not None) == isinstance(error, DiskTrouble)
    button = box.defaultButton()
    assert button.text() == "Quit"
    button.click()
    assert await task is None
    assert error.title in capsys.readouterr().err


async def test_a_mistake_of_ours_is_shown_with_its_report(shell: Shell) -> None:
    task, box = await asked(shell, ValueError("a red shoe"))
    assert box.text() == "Tagloom could not start: something went wrong inside it."
    assert "An error arose in the start: ValueError" in box.detailedText()
    assert "red shoe" not in box.detailedText()
    box.reject()
    assert await task is None


async def test_a_window_that_was_closed_is_asked_nothing(shell: Shell) -> None:
    shell.window.hide()
    assert await cannot_begin(shell, FULL) is None
