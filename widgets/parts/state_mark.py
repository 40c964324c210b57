"""Well, worth knowing, wrong: told apart by shape, and by colour only besides."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap, QPolygonF

from widgets.theme import Theme

SIDE = 18


class State(StrEnum):
    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


_ROLE = {State.GOOD: "good", State.NOTE: "warning", State.BAD: "error"}


def mark(state: State, theme: Theme, ratio: float = 1.0) -> QIcon:
    """A tick in a circle, a bar in a triangle, a cross in a square. `ratio`: px of the screen for one."""
    picture = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour(_ROLE[state]), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _draw(painter, state)
    painter.end()
    return QIcon(picture)


def _draw(painter: QPainter, state: State) -> None:
    if state is State.GOOD:
        painter.drawEllipse(QRectF(2, 2, 14, 14))
        painter.drawPolyline(QPolygonF([QPointF(5.6, 9.2), QPointF(8, 11.6), QPointF(12.4, 6.6)]))
    elif state is State.NOTE:
        painter.drawPolygon(QPolygonF([QPointF(9, 2), QPointF(16.5, 15.5), QPointF(1.5, 15.5)]))
        painter.drawLine(QPointF(9, 7), QPointF(9, 10.5))
        painter.drawPoint(QPointF(9, 13))
    else:
        painter.drawRect(QRectF(2, 2, 14, 14))
        painter.drawLine(QPointF(6, 6), QPointF(12, 12))
        painter.drawLine(QPointF(12, 6), QPointF(6, 12))
