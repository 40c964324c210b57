"""A link across the whole graph, drawn where it is seen: Qt takes a millisecond for thirty thousand units of
curve, though a view shows two thousand of them."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from widgets.canvas.kit import CHOSEN_WIDTH

LONG = 6000.0
"""Canvas units from end to end."""
_PART = 1000.0


class LongCurve(QGraphicsItem):
    """A child of the link's item, in its place. `follow` gives it the curve: one cubic."""

    def __init__(self, link: QGraphicsPathItem) -> None:
        super().__init__(link)
        self._link = link
        self._parts: list[tuple[QRectF, QPainterPath]] = []
        self._bounds = QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def follow(self, curve: QPainterPath) -> None:
        self.prepareGeometryChange()
        room = CHOSEN_WIDTH
        self._parts = [
            (part.controlPointRect().adjusted(-room, -room, room, room), part) for part in parted(curve)
        ]
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
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)  # parts meet without a gap
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for bounds, part in self._parts:
            if bounds.intersects(seen):
                painter.drawPath(part)


def parted(curve: QPainterPath) -> list[QPainterPath]:
    """The same cubic as shorter ones, end to end (de Casteljau)."""
    a, b, c, d = (curve.elementAt(at) for at in range(4))
    ax, ay, bx, by, cx, cy, dx, dy = a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y
    count = math.ceil(math.hypot(dx - ax, dy - ay) / _PART)
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
