"""The dialog of keys, driven by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.preferences.presets import GESTURES
from tests.widgets.whole import bench as bench
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.parts.gesture_words import binding_words, gesture_titles
from widgets.workbench import Workbench

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
async def dialog(bench: Workbench) -> ShortcutsDialog:
    bench.commands.action("shortcuts").trigger()
    made = bench.window.findChild(ShortcutsDialog)
    assert made is not None
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    QApplication.processEvents()
    assert made.line.hasFocus()
    return made


def key(key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """To whoever has the keyboard."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, held)


def find(dialog: ShortcutsDialog, words: str) -> None:
    dialog.line.setFocus()
    dialog.line.selectAll()
    QTest.keyClicks(dialog.line, words)
    key(Qt.Key.Key_Down)
    assert dialog.table.hasFocus()


async def test_found_and_given_another_key(bench: Workbench, dialog: ShortcutsDialog) -> None:
    find(dialog, "fit sel")
    assert dialog.chosen() == "fit"
    key(Qt.Key.Key_Return)
    assert dialog.field.hasFocus()
    key(Qt.Key.Key_Control)
    key(Qt.Key.Key_D, CTRL)
    assert dialog.said.text() == "Duplicate has lost Ctrl+D."
    assert bench.commands.keys("fit") == ("Ctrl+D",)
    assert bench.commands.action("duplicate").shortcuts() == []
    assert dialog.rows["fit"].text(2) == "Ctrl+D"
    assert dialog.rows["fit"].text(3) == "changed"
    find(dialog, "duplicate")
    assert dialog.rows["duplicate"].text(3) == "Ctrl+D is taken by Fit selection"
    assert dialog.table.hasFocus()


async def test_one_more_key_none_and_back(bench: Workbench, dialog: ShortcutsDialog) -> None:
    find(dialog, "fit all")
    QTest.keyClick(dialog.add, Qt.Key.Key_Space)
    key(Qt.Key.Key_F6)
    assert bench.commands.keys("fit-all") == ("Home", "F6")
    key(Qt.Key.Key_Delete)
    assert bench.commands.keys("fit-all") == ()
    assert dialog.said.text() == "Fit all has no keys now."
    QTest.keyClick(dialog.reset, Qt.Key.Key_Space)
    assert bench.commands.keys("fit-all") == ("Home",)
    assert not dialog.reset.isEnabled()
    bench.hotkeys.rebind("run", ("F7",))
    QTest.keyClick(dialog.reset_all, Qt.Key.Key_Space)
    assert bench.commands.keys("run") == ("Ctrl+Return", "Ctrl+Enter", "F5")
    assert not dialog.reset_all.isEnabled()


async def test_escape_keeps_the_keys_and_then_closes(bench: Workbench, dialog: ShortcutsDialog) -> None:
    find(dialog, "skip")
    key(Qt.Key.Key_F2)
    key(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.table.hasFocus()
    assert bench.commands.keys("skip") == ("M",)
    key(Qt.Key.Key_Escape)
    assert not dialog.isVisible()


async def test_tab_and_letters_are_taken_but_not_what_hands_need(
    bench: Workbench, dialog: ShortcutsDialog
) -> None:
    find(dialog, "collapse")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Tab)
    assert bench.commands.keys("collapse") == ("Tab",)
    assert dialog.said.text() == "Add has lost Tab."
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Space)
    assert dialog.said.text() == "Space belongs to the canvas itself."
    assert bench.commands.keys("collapse") == ("Tab",)
    find(dialog, "save as")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Q)
    assert dialog.said.text() == "Q is needed for typing: add Ctrl or Alt."


async def test_a_preset_is_chosen_and_a_row_is_clicked(bench: Workbench, dialog: ShortcutsDialog) -> None:
    dialog.preset.setFocus()
    key(Qt.Key.Key_N)  # as in Nuke
    assert bench.hotkeys.keymap.preset == "nuke"
    assert dialog.rows["skip"].text(2) == "D"
    assert dialog.said.text() == "Keys as in Nuke."
    find(dialog, "skip")
    rect = dialog.table.visualItemRect(dialog.rows["skip"])
    QTest.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, NONE, rect.center())
    key(Qt.Key.Key_K, CTRL)
    assert bench.commands.keys("skip") == ("Ctrl+K",)


async def test_keys_and_gestures_are_found_too(bench: Workbench, dialog: ShortcutsDialog) -> None:
    find(dialog, "ctrl+d")
    assert dialog.listed()[0] == "duplicate"
    find(dialog, "cut links")
    assert dialog.listed()[0] == "mouse:cut-links"
    assert dialog.rows["mouse:cut-links"].text(2).startswith("Ctrl + right drag")
    key(Qt.Key.Key_Return)
    assert not dialog.field.hasFocus()
    assert "stay as they are" in dialog.said.text()
    assert set(gesture_titles()) == set(GESTURES)
    assert all(binding_words(one) for bindings in GESTURES.values() for one in bindings)


async def test_every_part_has_a_name(dialog: ShortcutsDialog) -> None:
    reached: list[QWidget] = []
    dialog.line.setFocus()
    while (one := QApplication.focusWidget()) is not None and one not in reached:
        reached.append(one)
        key(Qt.Key.Key_Tab)
    assert {dialog.line, dialog.preset, dialog.table, dialog.add, dialog.clear} <= set(reached)
    for one in (*reached, dialog.field):
        assert one.accessibleName() or getattr(one, "text", str)(), one
    assert dialog.childAt(QPoint(30, 30)) is dialog.line
