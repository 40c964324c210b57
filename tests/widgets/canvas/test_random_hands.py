"""Random hands: after each gesture the document is sound, the canvas mirrors it, and all can be undone."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.document.rules import check
from app.document.values import Document
from tests.widgets.canvas.steps import ALT, CTRL, SHIFT
from tests.widgets.canvas.test_mirror import expected
from tests.widgets.canvas.world import SHAPES, Canvas, canvas, example

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
GESTURES = 60
SOUND = ("link.type", "link.no-node", "link.no-socket", "link.cycle", "link.second", "kind.unknown")
"""What no gesture may make."""


def some_point(chance: random.Random, made: Canvas) -> QPoint:
    """Often a socket, a card or a link, else anywhere."""
    graph = made.view.stage.graph
    items = list(graph.items())
    match chance.randrange(5):
        case 0 | 1 if items:
            item = chance.choice(items)
            plugs = (*item.plugs_in, *item.plugs_out)
            if plugs:
                at = chance.choice(plugs).scenePos()
                return made.at(at.x(), at.y())
        case 2 if items:
            return made.on(chance.choice(items).id, 40, 12)
        case 3 if graph.wires:
            at = chance.choice(list(graph.wires.values())).path().pointAtPercent(chance.random())
            return made.at(at.x(), at.y())
        case _:
            pass
    return QPoint(chance.randrange(20, 1200), chance.randrange(20, 800))


def one_gesture(chance: random.Random, made: Canvas) -> None:
    held = chance.choice([NONE, NONE, NONE, SHIFT, CTRL, ALT, ALT | SHIFT, CTRL | SHIFT])
    start, end = some_point(chance, made), some_point(chance, made)
    match chance.randrange(14):
        case 0:
            made.double(start)
            made.release(start)  # QTest's own ends with the second press
        case 1:
            made.drag(start, end, RIGHT, chance.choice([CTRL, SHIFT, NONE]))
        case 2:
            made.key(
                chance.choice([Qt.Key.Key_Delete, Qt.Key.Key_D, Qt.Key.Key_Z]), chance.choice([NONE, CTRL])
            )
        case 3:
            made.editor.undo()
        case 4:
            made.editor.redo()
        case 5:
            made.view.handling.operations.add(
                chance.choice(["preview", "reroute", "prompt", "gen4-image", "save-image"]),
                QPointF(chance.randrange(0, 1000), chance.randrange(0, 700)),
            )
        case 6:
            made.drag(start, end, LEFT, held, let_go=False)
            made.key(Qt.Key.Key_Escape)
            made.release(end, LEFT, held)
        case _:
            made.drag(start, end, LEFT, held)
    made.view.handling.search.hide()
    made.view.handling.in_place.close()


def assert_sound(made: Canvas) -> None:
    document: Document = made.document
    assert made.view.mirror.described() == expected(document)
    assert made.view.handling.hands.gesture is None
    bad = [problem.title for problem in check(document, SHAPES) if problem.code in SOUND]
    assert bad == []


@pytest.mark.parametrize("seed", range(6))
def test_random_gestures_leave_a_sound_document(qapp: QApplication, seed: int) -> None:
    chance = random.Random(seed)
    with canvas(qapp, example()) as made:
        first = made.document
        for _ in range(GESTURES):
            one_gesture(chance, made)
            assert_sound(made)
        last, steps = made.document, made.editor.position
        assert steps > 5
        made.editor.jump(0)
        assert made.document == first
        assert_sound(made)
        made.editor.jump(steps)
        assert made.document == last
        assert_sound(made)
