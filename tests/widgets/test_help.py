"""Help where one is: F1 by the keyboard, words on every field and button, with the keys of now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QToolTip,
    QWidget,
)

from app.preferences import declared
from tests.widgets.bench import turns, until
from tests.widgets.whole import bench as bench
from widgets.commands import native
from widgets.help import TOPICS
from widgets.inspector.fields import Field
from widgets.parts.inside import inside
from widgets.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("does not support")


def page(bench: Workbench) -> str:
    guide = bench.help.guide
    assert guide is not None
    assert guide.isVisible()
    return guide.shown


async def press_f1(widget: QWidget) -> None:
    widget.window().activateWindow()
    widget.setFocus()
    await turns()
    QTest.keyClick(widget, Qt.Key.Key_F1)
    await turns()


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        (("picture",), "kind-gen4-image"), (("words",), "kind-prompt"),
        (("cup", "person"), "kind-reference-image"),
        (("cup", "picture"), "canvas"), ((), "canvas"),
    ],
)  # fmt: skip
async def test_f1_on_the_canvas_is_about_what_is_selected(
    bench: Workbench, selected: tuple[str, ...], expected: str
) -> None:
    bench.graph.select(selected)
    await press_f1(bench.graph.viewer)
    assert page(bench) == expected


async def test_f1_elsewhere_is_about_what_one_is_in(bench: Workbench) -> None:
    bench.graph.select(("words",))
    await turns()
    editor = bench.inspector.findChild(QPlainTextEdit, "prompt-editor")
    await press_f1(editor)
    assert page(bench) == "tags"
    bench.graph.select(("picture",))
    await turns()
    await press_f1(bench.inspector.findChild(QLineEdit, "reference_tags"))
    assert page(bench) == "tags"
    await press_f1(bench.inspector.findChild(QLineEdit, "seed"))
    assert page(bench) == "kind-gen4-image"
    row = next(one for one in inside(bench.palette) if one.property("guide") == "kind-flux-2-pro")
    await press_f1(row)
    assert page(bench) == "kind-flux-2-pro"


@pytest.mark.parametrize(
    ("command", "expected"),
    [("shortcuts", "canvas"), ("queue", "money"), ("compare-models", "models")],
)
async def test_f1_works_in_dialogs(bench: Workbench, command: str, expected: str) -> None:
    bench.commands.action(command).trigger()
    await turns(0.1)
    dialog = next(one for one in bench.window.findChildren(QDialog) if one.isVisible())
    inner = next(one for one in inside(dialog) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    await press_f1(inner)
    assert page(bench) == expected
    guide = bench.help.guide
    assert guide is not None
    guide.close()
    dialog.reject()
    await turns()


async def test_every_topic_is_a_page(bench: Workbench) -> None:
    ids = {*bench.help.guide_in("en").ids, "node"}
    assert set(TOPICS.values()) <= ids
    assert {one.property("guide") for one in inside(bench.window) if one.property("guide")} <= ids


async def test_a_key_of_ones_own_opens_the_guide_too(bench: Workbench) -> None:
    bench.hotkeys.rebind("guide", ("Ctrl+Alt+H",))
    button = bench.inspector.findChild(QPushButton, "node-help")
    assert button.toolTip() == "Help on this node (Ctrl+Alt+H)"
    bench.graph.viewer.setFocus()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(bench.graph.viewer, Qt.Key.Key_H, held)
    await turns()
    assert page(bench) == "kind-gen4-image" or page(bench) == "canvas"


async def test_the_question_mark_is_about_the_node(bench: Workbench) -> None:
    bench.graph.select(("keep",))
    await turns()
    QTest.mouseClick(bench.inspector.findChild(QPushButton, "node-help"), Qt.MouseButton.LeftButton)
    assert page(bench) == "kind-save-image"


async def test_the_guide_speaks_the_language_of_the_settings(bench: Workbench) -> None:
    bench.help.open("start")
    guide = bench.help.guide
    assert guide is not None
    assert guide.page.toPlainText().startswith("Getting started")
    bench.studio.options.set(declared.LANGUAGE, "zh_CN")
    bench.help.open("start")
    assert guide.page.toPlainText().startswith("快速上手")
    bench.studio.options.set(declared.LANGUAGE, "en")
    bench.help.open("start")
    assert guide.page.toPlainText().startswith("Getting started")


# --- fields ---


async def test_every_field_of_every_kind_explains_itself(bench: Workbench) -> None:
    looked = 0
    for kind in bench.studio.kinds.values():
        id = bench.graph.handling.operations.add(kind.id, bench.graph.viewport_center())
        bench.inspector.show_selection((id,))
        await turns(0.02)
        fields = [one for one in inside(bench.inspector) if isinstance(one, Field)]
        expected = [one for one in kind.parameters if not (kind.id == "prompt" and one.id == "text")]
        assert [one.parameter.id for one in fields] == [one.id for one in expected], kind.id
        for one in fields:
            looked += 1
            assert one.toolTip() == one.parameter.help != ""
            assert one.parameter.title in one.whatsThis()
        for one in inside(bench.inspector):
            if one.objectName() in ("references", "prompt-editor"):
                assert one.whatsThis()
    assert looked > 25


async def test_the_help_of_a_field_is_shown_over_its_editor(bench: Workbench) -> None:
    bench.graph.select(("keep",))
    await turns()
    line = bench.inspector.findChild(QLineEdit, "name")
    at = line.rect().center()
    QApplication.sendEvent(line, QHelpEvent(QEvent.Type.ToolTip, at, line.mapToGlobal(at)))
    assert "{title}" in QToolTip.text()
    QToolTip.hideText()


async def test_shift_f1_explains_what_has_the_keyboard(bench: Workbench) -> None:
    bench.graph.select(("picture",))
    await turns()
    line = bench.inspector.findChild(QLineEdit, "seed")
    bench.window.activateWindow()
    line.setFocus()
    await turns()
    QTest.keyClick(line, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)

    def told() -> QWidget | None:
        return next(
            (one for one in QApplication.topLevelWidgets() if type(one).__name__ == "QWhatsThat"), None
        ) or next((one for one in QApplication.topLevelWidgets() if one.windowType() == POPUP), None)

    await until(lambda: told() is not None)
    shown = told()
    assert shown is not None
    shown.close()


POPUP = Qt.WindowType.Popup


# --- buttons ---


def buttons(bench: Workbench) -> list[QAbstractButton]:
    """All but those that Qt makes itself, where a bar has no room."""
    found = (one for one in inside(bench.window) if isinstance(one, QPushButton | QToolButton))
    return [one for one in found if not one.objectName().startswith("qt_")]


async def test_every_button_of_a_command_says_what_it_does_and_its_key(bench: Workbench) -> None:
    seen: set[str] = set()
    for preset in ("tagloom", "blender", "comfyui", "nuke"):
        bench.hotkeys.choose(preset)
        await turns()
        for button in buttons(bench):
            id = button.property("command")
            if not id:
                continue
            seen.add(id)
            tip = button.toolTip()
            keys = native(bench.commands.keys(id)[:1])
            assert tip.partition(" (")[0], id
            assert (tip.endswith(f"({keys[0]})")) if keys else "(" not in tip, (preset, id, tip)
    assert seen >= {"run", "cancel", "queue", "spending", "keys", "zoom-100", "add", "guide"}


async def test_another_key_is_on_the_button_at_once(bench: Workbench) -> None:
    for id in ("run", "cancel", "queue", "keys", "zoom-100", "add"):
        bench.hotkeys.rebind(id, ("Ctrl+Alt+F9",))
        button = next(one for one in buttons(bench) if one.property("command") == id)
        assert button.toolTip().endswith("(Ctrl+Alt+F9)"), id
        bench.hotkeys.rebind(id, ())
        assert "(" not in button.toolTip(), id


async def test_no_button_is_without_words(bench: Workbench) -> None:
    bench.graph.select(("picture",))
    await turns()
    bare = [
        one.objectName()
        for one in buttons(bench)
        if not one.toolTip() and not any(sign.isalpha() for sign in f"{one.text()}{one.accessibleName()}")
    ]
    assert bare == []
    assert len(buttons(bench)) > 20


async def test_every_command_has_words_and_its_key_in_a_tooltip(bench: Workbench) -> None:
    for command in bench.commands:
        action = bench.commands.action(command.id)
        keys = native(bench.commands.keys(command.id)[:1])
        assert action.toolTip()
        assert action.whatsThis() == action.toolTip()
        assert not keys or action.toolTip().endswith(f"({keys[0]})")


async def test_the_search_says_what_a_kind_is_for(bench: Workbench) -> None:
    search = bench.graph.handling.search
    search.open_at(QPoint(50, 50), list(bench.studio.kinds))
    for id in bench.studio.kinds:
        search.line.setText(id)
        assert len(search.told.text()) > 10
        item = search.list.currentItem()
        assert item.data(Qt.ItemDataRole.AccessibleDescriptionRole) == search.told.text()
    search.close_empty()
