"""The dialog of keys, driven by keys alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.preferences.ways import GESTURES, PLACES, PRESETS, PRESSES
from tests.widgets.whole import bench as bench
from widgets.dialogs.shortcuts_dialog import ShortcutsDialog
from widgets.parts.gesture_words import fixed_titles, gesture_titles, place_words, press_words, way_words
from widgets.workbench import Workbench

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


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
    assert dialog.said.text() == "Keys and mouse as in Nuke."
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
    assert dialog.ways.press.hasFocus()
    assert not dialog.field.isVisible()
    assert set(gesture_titles()) == set(GESTURES)
    assert set(press_words()) == set(PRESSES)
    assert set(place_words()) == set(PLACES)
    assert all(way_words(way) for ways in PRESETS.values() for texts in ways.values() for way in texts)
    find(dialog, "snap to the grid")
    assert dialog.listed()[0] == "fixed:grid"
    assert dialog.rows["fixed:grid"].text(3) == "stays as it is"
    key(Qt.Key.Key_Return)
    assert dialog.said.text() == "This stays as it is."
    assert [one.isEnabled() for one in (dialog.add, dialog.clear, dialog.reset)] == [False] * 3
    assert {f"fixed:{one}" for one in fixed_titles()} <= set(everything(dialog))


def everything(dialog: ShortcutsDialog) -> list[str]:
    dialog.line.clear()
    return dialog.listed()


def hand(field: QWidget, *points: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    """Presses at the first point, moves over the others, lets go at the last."""
    first, *others = (QPoint(*one) for one in points)
    QTest.mousePress(field, button, NONE, first)
    for point in others:
        send(field, point, button)
    QTest.mouseRelease(field, button, NONE, (others or [first])[-1])


def send(field: QWidget, point: QPoint, button: Qt.MouseButton) -> None:
    at, on_screen = QPointF(point), QPointF(field.mapToGlobal(point))
    kind, nothing = QEvent.Type.MouseMove, Qt.MouseButton.NoButton
    QApplication.sendEvent(field, QMouseEvent(kind, at, on_screen, nothing, button, NONE))


async def test_a_gesture_is_shown_how_with_the_mouse(
    bench: Workbench, dialog: ShortcutsDialog, tagloom_home: Path
) -> None:
    find(dialog, "cut links")
    field, ways = dialog.ways.field, bench.hotkeys.mousemap
    before = ways.resolved().keys["cut-links"]
    field.setFocus()
    QTest.keyPress(field, Qt.Key.Key_Space)
    hand(field, (40, 20), (60, 30), button=Qt.MouseButton.RightButton)
    QTest.keyRelease(field, Qt.Key.Key_Space)
    assert dialog.said.text() == "Space + right drag: “Use this” takes it."
    assert bench.hotkeys.mousemap is ways, "not before it is wanted"
    QTest.mouseClick(dialog.ways.use, LEFT)
    resolved = bench.hotkeys.mousemap.resolved()
    assert resolved.keys["cut-links"] == ("Space+right-drag",)
    assert dialog.rows["mouse:cut-links"].text(2) == "Space + right drag"
    assert dialog.rows["mouse:cut-links"].text(3) == "changed"
    assert kept_ways(bench, tagloom_home) == {"cut-links": ["Space+right-drag"]}
    hand(field, (40, 20), button=Qt.MouseButton.RightButton)
    assert dialog.said.text() == "Cut links cannot begin with “Right click”."
    QTest.mouseClick(dialog.reset, LEFT)
    assert bench.hotkeys.mousemap.resolved().keys["cut-links"] == before
    assert kept_ways(bench, tagloom_home) == {}


async def test_a_click_is_told_from_a_double_click(bench: Workbench, dialog: ShortcutsDialog) -> None:
    find(dialog, "show the selection")
    field = dialog.ways.field
    told: list[str] = []
    field.done.connect(told.append)
    hand(field, (40, 20))
    assert told == []
    QTest.qWait(QApplication.styleHints().mouseDoubleClickInterval() + 50)
    assert told == ["left-click"]
    QTest.mouseClick(field, LEFT, NONE, QPoint(40, 20))
    QTest.mouseDClick(field, LEFT, NONE, QPoint(40, 20))
    QTest.mouseRelease(field, LEFT, NONE, QPoint(40, 20))
    QTest.qWait(QApplication.styleHints().mouseDoubleClickInterval() + 50)
    assert told == ["left-click", "double-click"]


async def test_a_gesture_is_changed_by_keys_alone_and_who_loses_is_told(
    bench: Workbench, dialog: ShortcutsDialog
) -> None:
    find(dialog, "duplicate by")
    assert dialog.gesture() == "duplicate-drag"
    key(Qt.Key.Key_Return)
    editor = dialog.ways
    for name, box in editor.modifiers.items():
        if box.isChecked() != (name == "Shift"):
            box.setFocus()
            key(Qt.Key.Key_Space)
    editor.use.setFocus()
    key(Qt.Key.Key_Space)
    assert dialog.said.text() == (
        "Add to the selection, and move has lost “Shift + left drag on a node or frame”."
    )
    find(dialog, "add to the selection")
    row = dialog.rows["mouse:select-add"]
    assert row.text(2) == ""
    assert row.text(3) == "taken by Duplicate by dragging"
    editor.modifiers["Meta"].setChecked(True)
    dialog.add.setFocus()
    key(Qt.Key.Key_Space)
    assert bench.hotkeys.mousemap.resolved().keys["select-add"] == ("Meta+left-drag on thing",)
    dialog.table.setFocus()
    key(Qt.Key.Key_Delete)
    assert dialog.said.text() == "Add to the selection, and move: no way of the mouse begins it now."
    QTest.mouseClick(dialog.reset_all, LEFT)
    assert not bench.hotkeys.changed_by_hand
    assert not dialog.reset_all.isEnabled()


def kept_ways(bench: Workbench, home: Path) -> object:
    """What stands in the settings file."""
    bench.studio.options.settle()
    (found,) = [text for one in home.rglob("*.json") if "canvas-mouse" in (text := one.read_text())]
    return json.loads(found)["canvas-mouse"]


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
