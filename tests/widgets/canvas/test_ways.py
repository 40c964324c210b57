"""Other ways of the mouse than the default: those of the presets, and a person's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.preferences.keymap import Keymap
from app.preferences.mousemap import Mousemap
from app.preferences.ways import GESTURES
from tests.widgets.canvas.steps import ALT, CTRL, EMPTY, SHIFT, no_step, one_step, place
from tests.widgets.canvas.world import Canvas

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier


def lend(made: Canvas, mousemap: Mousemap) -> None:
    made.view.handling.lend_keys(Keymap(preset=mousemap.preset), mousemap)


def corner(made: Canvas) -> QPointF:
    return made.view.viewer.seen().topLeft()


def wire(made: Canvas, source: str, target: str) -> QPoint:
    """The middle of the first link between two cards."""
    wires = made.view.stage.graph.wires.values()
    found = next(one for one in wires if (one.source.node.id, one.target.node.id) == (source, target))
    return QPoint(made.view.viewer.mapFromScene(found.path().pointAtPercent(0.5)))


def test_everything_that_can_be_bound_begins_something(shown: Canvas) -> None:
    beginning = shown.view.handling.hands._beginning
    for id, gesture in GESTURES.items():
        assert ("drag" in gesture.forms) == (id in beginning.drags), id
        assert ("click" in gesture.forms) == (id in beginning.clicks), id


def test_as_in_comfyui(shown: Canvas) -> None:
    lend(shown, Mousemap(preset="comfyui"))
    start = shown.at(*EMPTY)
    with no_step(shown):
        shown.view.select(("shoe",))
        before = corner(shown)
        shown.drag(start, start + QPoint(80, 40))
        assert corner(shown) - before == QPointF(-80, -40)
        assert shown.view.selected() == ("shoe",), "a drag keeps what is selected"
        shown.click(shown.at(*EMPTY))
        assert shown.view.selected() == (), "a click does not"
        shown.drag(shown.at(-10, -10), shown.at(300, 180), held=CTRL)
        assert shown.view.selected() == ("words",)
        zoom = shown.view.zoom()
        shown.drag(start, start + QPoint(0, -60), held=CTRL | SHIFT)
        assert shown.view.zoom() > zoom * 1.2
    shown.view.zoom_to(1.0)
    with one_step(shown, "Re-route dot"):
        shown.click(wire(shown, "hero", "save"), ALT)


def test_as_in_blender(shown: Canvas) -> None:
    lend(shown, Mousemap(preset="blender"))
    before = place(shown, "hero")
    with one_step(shown, "Extract"):
        shown.drag(shown.on("hero"), shown.on("hero") + QPoint(0, 300), held=ALT)
    assert place(shown, "hero") != before
    assert not [link for link in shown.document.links if "hero" in (link.source.node, link.target.node)]
    with no_step(shown):
        at = corner(shown)
        turn(shown, SHIFT)
        assert corner(shown) - at == QPointF(0, 60)
        turn(shown, CTRL)
        assert corner(shown) - at == QPointF(60, 60)
        assert shown.view.zoom() == 1.0
        turn(shown, NONE)
        assert shown.view.zoom() < 1.0


def turn(made: Canvas, held: Qt.KeyboardModifier) -> None:
    at = QPointF(made.at(*EMPTY))
    event = QWheelEvent(
        at, made.viewport.mapToGlobal(at), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(made.viewport, event)


def test_as_in_nuke(shown: Canvas) -> None:
    lend(shown, Mousemap(preset="nuke"))
    with no_step(shown):
        before = corner(shown)
        shown.drag(shown.on("hero"), shown.on("hero") + QPoint(50, 20), held=ALT)
        assert corner(shown) - before == QPointF(-50, -20)
        shown.drag(shown.on("hero"), shown.on("hero") + QPoint(50, 20), MIDDLE)
        assert corner(shown) - before == QPointF(-100, -40), "a middle drag does not fit"
        QTest.mouseClick(shown.viewport, MIDDLE, NONE, shown.at(*EMPTY))
        assert shown.view.viewer.seen().contains(shown.view.stage.bounds())
        assert corner(shown) != before
        zoom = shown.view.zoom()
        shown.drag(shown.at(*EMPTY), shown.at(*EMPTY) + QPoint(0, 60), MIDDLE, ALT)
        assert shown.view.zoom() < zoom


def test_a_way_of_ones_own_holds_at_once_and_the_old_one_no_more(shown: Canvas) -> None:
    start, end = shown.at(730, 130), shown.at(770, 360)
    lend(shown, Mousemap().rebound("cut-links", ("Shift+middle-drag",)))
    with no_step(shown):
        shown.drag(start, end, RIGHT, CTRL)
    with one_step(shown, "Cut 1 link"):
        shown.drag(start, end, MIDDLE, SHIFT)


def test_escape_ends_what_another_way_began(shown: Canvas) -> None:
    lend(shown, Mousemap().rebound("duplicate-drag", ("right-drag on node",)))
    with no_step(shown):
        shown.drag(shown.on("save"), shown.on("save") + QPoint(0, 200), RIGHT, let_go=False)
        assert shown.view.handling.hands.gesture is not None
        shown.key(Qt.Key.Key_Escape)
        shown.release(shown.on("save") + QPoint(0, 200), RIGHT)
    with one_step(shown, "Duplicate"):
        shown.drag(shown.on("save"), shown.on("save") + QPoint(0, 200), RIGHT)


@pytest.fixture
def menus(shown: Canvas) -> list[str]:
    opened: list[str] = []
    shown.view.menu_requested.connect(lambda id, _: opened.append(id))
    return opened


def ask(made: Canvas, at: QPoint) -> None:
    """What the system sends when the right button goes down."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, made.viewport.mapToGlobal(at))
    QApplication.sendEvent(made.viewport, event)


def test_where_the_right_button_drags_a_click_still_opens_the_menu(shown: Canvas, menus: list[str]) -> None:
    lend(shown, Mousemap().rebound("pan", ("right-drag",)))
    at, before = shown.on("save"), corner(shown)
    shown.press(at, RIGHT)
    ask(shown, at)
    assert menus == []
    shown.release(at, RIGHT)
    assert menus == ["save"]
    shown.drag(at, at + QPoint(60, 0), RIGHT)
    assert menus == ["save"]
    assert corner(shown) - before == QPointF(-60, 0)


def test_the_menu_on_another_button(shown: Canvas, menus: list[str]) -> None:
    lend(shown, Mousemap().rebound("menu", ("Ctrl+middle-click",)))
    at = shown.on("save")
    shown.press(at, RIGHT)
    ask(shown, at)
    shown.release(at, RIGHT)
    assert menus == []
    QTest.mouseClick(shown.viewport, MIDDLE, NONE, at)
    assert menus == []
    QTest.mouseClick(shown.viewport, MIDDLE, CTRL, at)
    assert menus == ["save"]


def test_a_click_of_ones_own_takes_back_what_the_press_began(shown: Canvas) -> None:
    looked: list[str] = []
    shown.view.look_big_requested.connect(looked.append)
    lend(shown, Mousemap().rebound("look-click", ("Ctrl+left-click on node",)))
    with no_step(shown):
        shown.click(shown.on("shoe"), CTRL)
        assert looked == ["shoe"]
        shown.click(shown.on("shoe"))
        shown.double(shown.on("shoe", 60, 80))
        assert looked == ["shoe"], "no longer by a double click"


def test_what_undo_brings_back_is_selected_again(shown: Canvas) -> None:
    shown.view.select(("shoe", "ana"))
    shown.key(Qt.Key.Key_Delete)
    assert shown.view.selected() == ()
    shown.view.select(("save",))
    shown.editor.undo()
    assert shown.view.selected() == ("shoe", "ana")
    shown.view.select(("wall",))
    shown.editor.commit("Title", lambda document: document)
    shown.editor.redo()
    assert "shoe" not in shown.document.nodes
    shown.editor.undo()
    assert shown.view.selected() == ("shoe", "ana")
