"""A link across the whole graph, drawn where it is seen: Qt takes a millisecond for thirty thousand units of
curve, though a view shows two thousand of them. Most of it is as good as straight, and a line is drawn ten
times as fast as a curve."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.kit import CHOSEN_WIDTH

LONG = 6000.0
"""Canvas units from end to end."""
_PART = 1000.0
_STRAIGHT = 0.02
"""How far, in canvas units, a part may lie from a straight line to be drawn as one."""
_MOST_LINES = 8
"""A part that takes more of them is drawn as a curve."""


class LongCurve(QGraphicsItem):
    """A child of the link's item, in its place. `follow` gives it the curve: one cubic."""

    def __init__(self, link: QGraphicsPathItem) -> None:
        super().__init__(link)
        self._link = link
        self._curve = QPainterPath()
        self._parts: list[Part] | None = None
        self._bounds = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def follow(self, curve: QPainterPath) -> None:
        self.prepareGeometryChange()
        room = CHOSEN_WIDTH
        self._curve, self._parts = QPainterPath(curve), None
        self._bounds = curve.controlPointRect().adjusted(-room, -room, room, room)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        """Nothing: the link's own item is found."""
        return QPainterPath()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        seen = option.exposedRect
        pen = QPen(self._link.pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._parts is None:
            self._parts = [Part(part) for part in parted(self._curve)]
        seen_parts = [part for part in self._parts if part.bounds.intersects(seen)]
        lines = [line for part in seen_parts for line in part.lines()]
        if lines:
            pen.setCapStyle(Qt.PenCapStyle.SquareCap)  # parts meet without a gap
            painter.setPen(pen)
            painter.drawLines(lines)
        curves = [part.curve for part in seen_parts if not part.lines()]
        if curves:
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            for curve in curves:
                painter.drawPath(curve)


class Part:
    """One cubic of a link that was cut."""

    __slots__ = ("_lines", "bounds", "curve")

    def __init__(self, curve: QPainterPath) -> None:
        self.curve = curve
        room = CHOSEN_WIDTH
        self.bounds = curve.controlPointRect().adjusted(-room, -room, room, room)
        self._lines: list[QLineF] | None = None

    def lines(self) -> list[QLineF]:
        """The part as straight lines, end to end; none where it bends too much for them."""
        if self._lines is None:
            self._lines = straightened(self.curve)
        return self._lines


def straightened(part: QPainterPath) -> list[QLineF]:
    """As few lines as nobody can tell from this cubic (Wang's bound, across the way that it goes)."""
    a, b, c, d = (part.elementAt(at) for at in range(4))
    across, down = d.x - a.x, d.y - a.y
    length = math.hypot(across, down)
    along = [((one.x - a.x) * across + (one.y - a.y) * down) for one in (b, c)]
    if not 0.0 <= along[0] <= along[1] <= length**2 or length == 0.0:
        return []  # it turns round
    bends = (
        (one.x - 2 * two.x + three.x) * down - (one.y - 2 * two.y + three.y) * across
        for one, two, three in ((a, b, c), (b, c, d))
    )
    count = max(1, math.ceil(math.sqrt(0.75 * max(map(abs, bends)) / length / _STRAIGHT)))
    if count > _MOST_LINES:
        return []
    points = [
        QPointF(one.elementAt(3).x, one.elementAt(3).y) for one in (parted(part, count) if count > 1 else ())
    ]
    ends = [QPointF(a.x, a.y), *points[:-1], QPointF(d.x, d.y)]
    return [QLineF(one, other) for one, other in pairwise(ends)]


def parted(curve: QPainterPath, count: int = 0) -> list[QPainterPath]:
    """The same cubic as shorter ones, end to end (de Casteljau): so many, or none longer than a part."""
    a, b, c, d = (curve.elementAt(at) for at in range(4))
    ax, ay, bx, by, cx, cy, dx, dy = a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y
    count = count or math.ceil(math.hypot(dx - ax, dy - ay) / _PART)
    parts = []
    for left in range(count, 0, -1):  # cuts the first of what is left off
        t = 1 / left
        abx, aby = ax + (bx - ax) * t, ay + (by - ay) * t
        bcx, bcy = bx + (cx - bx) * t, by + (cy - by) * t
        cx, cy = cx + (dx - cx) * t, cy + (dy - cy) * t
        abcx, abcy = abx + (bcx - abx) * t, aby + (bcy - aby) * t
        bx, by = bcx + (cx - bcx) * t, bcy + (cy - bcy) * t
        ex, ey = abcx + (bx - abcx) * t, abcy + (by - abcy) * t
        part = QPainterPath()
        part.moveTo(ax, ay)
        part.cubicTo(abx, aby, abcx, abcy, ex, ey)
        parts.append(part)
        ax, ay = ex, ey
    return parts
