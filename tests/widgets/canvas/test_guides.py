"""Guides, the grid, and the view that moves on while something is dragged; by real mouse events."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.values import Document, End, Spot
from tests.widgets.canvas.steps import CTRL, EMPTY, SHIFT, no_step, one_step, place
from tests.widgets.canvas.world import Canvas, canvas, node
from widgets.canvas.gestures.guides import _Axis, _between


def row(*places: tuple[float, float]) -> Document:
    """Notes of one size at these places: a, b, c, ..."""
    ids = "abcdefgh"[: len(places)]
    return Document(
        nodes=MappingProxyType({id: node("preview") for id in ids}),
        layout=MappingProxyType({id: Spot(*at) for id, at in zip(ids, places, strict=True)}),
    )


def test_an_edge_clings_to_an_edge(shown: Canvas) -> None:
    """Hero is dragged to within 6 px of the photographs' left edge; the line goes to the nearest of them."""
    start = shown.on("hero")
    with one_step(shown, "Move"):
        shown.drag(start, start + QPoint(-376, 600), let_go=False)
        guides = shown.view.viewer.overlay.guides
        assert any(line.x1() == line.x2() == 30 for line in guides)
        assert shown.view.rect_of("hero").x() == 30
        upright = next(line for line in guides if line.x1() == line.x2() == 30)
        assert shown.view.rect_of("ana").bottom() < upright.y1() < 506 < 692 < upright.y2()
        items = shown.view.viewer.overlay._guide_items
        assert [item.isVisible() for item in items].count(True) == len(guides)
        shown.release(start + QPoint(-376, 600))
    assert place(shown, "hero")[0] == 30
    assert shown.view.viewer.overlay.guides == ()
    assert not any(item.isVisible() for item in items)


def test_esc_takes_the_guides_away(shown: Canvas) -> None:
    start = shown.on("hero")
    with no_step(shown):
        shown.drag(start, start + QPoint(-376, 600), let_go=False)
        assert shown.view.viewer.overlay.guides
        shown.key(Qt.Key.Key_Escape)
        assert shown.view.viewer.overlay.guides == ()
        shown.release(start + QPoint(-376, 600))


def test_beyond_six_pixels_of_the_screen_nothing_clings(shown: Canvas) -> None:
    start = shown.on("hero")
    shown.drag(start, start + QPoint(-371, 600))
    assert place(shown, "hero")[0] == 39
    shown.editor.undo()
    shown.view.zoom_to(2.0)
    shown.view.center_on("hero")
    start = shown.on("hero")
    shown.drag(start, start + QPoint(26 * 2, 0))
    assert place(shown, "hero")[0] == 436


def test_ctrl_held_moves_freely_and_shift_takes_the_grid(shown: Canvas) -> None:
    start = shown.on("hero")
    end = start + QPoint(-376, 600)
    shown.press(start)
    shown.move(start + QPoint(-100, 100))
    shown.move(end, held=CTRL)
    assert shown.view.rect_of("hero").x() == 34
    shown.move(end, held=SHIFT)
    assert shown.view.rect_of("hero").x() == 40
    assert shown.view.viewer.overlay.guides == ()
    shown.move(end)
    assert shown.view.rect_of("hero").x() == 30
    shown.release(end)


def test_the_same_air_as_between_two_others(qapp: QApplication) -> None:
    """a and b are 80 apart; c comes to 80 behind b, and then into the middle of a and d."""
    with canvas(qapp, row((0, 0), (280, 3), (700, 7))) as made:
        wide = made.view.rect_of("a").width()
        assert wide == 200
        start = made.on("c")
        made.drag(start, start + QPoint(-138, 9), held=Qt.KeyboardModifier.NoModifier, let_go=False)
        assert made.view.rect_of("c").x() == 560
        gaps = [line for line in made.view.viewer.overlay.guides if line.y1() == line.y2()]
        assert sorted(line.length() for line in gaps if line.length() < 100) == [80, 80]
        made.release(start + QPoint(-138, 9))
        assert place(made, "c")[0] == 560


def test_only_cards_that_are_seen_are_clung_to(qapp: QApplication) -> None:
    with canvas(qapp, row((0, 0), (403, 300), (400, 9000))) as made:
        start = made.on("a")
        made.drag(start, start + QPoint(398, 100), let_go=False)
        assert made.view.rect_of("a").x() == 403
        made.release(start + QPoint(398, 100))


@pytest.mark.parametrize("count", [5000])
def test_thousands_of_cards_do_not_slow_it(qapp: QApplication, count: int) -> None:
    """A move looks at what is near: about as many steps for 5,000 cards as for 50."""
    cards = [((at % 71) * 311.0, (at // 71) * 233.0) for at in range(count)]
    axis = _Axis((((x, x + 200), (y, y + 150)) for x, y in cards))
    looked: list[int] = []
    pairs = axis._pairs((622.0, 822.0))
    looked.extend(len(_between(table, own - 6, own + 6)) for own, table in pairs)
    assert sum(looked) <= 3 * (count // 71 + 1)
    assert axis.nearest((625.0, 825.0), (10.0, 160.0), 6.0) == -3.0


# --- the view moves on -----------------------------------------------------------------------


def wait_for_scroll(made: Canvas, before: QPointF) -> QPointF:
    QTest.qWait(250)
    return made.view.viewer.seen().topLeft() - before


def test_the_view_follows_a_card_that_is_dragged_to_its_edge(shown: Canvas) -> None:
    before = shown.view.viewer.seen().topLeft()
    start, edge = shown.on("hero"), QPoint(shown.viewport.width() - 4, 400)
    with one_step(shown, "Move"):
        shown.drag(start, edge, let_go=False)
        moved = wait_for_scroll(shown, before)
        assert moved.x() > 20
        assert moved.y() == 0
        under = shown.view.viewer.scene_at(edge)
        shown.release(edge)
    assert abs(place(shown, "hero")[0] - (under.x() - 60)) <= 7
    rest = shown.view.viewer.seen().topLeft()
    QTest.qWait(100)
    assert shown.view.viewer.seen().topLeft() == rest


def test_further_out_is_faster(shown: Canvas) -> None:
    ways = []
    for x in (shown.viewport.width() - 20, shown.viewport.width() + 30):
        before = shown.view.viewer.seen().topLeft()
        start = shown.at(shown.view.viewport_center().x(), shown.view.viewport_center().y() + 250)
        with no_step(shown):
            shown.press(start)
            shown.move(start + QPoint(40, 5))
            shown.move(QPoint(x, start.y()))
            ways.append(wait_for_scroll(shown, before).x())
            shown.key(Qt.Key.Key_Escape)
            shown.release(QPoint(x, start.y()))
        assert shown.view.viewer.overlay.box is None
    assert 0 < ways[0] * 3 < ways[1]


def test_a_link_takes_the_view_along(shown: Canvas) -> None:
    before = shown.view.viewer.seen().topLeft()
    with no_step(shown):
        shown.drag(shown.plug("hero", "image"), QPoint(600, 3), let_go=False)
        assert wait_for_scroll(shown, before).y() < -20
        wire = shown.view.viewer.overlay.wire
        assert wire is not None
        assert (wire[1] - shown.view.viewer.scene_at(QPoint(600, 3))).manhattanLength() < 1
        shown.key(Qt.Key.Key_Escape)
        shown.release(QPoint(600, 3))


def test_a_press_near_the_edge_does_not_scroll_by_itself(shown: Canvas) -> None:
    at = QPoint(6, 500)
    before = shown.view.viewer.seen().topLeft()
    shown.press(at)
    shown.move(at + QPoint(2, 60))
    assert wait_for_scroll(shown, before) == QPointF()
    shown.release(at + QPoint(2, 60))


# --- arranging -------------------------------------------------------------------------------


def test_tidy_is_one_step_and_keeps_the_order_of_references(shown: Canvas) -> None:
    shown.click(shown.at(*EMPTY))
    with one_step(shown, "Tidy"):
        shown.key(Qt.Key.Key_L, SHIFT)
    minimap = shown.view.viewer.minimap
    assert minimap is not None
    shown.view.grab_image()
    assert minimap._bounds.contains(shown.view.rect_of("save")), "the map shows it where it is"
    layout = shown.document.layout
    assert layout["shoe"].y < layout["ana"].y < layout["wall"].y
    assert layout["words"].x < layout["hero"].x < layout["save"].x
    rects = [shown.view.rect_of(id) for id in shown.document.nodes]
    assert not any(one.intersects(other) for at, one in enumerate(rects) for other in rects[at + 1 :])
    frame = shown.document.frames["refs"].rect
    assert all(shown.view.rect_of(id).x() > frame[0] for id in ("shoe", "ana", "wall"))
    with no_step(shown):
        shown.key(Qt.Key.Key_L, SHIFT)


def test_only_what_is_selected_is_tidied(shown: Canvas) -> None:
    shown.view.select(["hero", "save"])
    before = dict(shown.document.layout)
    with one_step(shown, "Tidy"):
        shown.key(Qt.Key.Key_L, SHIFT)
    assert {id for id, spot in shown.document.layout.items() if spot != before[id]} <= {"hero", "save"}
    ends = [End("hero", "image"), End("save", "image")]
    heights = [shown.view.point_of(end.node, end.socket).y() for end in ends]
    assert abs(heights[0] - heights[1]) <= 1, "the link lies straight"
