"""The whole graph in a corner of the view, and where one is in it. Painted by the view over its cards:
a widget there would take away Qt's way of panning by copying pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from widgets.canvas.graph import Graph
from widgets.canvas.kit import Kit, mixed
from widgets.canvas.overview import Overview

LEAST = QSize(110, 70)
GAP = 14
_AIR = 10.0
_GRIP = 16
"""Px of the upper left corner by which it is made larger."""
_PART = 3
"""It takes at most one part in so many of the view, across and down."""


class Minimap:
    """Keeps a picture of the cards until one changes; only the frame of what is seen is drawn anew. `size` is
    the one that was wished for; a small view shows less."""

    def __init__(self, graph: Graph, overview: Overview, size: tuple[int, int]) -> None:
        self._graph = graph
        self._overview = overview
        self.shown = True
        self.size = QSize(*size).expandedTo(LEAST)
        self._now = self.size
        self._bounds = QRectF(0, 0, 1, 1)
        self._cards: QPixmap | None = None
        self._made_for: tuple[int, float, Kit, QSize] | None = None

    def rect(self, viewport: QSize) -> QRect:
        """Nothing where the view is too small to spare the corner."""
        room = viewport / _PART
        if not self.shown or not self._graph.cards or room.width() < LEAST.width():
            return QRect()
        self._now = self.size.boundedTo(room.expandedTo(LEAST))
        left, top = viewport.width() - self._now.width() - GAP, viewport.height() - self._now.height() - GAP
        return QRect(left, top, self._now.width(), self._now.height())

    def resize(self, size: QSize, viewport: QSize) -> None:
        """Within what the view can spare."""
        self.size = size.boundedTo(viewport / _PART).expandedTo(LEAST)

    def on_grip(self, viewport: QSize, at: QPointF) -> bool:
        """Whether a point of the view is the corner by which it is resized."""
        place = self.rect(viewport)
        return QRect(place.topLeft(), QSize(_GRIP, _GRIP)).contains(at.toPoint()) and not place.isEmpty()

    def draw(self, painter: QPainter, viewport: QSize, seen: QRectF) -> None:
        """`seen` is the part of the scene that the view shows."""
        place = self.rect(viewport)
        if place.isEmpty():
            return
        kit = self._graph.easel.kit
        wanted = (self._overview.version, painter.device().devicePixelRatioF(), kit, place.size())
        if wanted != self._made_for or self._cards is None:
            self._made_for = wanted
            self._cards = self._painted(kit, wanted[1])
        painter.drawPixmap(place.topLeft(), self._cards)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(kit.colour("accent", 22))
        painter.setPen(QPen(kit.colour("accent"), 1))
        inside = QRectF(place).adjusted(3.5, 3.5, -3.5, -3.5)
        frame = self._into(QRectF(place), seen).intersected(inside)
        if not frame.isEmpty():
            painter.drawRoundedRect(frame, 2, 2)

    def _painted(self, kit: Kit, ratio: float) -> QPixmap:
        blocks = self._overview.blocks()
        self._bounds = _around(rect for rects in blocks.values() for rect in rects)
        made = QPixmap(math.ceil(self._now.width() * ratio), math.ceil(self._now.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0, 0, self._now.width(), self._now.height())
        painter.setPen(QPen(kit.colour("line"), 1))
        painter.setBrush(kit.colour("window", 240))
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.translate(whole.center())
        scale = self._scale()
        painter.scale(scale, scale)
        painter.translate(-self._bounds.center())
        for rgba, rects in blocks.items():
            painter.setBrush(mixed(kit.theme.roles.window, f"#{rgba & 0xFFFFFF:06x}", 0.75))
            painter.drawRects(rects)
        painter.resetTransform()
        painter.setPen(QPen(kit.colour("line_strong"), 1.2))
        for length in (4, 8):
            painter.drawLine(QPointF(5, 5 + length), QPointF(5 + length, 5))
        painter.end()
        return made

    def _scale(self) -> float:
        room = QRectF(0, 0, self._now.width() - 2 * _AIR, self._now.height() - 2 * _AIR)
        return min(room.width() / max(self._bounds.width(), 1), room.height() / max(self._bounds.height(), 1))

    def _into(self, place: QRectF, rect: QRectF) -> QRectF:
        scale, middle = self._scale(), self._bounds.center()
        corner = place.center() + (rect.topLeft() - middle) * scale
        return QRectF(corner.x(), corner.y(), rect.width() * scale, rect.height() * scale)

    def scene_point(self, viewport: QSize, at: QPointF) -> QPointF:
        """The point of the scene under a point of the minimap."""
        place = QRectF(self.rect(viewport))
        return QPointF(self._bounds.center() + (at - place.center()) / self._scale())


def _around(rects: Iterable[QRectF]) -> QRectF:
    bounds = QRectF()
    for rect in rects:
        bounds |= rect
    return bounds if not bounds.isEmpty() else QRectF(0, 0, 1, 1)
