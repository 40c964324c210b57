"""Every command by its name, with the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from shiboken6 import isValid

from tests.widgets.whole import bench as bench
from widgets.dialogs.command_palette import CommandPalette
from widgets.workbench import Workbench

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
async def palette(bench: Workbench) -> CommandPalette:
    """Opened by its keys, over the canvas."""
    QTest.keyClick(bench.graph.viewer, Qt.Key.Key_P, CTRL_SHIFT)
    QApplication.processEvents()
    assert bench.command_palette.isVisible()
    assert bench.command_palette.line.hasFocus()
    return bench.command_palette


def shown(palette: CommandPalette, id: str) -> str:
    """As a screen reader is told."""
    item = palette.list.item(palette.found().index(id))
    return str(item.data(Qt.ItemDataRole.AccessibleTextRole))


async def test_a_child_of_the_window_with_all_commands(bench: Workbench, palette: CommandPalette) -> None:
    assert palette.parent() is bench.window
    assert not palette.isWindow()
    assert set(palette.found()) == {one.id for one in bench.commands} - {"commands"}
    assert shown(palette, "save") == "Save, Ctrl+S"
    assert bench.window.rect().contains(palette.geometry())


async def test_the_field_it_was_opened_from_may_be_gone_by_then(bench: Workbench) -> None:
    bench.graph.select(("picture",))
    QApplication.processEvents()
    field = bench.window.findChild(QLineEdit, "seed")
    assert field is not None
    field.setFocus()
    bench.command_palette.open()
    bench.graph.select(("words",))  # another panel takes the place of the field's
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not isValid(field)  # type: ignore[no-untyped-call]
    bench.command_palette.close_empty()
    assert bench.command_palette.isHidden()


async def test_typed_walked_and_done(bench: Workbench, palette: CommandPalette) -> None:
    bench.graph.select(("picture",))
    palette.close_empty()
    palette.open()
    QTest.keyClicks(palette.line, "skp")
    assert palette.found()[0] == "skip"
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isHidden()
    assert bench.studio.editor.document.nodes["picture"].skip
    assert bench.graph.viewer.hasFocus()
    palette.open()
    assert palette.found()[0] == "skip", "recent first"
    assert bench.hotkeys.rebind("skip", ("Ctrl+K",)) == ""
    palette.toggle()
    palette.toggle()
    assert shown(palette, "skip") == "Skip, Ctrl+K"


async def test_what_cannot_be_done_says_why(bench: Workbench, palette: CommandPalette) -> None:
    bench.graph.select(())
    palette.close_empty()
    palette.open()
    QTest.keyClicks(palette.line, "rename")
    assert shown(palette, "rename") == "Rename, Select one node first"
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert bench.graph.viewer.hasFocus()


async def test_every_reason_is_said(bench: Workbench, palette: CommandPalette) -> None:
    bench.graph.select(())
    palette.close_empty()
    palette.open()
    cannot = [one for one in bench.commands if not one.when()]
    assert len(cannot) > 10
    assert [one.id for one in cannot if not one.why] == []


async def test_letters_and_an_input_method_are_typed(bench: Workbench, palette: CommandPalette) -> None:
    before = bench.studio.editor.document
    QTest.keyClicks(palette.line, "mlh")
    QTest.keyClick(palette.line, Qt.Key.Key_Tab)
    assert palette.line.text() == "mlh"
    assert palette.line.hasFocus()
    composed = QInputMethodEvent()
    composed.setCommitString("框")
    QApplication.sendEvent(palette.line, composed)
    assert palette.line.text() == "mlh框"
    assert palette.isVisible()
    assert bench.studio.editor.document == before


async def test_a_click_elsewhere_closes_it(bench: Workbench, palette: CommandPalette) -> None:
    bench.graph.viewer.setFocus()
    QApplication.processEvents()
    assert palette.isHidden()
    bench.window.resize(900, 640)
    palette.open()
    bench.window.resize(700, 500)
    QApplication.processEvents()
    assert bench.window.rect().contains(palette.geometry())
