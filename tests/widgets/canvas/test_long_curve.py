"""Links across a whole graph: drawn where they are seen, found as any other."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsItem

from app.document.edits import move
from tests.widgets.canvas.world import Canvas
from widgets.canvas.long_curve import LONG, LongCurve, Part, parted, straightened
from widgets.canvas.plugs import Wire, curve

HIDDEN = QGraphicsItem.GraphicsItemFlag.ItemHasNoContents


def at(path: QPainterPath, t: float) -> tuple[float, float]:
    """Of the one cubic that a path is."""
    parts = [path.elementAt(number) for number in range(4)]
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(weight * part.x for weight, part in zip(weights, parts, strict=True)),
        sum(weight * part.y for weight, part in zip(weights, parts, strict=True)),
    )


def test_the_parts_are_the_curve() -> None:
    for source, target in ((QPointF(0, 0), QPointF(5000, 300)), (QPointF(9000, 0), QPointF(0, -700))):
        whole = curve(source, target)
        parts = parted(whole)
        assert len(parts) > 5
        for number, part in enumerate(parts):
            for t in (0.0, 0.3, 0.7, 1.0):
                x, y = at(whole, (number + t) / len(parts))
                near_x, near_y = at(part, t)
                assert abs(near_x - x) + abs(near_y - y) < 1e-6


def wire_to_save(made: Canvas) -> Wire:
    return next(one for ends, one in made.view.stage.graph.wires.items() if ends[1].node == "save")


def in_parts(wire: Wire) -> bool:
    children = [one for one in wire.childItems() if isinstance(one, LongCurve)]
    return bool(wire.flags() & HIDDEN) and any(one.isVisible() for one in children)


def test_a_link_becomes_long_and_short_again(shown: Canvas) -> None:
    assert not in_parts(wire_to_save(shown))
    shown.view.stage.editor.commit("Move", lambda old: move(old, {"save": (410.0 + 2 * LONG, 146.0)}))
    assert in_parts(wire_to_save(shown))
    shown.view.stage.editor.undo()
    assert not in_parts(wire_to_save(shown))


def test_a_long_link_is_seen_in_its_colour_and_found(shown: Canvas) -> None:
    shown.view.stage.editor.commit("Move", lambda old: move(old, {"save": (410.0 + 3 * LONG, 146.0)}))
    wire = wire_to_save(shown)
    middle = wire.path().pointAtPercent(0.5)
    shown.view.zoom_to(1.0)
    shown.view.viewer.look_at(middle)
    shot = shown.view.viewer.viewport().grab().toImage()
    seen = shown.view.viewer.mapFromScene(middle)
    colours = {shot.pixelColor(seen.x() + dx, seen.y() + dy).rgb() for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    assert wire.pen().color().rgb() in colours
    found = shown.view.viewer.canvas.items(QRectF(middle.x() - 3, middle.y() - 3, 6, 6))
    assert wire in found
    wire.light(True)
    lit = shown.view.viewer.viewport().grab().toImage()
    assert lit != shot


def test_lines_and_curves_are_the_whole_link() -> None:
    """Every point of the link lies on one of them, as near as nobody sees."""
    for source, target in ((QPointF(0, 0), QPointF(31_000, 330)), (QPointF(31_000, 0), QPointF(0, -700))):
        whole = curve(source, target)
        curves, lines = lines_in(whole)
        assert len(lines) > 20
        for number in range(2001):
            x, y = at(whole, number / 2000)
            by_line = min(off(line, x, y) for line in lines)
            by_curve = min((nearest(part, x, y) for part in curves), default=1e9)
            assert min(by_line, by_curve) < 0.05, number


def lines_in(whole: QPainterPath) -> tuple[list[QPainterPath], list[QLineF]]:
    parts = [Part(one) for one in parted(whole)]
    return [part.curve for part in parts if not part.lines()], [
        line for part in parts for line in part.lines()
    ]


def off(line: QLineF, x: float, y: float) -> float:
    """How far a point lies from a line that has ends."""
    across, down = line.dx(), line.dy()
    part = ((x - line.x1()) * across + (y - line.y1()) * down) / line.length() ** 2
    near = line.pointAt(min(max(part, 0.0), 1.0))
    return math.hypot(x - near.x(), y - near.y())


def nearest(part: QPainterPath, x: float, y: float) -> float:
    """How far a point lies from a cubic: the best of its points, then between its neighbours."""
    points = [at(part, step / 64) for step in range(65)]
    return min(off(QLineF(*one, *other), x, y) for one, other in pairwise(points))


def test_what_bends_stays_a_curve() -> None:
    bent = curve(QPointF(0, 0), QPointF(7000, 9000))
    curves, lines = lines_in(bent)
    assert len(curves) > 3
    assert sum(line.length() for line in lines) < 9000
    turned = curve(QPointF(7000, 0), QPointF(0, 100))
    assert straightened(parted(turned)[0]) == []


def test_a_link_in_lines_looks_like_one_in_curves(shown: Canvas) -> None:
    shown.view.stage.editor.commit("Move", lambda old: move(old, {"save": (410.0 + 3 * LONG, 146.0)}))
    wire = wire_to_save(shown)
    shown.view.zoom_to(1.0)
    shown.view.viewer.look_at(wire.path().pointAtPercent(0.5))
    by_lines = shown.view.viewer.viewport().grab().toImage()
    (long,) = [one for one in wire.childItems() if isinstance(one, LongCurve)]
    assert long._parts is not None
    for part in long._parts:
        assert part.lines()
        part._lines = []
    by_curves = shown.view.viewer.viewport().grab().toImage()
    pairs = [(x, y) for x in range(0, by_lines.width(), 3) for y in range(by_lines.height())]
    apart = [
        abs(by_lines.pixelColor(x, y).green() - by_curves.pixelColor(x, y).green())
        for x, y in pairs
        if by_lines.pixel(x, y) != by_curves.pixel(x, y)
    ]
    assert max(apart, default=0) < 40
