from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QPlainTextEdit, QWidget

from app.basics.faults import Fault
from tests.widgets.bench import until
from widgets.dialogs.about_dialog import AboutDialog
from widgets.tasks import Tasks


@pytest.fixture
async def dialog(stage: QWidget) -> AsyncIterator[AboutDialog]:
    faults: list[Fault] = []
    tasks = Tasks(faults.append)
    made = AboutDialog("1.2.3", tasks, stage)
    made.open()
    yield made
    made.close()
    made.deleteLater()
    await tasks.close()
    assert faults == []


async def test_version_and_licences(dialog: AboutDialog) -> None:
    names, text = dialog.findChild(QListWidget), dialog.findChild(QPlainTextEdit)
    assert isinstance(names, QListWidget)
    assert isinstance(text, QPlainTextEdit)
    await until(lambda: names.count() > 10)
    labels = dialog.findChildren(QLabel)
    assert {one.textFormat() for one in labels} == {Qt.TextFormat.PlainText}
    told = "\n".join(one.text() for one in labels)
    assert "Tagloom 1.2.3" in told
    assert "GNU Lesser General Public License, version 3" in told
    assert text.isReadOnly()
    assert "Permission is hereby granted" in text.toPlainText(), "our own comes first"
    row = next(at for at in range(names.count()) if names.item(at).text().lower().startswith("inter"))
    names.setCurrentRow(row)
    assert "SIL OPEN FONT LICENSE" in text.toPlainText()


async def test_closed_while_it_reads(dialog: AboutDialog) -> None:
    dialog.reject()
