"""What hands do with links, by real mouse events: one step each, and none where it is cancelled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

from app.document.file_reader import read_text
from app.document.file_writer import write_text
from tests.widgets.canvas.steps import ALT, CTRL, EMPTY, SHIFT, no_step, one_step, place
from tests.widgets.canvas.world import Canvas, canvas, example
from widgets.canvas.plugs import Wire

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def wire(made: Canvas, source: str, target: str) -> Wire:
    return next(
        one for (a, b), one in made.view.stage.graph.wires.items() if a.node == source and b.node == target
    )


def on_wire(made: Canvas, source: str, target: str, part: float = 0.5) -> QPoint:
    at = wire(made, source, target).path().pointAtPercent(part)
    return made.at(at.x(), at.y())


def references(made: Canvas) -> list[tuple[str, str]]:
    return [(one.source.node, one.tag) for one in made.document.links.into("hero", "reference_images")]


@pytest.fixture
def roomy(qapp: QApplication) -> Iterator[Canvas]:
    """The example with Save Image far to the right, so that its link can be reached in many places."""
    with canvas(qapp, example(), size=(1600, 900)) as made:
        made.view.handling.operations.add("preview", QPointF(860, 520))
        made.view.select(())
        yield made


# --- cutting ---


STROKE = ((315, 185), (315, 600))
"""Across the links of the three photographs."""


@pytest.mark.parametrize(("button", "held"), [(RIGHT, CTRL), (LEFT, ALT | SHIFT)])
def test_a_stroke_cuts_the_links_that_it_crosses(
    shown: Canvas, button: Qt.MouseButton, held: Qt.KeyboardModifier
) -> None:
    start, end = (shown.at(*point) for point in STROKE)
    with one_step(shown, "Cut 3 links"):
        shown.drag(start, end, button, held, let_go=False)
        assert shown.view.viewer.overlay.stroke is not None
        shown.release(end, button, held)
    assert references(shown) == []
    assert shown.view.viewer.overlay.stroke is None
    assert len(shown.document.links) == 2


def test_a_stroke_over_one_link_or_over_none(shown: Canvas) -> None:
    at = on_wire(shown, "hero", "save")
    with one_step(shown, "Cut 1 link"):
        shown.drag(at - QPoint(0, 40), at + QPoint(0, 40), RIGHT, CTRL)
    assert not shown.document.links.into("save")
    with no_step(shown):
        shown.drag(at - QPoint(0, 40), at + QPoint(0, 40), RIGHT, CTRL)


def test_escape_puts_the_knife_away(shown: Canvas) -> None:
    start, end = (shown.at(*point) for point in STROKE)
    pens = {ends: one.pen() for ends, one in shown.view.stage.graph.wires.items()}
    with no_step(shown):
        shown.drag(start, end, RIGHT, CTRL, let_go=False)
        assert sum(one.pen() != pens[ends] for ends, one in shown.view.stage.graph.wires.items()) == 3
        shown.key(Qt.Key.Key_Escape)
        shown.release(end, RIGHT, CTRL)
    assert {ends: one.pen() for ends, one in shown.view.stage.graph.wires.items()} == pens
    assert shown.view.viewer.overlay.stroke is None


def test_a_cut_from_far_away(shown: Canvas) -> None:
    shown.view.zoom_to(0.15)
    with one_step(shown, "Cut 3 links"):
        shown.drag(shown.at(345, 140), shown.at(345, 640), RIGHT, CTRL)


def test_the_menu_stays_shut_where_the_right_button_cuts(shown: Canvas) -> None:
    opened: list[str] = []
    shown.view.tell.menu_requested.connect(lambda id, at: opened.append(id))

    def ask(at: QPoint) -> None:
        glob = shown.viewport.mapToGlobal(at)
        QApplication.sendEvent(shown.viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, glob))

    at = shown.at(*EMPTY)
    shown.press(at, RIGHT, CTRL)
    ask(at)
    shown.release(at, RIGHT, CTRL)
    ask(at)
    assert opened == []
    shown.press(at, RIGHT)
    ask(at)
    shown.release(at, RIGHT)
    assert opened == [""]


# --- re-route dots ---


def test_a_double_click_on_a_link_makes_a_dot(shown: Canvas) -> None:
    at = on_wire(shown, "shoe", "hero")
    with one_step(shown, "Re-route dot"):
        shown.double(at)
    (dot,) = shown.view.selected()
    assert references(shown) == [(dot, "sneaker"), ("ana", "model"), ("wall", "studio")]
    assert [one.source.node for one in shown.document.links.into(dot)] == ["shoe"]
    middle = shown.view.rect_of(dot).center()
    assert (shown.at(middle.x(), middle.y()) - at).manhattanLength() <= 2
    item = shown.view.stage.graph.item("shoe")
    assert item is not None
    assert item.face.tags == (("sneaker", 0),)


def test_a_dot_is_pulled_from_a_link_dragged_and_deleted(shown: Canvas) -> None:
    before = shown.document.links
    at = on_wire(shown, "shoe", "hero")
    with one_step(shown, "Re-route dot"):
        shown.drag(at, at + QPoint(0, -60), RIGHT, SHIFT)
    (dot,) = shown.view.selected()
    x, y = place(shown, dot)
    with one_step(shown, "Move"):
        shown.drag(at + QPoint(0, -60), at + QPoint(10, -80))
    assert place(shown, dot) == (x + 10, y - 20)
    with one_step(shown, "Delete"):
        shown.key(Qt.Key.Key_Delete)
    assert dot not in shown.document.nodes
    assert shown.document.links == before


def test_escape_leaves_no_dot(shown: Canvas) -> None:
    at = on_wire(shown, "shoe", "hero")
    with no_step(shown):
        shown.drag(at, at + QPoint(0, -60), RIGHT, SHIFT, let_go=False)
        assert shown.view.viewer.overlay.wire is not None
        shown.key(Qt.Key.Key_Escape)
        shown.release(at + QPoint(0, -60), RIGHT, SHIFT)
    assert shown.view.viewer.overlay.wire is None


def test_links_split_at_a_dot_and_it_has_the_colour_of_what_comes_through(roomy: Canvas) -> None:
    roomy.double(on_wire(roomy, "hero", "save"))
    (dot,) = roomy.view.selected()
    with one_step(roomy, "Link"):
        roomy.drag(roomy.plug(dot, "out"), roomy.plug("preview", "image"))
    assert {one.target.node for one in roomy.document.links.out_of(dot)} == {"save", "preview"}
    item = roomy.view.stage.graph.item(dot)
    assert item is not None
    assert [plug.type for plug in (*item.plugs_in, *item.plugs_out)] == ["image", "image"]
    roomy.view.select(())
    with one_step(roomy, "Unlink"):
        roomy.drag(roomy.plug("preview", "image"), roomy.at(760, 560))
    with one_step(roomy, "Cut 1 link"):
        middle = on_wire(roomy, "hero", dot)
        roomy.drag(middle - QPoint(0, 30), middle + QPoint(0, 30), RIGHT, CTRL)
    assert item.plugs_out[0].type == "image"  # what is wanted below


def test_a_dot_lives_in_the_file_and_is_copied(shown: Canvas) -> None:
    shown.double(on_wire(shown, "shoe", "hero"))
    (dot,) = shown.view.selected()
    assert read_text(write_text(shown.document)).document == shown.document
    shown.view.select(("shoe", dot))
    shown.key(Qt.Key.Key_C, CTRL)
    with one_step(shown, "Paste"):
        shown.key(Qt.Key.Key_V, CTRL)
    copies = set(shown.view.selected())
    assert len(copies) == 2
    assert any({one.source.node, one.target.node} == copies for one in shown.document.links)


# --- fork, plug, swap ---


def test_shift_on_a_link_forks_it(roomy: Canvas) -> None:
    at = on_wire(roomy, "hero", "save")
    with one_step(roomy, "Link"):
        roomy.drag(at, roomy.plug("preview", "image"), held=SHIFT)
    assert {one.target.node for one in roomy.document.links.out_of("hero")} == {"save", "preview"}
    with no_step(roomy):
        roomy.drag(at, roomy.at(*EMPTY), held=SHIFT, let_go=False)
        roomy.key(Qt.Key.Key_Escape)
        roomy.release(roomy.at(*EMPTY), held=SHIFT)


def test_a_link_on_a_taken_input_replaces_what_is_there(shown: Canvas) -> None:
    with one_step(shown, "Link"):
        shown.drag(shown.plug("wall", "image"), shown.plug("save", "image"))
    assert [one.source.node for one in shown.document.links.into("save")] == ["wall"]


def test_with_alt_two_links_are_exchanged(roomy: Canvas) -> None:
    with one_step(roomy, "Link"):
        roomy.drag(roomy.plug("wall", "image"), roomy.plug("preview", "image"))
    start, end = roomy.plug("preview", "image"), roomy.plug("save", "image")
    with one_step(roomy, "Swap links"):
        roomy.press(start)
        for part in range(1, 6):
            roomy.move(start + (end - start) * part / 5, held=ALT)
        roomy.release(end, held=ALT)
    assert [one.source.node for one in roomy.document.links.into("save")] == ["wall"]
    assert [one.source.node for one in roomy.document.links.into("preview")] == ["hero"]


def test_the_end_of_a_link_is_taken_up_from_the_line_itself(roomy: Canvas) -> None:
    with one_step(roomy, "Move link"):
        roomy.drag(on_wire(roomy, "hero", "save", 0.85), roomy.plug("preview", "image"))
    assert not roomy.document.links.into("save")
    assert [one.source.node for one in roomy.document.links.into("preview")] == ["hero"]


# --- insert, extract, duplicate ---


def inserting(made: Canvas, source: str, target: str) -> tuple[QPoint, QPoint]:
    """From the preview's title to where its middle lies on a link."""
    rect, start = made.view.rect_of("preview"), made.on("preview")
    middle = on_wire(made, source, target)
    return start, start + (middle - made.at(rect.center().x(), rect.center().y()))


def test_a_card_in_a_reference_keeps_the_tag_and_its_place(roomy: Canvas) -> None:
    start, end = inserting(roomy, "ana", "hero")
    with one_step(roomy, "Insert on link"):
        roomy.drag(start, end, let_go=False)
        assert wire(roomy, "ana", "hero").lit
        roomy.release(end)
    assert references(roomy) == [("shoe", "sneaker"), ("preview", "model"), ("wall", "studio")]


def test_with_alt_a_card_is_not_inserted_and_escape_leaves_the_link_dark(roomy: Canvas) -> None:
    start, end = inserting(roomy, "ana", "hero")
    with no_step(roomy):
        roomy.drag(start, end, let_go=False)
        roomy.key(Qt.Key.Key_Escape)
        roomy.release(end)
    assert not wire(roomy, "ana", "hero").lit
    with one_step(roomy, "Move"):
        roomy.drag(start, end, let_go=False)
        roomy.move(end, held=ALT)
        roomy.release(end, held=ALT)
    assert references(roomy)[1] == ("ana", "model")


def test_a_card_is_pulled_out_of_its_links(roomy: Canvas) -> None:
    start, end = inserting(roomy, "ana", "hero")
    roomy.drag(start, end)
    with one_step(roomy, "Extract"):
        roomy.drag(roomy.on("preview"), roomy.on("preview") + QPoint(0, 300), held=CTRL | SHIFT)
    assert references(roomy) == [("shoe", "sneaker"), ("ana", "model"), ("wall", "studio")]
    assert not roomy.document.links.into("preview")
    roomy.editor.undo()
    roomy.view.select(("preview",))
    with one_step(roomy, "Extract"):
        roomy.view.handling.operations.extract()
    with no_step(roomy):
        roomy.drag(roomy.on("hero"), roomy.on("hero") + QPoint(50, 0), held=CTRL | SHIFT, let_go=False)
        roomy.key(Qt.Key.Key_Escape)
        roomy.release(roomy.on("hero"), held=CTRL | SHIFT)


def test_delete_and_heal(roomy: Canvas) -> None:
    roomy.drag(*inserting(roomy, "ana", "hero"))
    roomy.view.select(("preview",))
    with one_step(roomy, "Delete"):
        roomy.key(Qt.Key.Key_Delete, CTRL)
    assert references(roomy) == [("shoe", "sneaker"), ("ana", "model"), ("wall", "studio")]


def test_copies_that_are_let_go_of_leave_nothing(shown: Canvas) -> None:
    start = shown.on("shoe")
    with no_step(shown):
        shown.drag(start, start + QPoint(200, 100), held=ALT, let_go=False)
        assert shown.view.viewer.overlay.ghosts
        shown.key(Qt.Key.Key_Escape)
        shown.release(start + QPoint(200, 100), held=ALT)
    assert not shown.view.viewer.overlay.ghosts


# --- panning ---


def space(*, down: bool) -> QKeyEvent:
    way = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    return QKeyEvent(way, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")


@pytest.mark.parametrize("way", ["middle", "alt", "space"])
def test_three_ways_to_pan(shown: Canvas, way: str) -> None:
    button = Qt.MouseButton.MiddleButton if way == "middle" else LEFT
    held = ALT if way == "alt" else Qt.KeyboardModifier.NoModifier
    viewer, at = shown.view.viewer, shown.at(*EMPTY)
    before = viewer.scene_at(QPointF(0, 0))
    with no_step(shown):
        if way == "space":
            QApplication.sendEvent(viewer, space(down=True))
        shown.drag(at, at + QPoint(70, -30), button, held)
        if way == "space":
            QApplication.sendEvent(viewer, space(down=False))
    moved = viewer.scene_at(QPointF(0, 0)) - before
    assert (round(moved.x()), round(moved.y())) == (-70, 30)
