"""The dialog of keys: a key goes in, and is never seen again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from app import compose
from app.basics.faults import Fault
from app.studio.studio import Studio
from widgets.dialogs.keys_dialog import KeysDialog
from widgets.tasks import Tasks

KEY = "key_" + "0123456789abcdef" * 8
PATIENCE = 5.0


@pytest.fixture
async def studio(tagloom_home: Path, request: pytest.FixtureRequest) -> AsyncIterator[Studio]:
    """With a key in its environment where the test is marked so."""
    environment = {
        "TAGLOOM_HOME": str(tagloom_home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **getattr(request, "param", {}),
    }
    made = await compose.build(environment)
    yield made
    await made.close()


with_key = pytest.mark.parametrize("studio", [{"RUNWAYML_API_SECRET": KEY}], indirect=True)


@pytest.fixture
async def dialog(studio: Studio, stage: QWidget) -> AsyncIterator[KeysDialog]:
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    made = KeysDialog(studio, tasks, stage)
    made.show()
    QApplication.processEvents()
    yield made
    await tasks.close()
    made.close()
    assert faults == []


def texts(dialog: KeysDialog) -> str:
    """Everything that could be read, copied, hovered over or heard."""
    told = [one.text() for one in dialog.findChildren(QLabel)]
    for line in dialog.findChildren(QLineEdit):
        told += [line.displayText(), line.placeholderText(), line.text()]
    for one in dialog.findChildren(QWidget):
        told += [one.toolTip(), one.accessibleName(), one.accessibleDescription(), one.windowTitle()]
    return "\n".join(told)


def button(dialog: KeysDialog, text: str) -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


async def until(there: Callable[[], bool]) -> None:
    async def wait() -> None:
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), PATIENCE)


def field(dialog: KeysDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit)
    assert found is not None
    return found


@with_key
async def test_a_key_of_the_environment_is_named_and_not_shown(dialog: KeysDialog) -> None:
    assert "key from the environment" in texts(dialog)
    assert KEY not in texts(dialog)
    assert KEY[-6:] not in texts(dialog)
    assert not button(dialog, "Remove").isEnabled(), "it is not ours to remove"


async def test_without_a_key_there_is_nothing_to_test_or_remove(dialog: KeysDialog) -> None:
    assert "no key: drafts from the sandbox" in texts(dialog)
    assert not button(dialog, "Test").isEnabled()
    assert not button(dialog, "Remove").isEnabled()
    QTest.mouseClick(button(dialog, "Store"), Qt.MouseButton.LeftButton)
    await until(lambda: "Paste a key first." in texts(dialog))


async def test_a_key_that_is_typed_is_hidden_kept_and_gone(dialog: KeysDialog, studio: Studio) -> None:
    line = field(dialog)
    assert line.echoMode() == QLineEdit.EchoMode.Password
    assert line.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    QTest.keyClicks(line, KEY)
    assert KEY not in line.displayText()
    QTest.keyClick(line, Qt.Key.Key_Return)
    await until(lambda: studio.keys.source("runway") is not None)
    await until(lambda: "session" in texts(dialog))
    assert KEY not in texts(dialog)
    assert not line.isUndoAvailable()
    found = studio.keys.get("runway")
    assert found is not None
    assert found.reveal() == KEY
    QTest.mouseClick(button(dialog, "Remove"), Qt.MouseButton.LeftButton)
    await until(lambda: studio.keys.source("runway") is None)
    await until(lambda: "Removed. Pictures are drafts from now on." in texts(dialog))


async def test_a_key_that_is_none_is_refused_without_being_repeated(
    dialog: KeysDialog, studio: Studio
) -> None:
    QTest.keyClicks(field(dialog), "two words of it")
    QTest.mouseClick(button(dialog, "Store"), Qt.MouseButton.LeftButton)
    await until(lambda: any(one.property("role") == "error" for one in dialog.findChildren(QLabel)))
    assert studio.keys.source("runway") is None
    assert "two words of it" not in texts(dialog)
