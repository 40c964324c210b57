"""The canvas from far away: what is kept as a picture is what would be drawn."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage

from app.document.edits import move
from tests.widgets.canvas.world import Canvas
from widgets.canvas.gestures.drag_nodes import DragNodes
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.stage import Stage

NONE = Qt.KeyboardModifier.NoModifier


def far(made: Canvas) -> Stage:
    made.view.zoom_to(OVERVIEW_BELOW / 2)
    made.view.center_on("hero")
    return made.view.stage


def painted(made: Canvas) -> QImage:
    return made.view.viewer.viewport().grab().toImage()


def test_a_picture_that_is_kept_is_the_one_that_is_drawn(shown: Canvas) -> None:
    far(shown)
    first = painted(shown)
    assert painted(shown) == first == painted(shown)
    blank = QImage(first.size(), first.format())
    blank.fill(first.pixelColor(0, 0))
    assert first != blank


def test_a_change_is_seen_at_once(shown: Canvas) -> None:
    far(shown)
    before = [painted(shown) for _ in range(3)][-1]
    shown.view.stage.editor.commit("Move", lambda old: move(old, {"save": (1400.0, 700.0)}))
    moved = painted(shown)
    assert moved != before
    shown.view.stage.editor.undo()
    assert painted(shown) == before
    shown.view.select(["hero"])
    assert painted(shown) != before
    shown.view.select(())
    assert painted(shown) == before


def test_what_is_dragged_moves_over_what_lies_still(shown: Canvas) -> None:
    stage = far(shown)
    shown.view.select(["save"])
    before = [painted(shown) for _ in range(3)][-1]
    at = QPointF(stage.viewer.mapFromScene(shown.view.rect_of("save").center()))
    drag = DragNodes(stage, at, ("save", None))
    seen = []
    for step in range(4):
        drag.move(at + QPointF(12 + 6 * step, 4), NONE)
        seen.append(painted(shown))
    assert all(one != other for one, other in pairwise(seen))
    drag.cancel()
    assert painted(shown) == before


def test_after_a_drag_from_far_away_the_links_end_at_their_cards(shown: Canvas) -> None:
    stage = far(shown)
    shown.view.select(["save"])
    at = QPointF(stage.viewer.mapFromScene(shown.view.rect_of("save").center()))
    drag = DragNodes(stage, at, ("save", None))
    drag.move(at + QPointF(40, 30), NONE)
    drag.end(at + QPointF(40, 30), NONE)
    wire = next(one for ends, one in stage.graph.wires.items() if ends[1].node == "save")
    assert wire.path().currentPosition() == wire.target.scenePos()
    assert shown.view.rect_of("save").left() > 900


def test_a_frame_that_is_moved_is_seen_to_move(shown: Canvas) -> None:
    far(shown)
    before = [painted(shown) for _ in range(3)][-1]
    (frame,) = shown.view.stage.graph.frame_items()
    frame.place(frame.rect.translated(400, 300))
    shown.view.viewer.viewport().update()
    assert painted(shown) != before


def test_what_is_carried_far_away_is_drawn_as_it_will_lie(shown: Canvas) -> None:
    """Some of the dragged cards are linked to each other, some to cards that stay."""
    stage = far(shown)
    items = [item for item in stage.graph.present() if item.wires()]
    chosen = [item.id for item in items[: max(2, len(items) // 2)]]
    shown.view.select(chosen)
    at = QPointF(stage.viewer.mapFromScene(shown.view.rect_of(chosen[0]).center()))
    drag = DragNodes(stage, at, (chosen[0], None), guided=False)
    for step in range(3):
        drag.move(at + QPointF(20 + 10 * step, 12), NONE)
    carried = stage.viewer.overview.carried_lines()
    wires = {wire for id in chosen for wire in stage.graph.cards[id].view.wires()}
    lie = {(wire.source.scenePos().toTuple(), wire.target.scenePos().toTuple()) for wire in wires}
    assert {(line.p1().toTuple(), line.p2().toTuple()) for line in carried} == lie
    drag.end(at + QPointF(40, 12), NONE)
    assert all(wire.line.p1() == wire.source.scenePos() for wire in stage.graph.wires.values())
