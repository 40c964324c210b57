"""NodeGraphQt's scene with our ground: dots, and a rectangle kept tight around what lies on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from widgets.canvas.backend import NodeScene
from widgets.canvas.easel import Easel
from widgets.canvas.kit import Kit

DOT_STEP = 20.0
"""Dots, and the grid to which cards are moved with Shift."""
MARGIN = 600.0
_ROW = 64
"""Dots painted as one picture."""
_DOT = 2.0
"""Room of a dot around its middle, in px."""
_NEAREST_DOTS = 14.0
"""Dots are thinned out where they would stand nearer than this, in px."""


class CanvasScene(NodeScene):
    """Mouse events never reach it: the viewer's hands decide (`gestures`)."""

    def __init__(self, easel: Easel, parent: object = None) -> None:
        super().__init__(parent)
        self.easel = easel
        self.setBackgroundBrush(easel.kit.colour("canvas"))
        self.only: QRect | None = None
        """The px of the view that are being painted, if not all that are asked for."""
        self._dots: tuple[tuple[float, float, Kit], QPixmap] | None = None

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        kit = self.easel.kit
        if self.only is not None:  # for the cards too: they get the same painter (DontSavePainterState)
            painter.setWorldMatrixEnabled(False)
            painter.setClipRect(self.only)
            painter.setWorldMatrixEnabled(True)
        painter.fillRect(rect, kit.colour("canvas"))
        world = painter.worldTransform()
        zoom = world.m11()
        step = DOT_STEP
        while step * zoom < _NEAREST_DOTS:
            step *= 2
        ratio = painter.device().devicePixelRatioF()
        row = self._row(step * zoom, ratio, min(zoom, 1.0), kit)
        painter.setWorldMatrixEnabled(False)
        for left in range(math.floor(rect.left() / (step * _ROW)), math.ceil(rect.right() / (step * _ROW))):
            x = round((world.dx() + left * step * _ROW * zoom) * ratio) / ratio - _DOT
            for at in range(math.floor(rect.top() / step), math.ceil(rect.bottom() / step) + 1):
                y = round((world.dy() + at * step * zoom) * ratio) / ratio - _DOT
                painter.drawPixmap(QPointF(x, y), row)
        painter.setWorldMatrixEnabled(True)

    def _row(self, across: float, ratio: float, strength: float, kit: Kit) -> QPixmap:
        """`_ROW` dots as a picture, `across` px apart: thousands of dots are slow to draw one by one."""
        wanted = (across, ratio, kit)
        if self._dots is not None and self._dots[0] == wanted:
            return self._dots[1]
        made = QPixmap(math.ceil((across * (_ROW - 1) + 2 * _DOT) * ratio), math.ceil(2 * _DOT * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(kit.colour("dots"))
        radius = max(0.6, 1.1 * strength)
        for at in range(_ROW):
            painter.drawEllipse(QPointF(_DOT + at * across, _DOT), radius, radius)
        painter.end()
        self._dots = (wanted, made)
        return made

    def tighten(self, bounds: QRectF) -> None:
        """Qt's index degrades in a huge rectangle: it follows the cards, in steps."""
        held = self.sceneRect()
        most = (2 * bounds.width() + 8 * MARGIN, 2 * bounds.height() + 8 * MARGIN)
        loose = held.width() > most[0] or held.height() > most[1]
        if loose or not held.contains(bounds):
            self.setSceneRect(bounds.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
