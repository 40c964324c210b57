from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton, QWidget

from app.basics.faults import Fault
from app.studio.findings import Finding
from tests.widgets.bench import until
from widgets.dialogs.diagnostics_dialog import DiagnosticsDialog
from widgets.tasks import Tasks
from widgets.theme import DARK

KEY = "key_" + "0123456789abcdef" * 8
WELL = Finding(what="versions", words="Python 3")
NOTE = Finding(what="keyring", words="none", note=True, advice="Use the environment.")
BAD = Finding(what="library", words=f"damaged near {KEY}", well=False, advice="Put a copy back.")


class Looked:
    """What is found, at a pace that the test gives."""

    def __init__(self) -> None:
        self.findings = [WELL, NOTE, BAD]
        self.go = asyncio.Event()
        self.go.set()
        self.times = 0

    async def look(self) -> AsyncIterator[Finding]:
        self.times += 1
        for one in self.findings:
            await self.go.wait()
            yield one


@pytest.fixture
def looked() -> Looked:
    return Looked()


Open = Callable[[], DiagnosticsDialog]


@pytest.fixture
async def open_it(looked: Looked, stage: QWidget) -> AsyncIterator[Open]:
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    made: list[DiagnosticsDialog] = []

    def opened() -> DiagnosticsDialog:
        made.append(DiagnosticsDialog(looked.look, tasks, DARK, stage))
        made[-1].open()
        return made[-1]

    yield opened
    for one in made:
        one.close()
        one.deleteLater()
    await tasks.close()
    assert faults == []


def button(dialog: DiagnosticsDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def rows(dialog: DiagnosticsDialog) -> list[str]:
    found = dialog.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    assert all(not found.item(row).icon().isNull() for row in range(found.count()))
    return [found.item(row).text() for row in range(found.count())]


def verdict(dialog: DiagnosticsDialog) -> str:
    return next(one.text() for one in dialog.findChildren(QLabel) if one.property("role") == "title")


async def test_each_line_has_its_state_in_words_and_by_shape(open_it: Open) -> None:
    dialog = open_it()
    await until(lambda: not dialog.checking)
    assert rows(dialog) == [
        "versions · well\nPython 3",
        "keyring · worth knowing\nnone\nUse the environment.",
        "library · wrong\ndamaged near key_[removed]\nPut a copy back.",
    ]
    assert verdict(dialog) == "1 thing is wrong."
    found = dialog.findChild(QListWidget)
    assert isinstance(found, QListWidget)
    states = [found.item(row).data(Qt.ItemDataRole.UserRole) for row in range(3)]
    assert states == ["good", "note", "bad"]
    images = [found.item(row).icon().pixmap(18).toImage() for row in range(3)]
    assert len({bytes(one.constBits()) for one in images}) == 3


async def test_the_text_for_others_holds_no_key(open_it: Open) -> None:
    dialog = open_it()
    await until(lambda: not dialog.checking)
    QTest.mouseClick(button(dialog, "diagnostics-copy"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert KEY not in copied
    assert copied.splitlines()[0] == "well  versions: Python 3"
    assert "wrong  library: damaged near key_[removed] Put a copy back." in copied


async def test_checked_again(open_it: Open, looked: Looked) -> None:
    dialog = open_it()
    await until(lambda: not dialog.checking)
    looked.findings = [WELL, NOTE]
    looked.go.clear()
    QTest.mouseClick(button(dialog, "diagnostics-again"), Qt.MouseButton.LeftButton)
    assert verdict(dialog) == "Looking…"
    assert not button(dialog, "diagnostics-again").isEnabled()
    looked.go.set()
    await until(lambda: not dialog.checking)
    assert len(rows(dialog)) == 2
    assert verdict(dialog) == "All is well."
    assert looked.times == 2


async def test_closed_while_it_looks(open_it: Open, looked: Looked) -> None:
    looked.go.clear()
    dialog = open_it()
    await asyncio.sleep(0.05)
    dialog.reject()
    QApplication.processEvents()
    await until(lambda: not dialog.checking)
    assert rows(dialog) == []
