"""A selection becomes a template under a name, and is put into any document."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app import compose
from app.basics.faults import Fault
from app.document.values import BLANK, Document
from app.preferences.templates import OwnTemplate
from app.studio.studio import Studio
from widgets.dialogs.banner import Banner
from widgets.dialogs.own_templates import NameDialog, OwnTemplates
from widgets.tasks import Tasks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
async def studio(tagloom_home: Path) -> AsyncIterator[Studio]:
    home = {"TAGLOOM_HOME": str(tagloom_home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    made = await compose.build(home)
    await made.desk.open(await made.desk.first_run_example())
    yield made
    await made.close()


class Room:
    """What the window is told."""

    def __init__(self, studio: Studio, stage: QWidget) -> None:
        self.faults: list[Fault] = []
        self.put: list[tuple[Document, str]] = []
        self.listed: Sequence[OwnTemplate] = ()
        self.tasks = Tasks(self.faults.append)
        self.stage, self.banner = stage, Banner(stage)
        self.own = OwnTemplates(
            studio, self.tasks, self.banner, put=lambda *put: self.put.append(put), show=self.show
        )

    def show(self, templates: Sequence[OwnTemplate]) -> None:
        self.listed = templates

    async def name(self, title: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        """Answers the question for the name by the keyboard."""
        await until(lambda: self.stage.findChild(QLineEdit, "template-title"))
        line = self.stage.findChild(QLineEdit, "template-title")
        assert line is not None
        line.selectAll()
        line.insert(title)
        QTest.keyClick(line, key)


@pytest.fixture
async def room(studio: Studio, stage: QWidget) -> AsyncIterator[Room]:
    made = Room(studio, stage)
    yield made
    await made.tasks.close()


async def until(there: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not there():
            QApplication.processEvents()
            await asyncio.sleep(0.01)


async def test_a_selection_is_named_kept_and_put_into_another_document(room: Room, studio: Studio) -> None:
    nodes = tuple(studio.editor.document.nodes)
    room.own.save(nodes, ())
    await room.name("Café set")
    await until(lambda: room.listed)
    assert [one.title for one in room.listed] == ["Café set"]
    assert studio.editor.history == ()
    studio.desk.new(BLANK)
    room.own.put_in("Café set")
    await until(lambda: room.put)
    part, label = room.put[0]
    assert label == "Put in “Café set”"
    assert len(part.nodes) == len(nodes)
    photographs = [node for node in part.nodes.values() if node.kind == "reference-image"]
    assert len(photographs) == 3
    assert all(studio.desk.resolve(str(node.values["file"])).is_file() for node in photographs)
    assert room.faults == []


async def test_no_name_is_no_template(room: Room, studio: Studio) -> None:
    room.own.save(tuple(studio.editor.document.nodes), ())
    await room.name("x", Qt.Key.Key_Escape)
    await until(lambda: not any(one.isVisible() for one in room.stage.findChildren(NameDialog)))
    room.own.refresh()
    await asyncio.sleep(0.05)
    assert room.listed == ()


async def test_one_is_removed_and_a_bad_one_is_said(room: Room, studio: Studio, tagloom_home: Path) -> None:
    room.own.save(tuple(studio.editor.document.nodes), ())
    await room.name("Gone")
    await until(lambda: room.listed)
    room.own.remove("Gone")
    await until(lambda: not room.listed)
    (tagloom_home / "settings" / "templates" / "bad.tagloom").write_text("[]")
    room.banner.hide()
    room.own.refresh()
    await until(room.banner.isVisible)
    assert "bad.tagloom" in room.banner.accessibleName()
    assert room.faults == []


async def test_one_that_is_gone_is_a_fault(room: Room) -> None:
    room.own.put_in("nobody")
    await until(lambda: room.faults)
    assert room.put == []
