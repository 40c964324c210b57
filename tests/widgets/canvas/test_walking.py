"""Arrow keys on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.document.values import BLANK
from tests.widgets.canvas.world import Canvas, canvas, example

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_arrows_follow_the_links(shown: Canvas) -> None:
    shown.view.select(("save",))
    shown.key(Qt.Key.Key_Left)
    assert shown.view.selected() == ("hero",)
    shown.key(Qt.Key.Key_Left)
    assert shown.view.selected() == ("words",)
    shown.key(Qt.Key.Key_Left)
    assert shown.view.selected() == ("words",)
    shown.key(Qt.Key.Key_Right)
    shown.key(Qt.Key.Key_Right)
    assert shown.view.selected() == ("save",)
    assert shown.document == example()


def test_up_and_down_go_to_the_neighbour_in_place(shown: Canvas) -> None:
    shown.view.select(("shoe",))
    shown.key(Qt.Key.Key_Down)
    assert shown.view.selected() == ("ana",)
    shown.key(Qt.Key.Key_Down)
    assert shown.view.selected() == ("wall",)
    shown.key(Qt.Key.Key_Down)
    assert shown.view.selected() == ("wall",)
    shown.key(Qt.Key.Key_Up)
    assert shown.view.selected() == ("ana",)


def test_the_first_arrow_selects_what_is_in_the_middle(shown: Canvas) -> None:
    shown.view.select(())
    shown.key(Qt.Key.Key_Down)
    assert len(shown.view.selected()) == 1


def test_the_view_follows(shown: Canvas) -> None:
    shown.view.zoom_to(2.0)
    shown.view.center_on("words")
    shown.view.select(("hero",))
    shown.key(Qt.Key.Key_Right)
    assert shown.view.viewer.seen().contains(shown.view.rect_of("save"))


def test_a_nudge_is_one_step(shown: Canvas) -> None:
    shown.view.select(("hero", "save"))
    for _ in range(3):
        shown.key(Qt.Key.Key_Right, CTRL)
    shown.key(Qt.Key.Key_Up, SHIFT)
    spots = shown.document.layout
    assert (spots["hero"].x, spots["hero"].y) == (413.0, 72.0)
    assert (spots["save"].x, spots["save"].y) == (789.0, 126.0)
    assert len(shown.editor.history) == 1
    shown.editor.undo()
    assert shown.document == example()


def test_where_nothing_is_arrows_do_nothing(qapp: QApplication) -> None:
    with canvas(qapp, BLANK) as empty:
        empty.key(Qt.Key.Key_Left)
        empty.key(Qt.Key.Key_Left, CTRL)
        assert empty.document == BLANK
        assert empty.editor.history == ()
