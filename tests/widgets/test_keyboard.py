"""Keys of the whole window: every action is there, presses do what the keymap says, and typing is typing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenuBar, QPlainTextEdit, QPushButton

from app.preferences import declared
from app.preferences.presets import PRESETS, TAGLOOM
from tests.widgets.whole import bench as bench
from widgets.parts.hotkeys import Hotkeys
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def press(bench: Workbench, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    bench.graph.viewer.setFocus()
    QApplication.processEvents()
    QTest.keyClick(bench.graph.viewer, key, held)


def in_menus(bench: Workbench) -> dict[str, str]:
    """Action → its words as they stand in a menu, with its keys."""
    (bar,) = bench.top.findChildren(QMenuBar)
    found: dict[str, str] = {}
    waiting = list(bar.actions())
    while waiting:
        action = waiting.pop(0)
        if action.menu() is not None:
            waiting += action.menu().actions()
        elif action.objectName():
            found[action.objectName()] = f"{action.text()} {action.shortcut().toString()}"
    return found


def kept(bench: Workbench, home: Path) -> object:
    """What stands in the settings file."""
    bench.studio.options.settle()
    (found,) = [text for one in home.rglob("*.json") if "canvas-keys" in (text := one.read_text())]
    return json.loads(found)["canvas-keys"]


async def test_every_key_has_its_action_in_a_menu(bench: Workbench) -> None:
    ids = {one.id for one in bench.commands}
    assert set(TAGLOOM) <= ids
    assert ids == set(in_menus(bench))
    assert set(bench.graph.handling.doings) <= ids
    assert [one.id for one in bench.commands if one.keys] == [], "keys stand in the presets"
    for preset in PRESETS:
        bench.hotkeys.choose(preset)
        assert bench.hotkeys.resolved().lost == ()
        for id, keys in bench.hotkeys.resolved().keys.items():
            shortcuts = bench.commands.action(id).shortcuts()
            assert [QKeySequence(key) for key in keys] == shortcuts
            assert all(one.toString() and one.count() == 1 for one in shortcuts)
            assert [bench.hotkeys.refusal(id, key) for key in keys if bench.hotkeys.refusal(id, key)] == []
        doings = bench.graph.handling.doings
        of_canvas = [
            key for id, keys in bench.hotkeys.resolved().keys.items() if id in doings for key in keys
        ]
        walked = bench.graph.handling.walking.keys()
        assert len(bench.graph.handling.hands.keys) == len(of_canvas) + len(walked)
        assert len(of_canvas) > 20


async def test_other_keys_do_it_at_once_and_after_a_restart(bench: Workbench, tagloom_home: Path) -> None:
    nodes = bench.studio.editor
    bench.graph.select(("picture",))
    press(bench, Qt.Key.Key_M)
    assert nodes.document.nodes["picture"].skip
    assert bench.hotkeys.rebind("skip", ("Ctrl+K",)) == ""
    press(bench, Qt.Key.Key_M)
    assert nodes.document.nodes["picture"].skip
    press(bench, Qt.Key.Key_K, CTRL)
    assert not nodes.document.nodes["picture"].skip
    assert in_menus(bench)["skip"] == "&Skip Ctrl+K"
    assert bench.commands.action("skip").toolTip() == "Skip (Ctrl+K)"
    assert kept(bench, tagloom_home) == {"skip": ["Ctrl+K"]}


async def test_a_preset_by_real_keys(bench: Workbench) -> None:
    editor = bench.studio.editor
    bench.hotkeys.choose("blender")
    bench.graph.select(("picture",))
    count = len(editor.document.nodes)
    press(bench, Qt.Key.Key_D, SHIFT)
    assert len(editor.document.nodes) == count + 1
    press(bench, Qt.Key.Key_X)
    assert len(editor.document.nodes) == count
    press(bench, Qt.Key.Key_D, CTRL)
    assert len(editor.document.nodes) == count
    press(bench, Qt.Key.Key_A)
    assert len(bench.graph.selected()) == count
    assert bench.studio.options.get(declared.CANVAS_PRESET) == "blender"


async def test_nothing_fires_while_a_prompt_is_written(bench: Workbench) -> None:
    """Not on the card over the canvas, not with a preset full of single letters."""
    bench.hotkeys.choose("blender")
    (words,) = [id for id, node in bench.studio.editor.document.nodes.items() if node.kind == "prompt"][:1]
    bench.graph.select((words,))
    bench.graph.handling.edit_words(words)
    field = next(one for one in bench.graph.findChildren(QPlainTextEdit) if one.isVisible())
    field.setFocus()
    field.selectAll()
    nodes, frames = dict(bench.studio.editor.document.nodes), bench.studio.editor.document.frames
    QTest.keyClicks(field, "xmlhakfA.")
    QTest.keyClick(field, Qt.Key.Key_X, CTRL)
    QTest.keyClick(field, Qt.Key.Key_J, CTRL)
    QTest.keyClick(field, Qt.Key.Key_Home)
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.toPlainText() == "xmlhakfA."
    now = bench.studio.editor.document
    assert now.nodes.keys() == nodes.keys()
    assert now.frames == frames
    assert now.nodes[words].values["text"] == "xmlhakfA."
    assert {id: node for id, node in now.nodes.items() if id != words} == {
        id: node for id, node in nodes.items() if id != words
    }
    assert bench.graph.selected() == (words,)


async def test_what_a_node_is_made_from_is_selected_without_a_step(bench: Workbench) -> None:
    editor = bench.studio.editor
    links = editor.document.links
    position = editor.position
    bench.graph.select(("picture",))
    press(bench, Qt.Key.Key_BracketLeft, CTRL)
    chosen = set(bench.graph.selected())
    assert chosen >= {"picture", *(link.source.node for link in links.into("picture"))}
    bench.graph.select(("picture",))
    press(bench, Qt.Key.Key_BracketRight, CTRL)
    chosen = set(bench.graph.selected())
    assert chosen >= {"picture", *(link.target.node for link in links.out_of("picture"))}
    assert not chosen & {link.source.node for link in links.into("picture")}
    assert editor.position == position


async def test_stored_keys_that_cannot_be_are_told(bench: Workbench) -> None:
    options = bench.studio.options
    options.set(declared.CANVAS_KEYS, {"fit": ("banana",), "save": ("S",), "skip": ("Ctrl+K",)})
    again = Hotkeys(options, bench.commands, lend=bench.graph.handling.lend_keys, say=bench.say, parent=bench)
    assert again.notes == (
        "The keys of Fit selection could not be read; those of the preset are used.",
        "Save: S is needed for typing: add Ctrl or Alt.",
    )
    assert bench.commands.keys("fit") == ("F",)
    assert bench.commands.keys("save") == ("Ctrl+S",)
    assert bench.commands.keys("skip") == ("Ctrl+K",)


async def test_buttons_show_the_keys_that_hold(bench: Workbench) -> None:
    run = bench.top.findChild(QPushButton, "run")
    search = bench.palette.findChild(QPushButton, "palette-search")
    assert run is not None
    assert search is not None
    assert run.text() == "▶  Run   Ctrl ↵"
    assert run.toolTip() == "Run what is selected, else everything (Ctrl+Return)"
    assert "Tab" in [one.text() for one in search.findChildren(QLabel)]
    bench.hotkeys.choose("blender")
    assert run.text() == "▶  Run   F12"
    assert run.toolTip() == "Run what is selected, else everything (F12)"
    assert "Shift+A" in [one.text() for one in search.findChildren(QLabel)]
    bench.hotkeys.rebind("run", ())
    assert run.text() == "▶  Run"


async def test_a_key_that_cannot_be_given(bench: Workbench) -> None:
    assert bench.hotkeys.rebind("save", ("S",)) == "S is needed for typing: add Ctrl or Alt."
    assert bench.hotkeys.rebind("fit", ("Space",)) == "Space belongs to the canvas itself."
    assert bench.hotkeys.keymap.own == {}
    assert bench.hotkeys.rebind("fit", ("Ctrl+S",)) == "Save has lost Ctrl+S."
