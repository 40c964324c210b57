"""NodeGraphQt's scene with our ground: dots, and a rectangle kept tight around what lies on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.canvas.backend import NodeScene
from widgets.canvas.easel import Easel

DOT_STEP = 22.0
MARGIN = 600.0
_NEAREST_DOTS = 14.0
"""Dots are thinned out where they would stand nearer than this, in px."""


class CanvasScene(NodeScene):
    """Mouse events never reach it: the viewer's hands decide (`gestures`)."""

    def __init__(self, easel: Easel, parent: object = None) -> None:
        super().__init__(parent)
        self.easel = easel
        self.setBackgroundBrush(easel.kit.colour("canvas"))

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        kit = self.easel.kit
        painter.fillRect(rect, kit.colour("canvas"))
        zoom = painter.worldTransform().m11()
        step = DOT_STEP
        while step * zoom < _NEAREST_DOTS:
            step *= 2
        left, top = math.floor(rect.left() / step) * step, math.floor(rect.top() / step) * step
        across = range(int((rect.right() - left) / step) + 2)
        down = [top + step * at for at in range(int((rect.bottom() - top) / step) + 2)]
        pen = QPen(kit.colour("dots"), max(1.0, 2.0 * min(zoom, 1.0)) / zoom)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints([QPointF(left + step * at, y) for at in across for y in down])

    def tighten(self, bounds: QRectF) -> None:
        """Qt's index degrades in a huge rectangle: it follows the cards, in steps."""
        held = self.sceneRect()
        most = (2 * bounds.width() + 8 * MARGIN, 2 * bounds.height() + 8 * MARGIN)
        loose = held.width() > most[0] or held.height() > most[1]
        if loose or not held.contains(bounds):
            self.setSceneRect(bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
