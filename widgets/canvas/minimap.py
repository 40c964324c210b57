"""The whole graph in a corner of the view, and where one is in it. Painted by the view over its cards:
a widget there would take away Qt's way of panning by copying pixels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.canvas.graph import Graph
from widgets.canvas.kit import mixed
from widgets.canvas.node_face import block_colour

SIZE = QSize(168, 104)
GAP = 14
_AIR = 8.0


class Minimap:
    """Knows its place in the viewport and how scene points lie in it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.shown = True
        self._bounds = QRectF()

    def rect(self, viewport: QSize) -> QRect:
        """Nothing where the view is too small to spare the corner."""
        if not self.shown or not self._graph.nodes or viewport.width() < 3 * SIZE.width():
            return QRect()
        left, top = viewport.width() - SIZE.width() - GAP, viewport.height() - SIZE.height() - GAP
        return QRect(left, top, SIZE.width(), SIZE.height())

    def draw(self, painter: QPainter, viewport: QSize, seen: QRectF) -> None:
        """`seen` is the part of the scene that the view shows."""
        place = self.rect(viewport)
        if place.isEmpty():
            return
        kit = self._graph.easel.kit
        self._bounds = QRectF(seen)
        for item in self._graph.items():
            self._bounds |= item.layout.body.translated(item.pos())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(kit.colour("line"), 1))
        painter.setBrush(kit.colour("window", 240))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.save()
        painter.setClipRect(place.adjusted(2, 2, -2, -2))
        painter.setPen(Qt.PenStyle.NoPen)
        by_colour: dict[int, list[QRectF]] = {}
        for item in self._graph.items():
            colour = kit.colour("accent") if item.isSelected() else block_colour(kit, item.face)
            spot = self._into(place, item.layout.body.translated(item.pos()))
            by_colour.setdefault(colour.rgba(), []).append(spot)
        for rgba, spots in by_colour.items():
            painter.setBrush(mixed(kit.theme.roles.window, f"#{rgba & 0xFFFFFF:06x}", 0.75))
            painter.drawRects(spots)
        painter.setBrush(kit.colour("accent", 22))
        painter.setPen(QPen(kit.colour("accent"), 1))
        painter.drawRoundedRect(self._into(place, seen), 2, 2)
        painter.restore()

    def _scale(self, place: QRect) -> float:
        room = QRectF(place).adjusted(_AIR, _AIR, -_AIR, -_AIR)
        return min(room.width() / max(self._bounds.width(), 1), room.height() / max(self._bounds.height(), 1))

    def _into(self, place: QRect, rect: QRectF) -> QRectF:
        scale = self._scale(place)
        centre, middle = QRectF(place).center(), self._bounds.center()
        left, top = centre.x() + (rect.x() - middle.x()) * scale, centre.y() + (rect.y() - middle.y()) * scale
        return QRectF(left, top, max(rect.width() * scale, 1.5), max(rect.height() * scale, 1.5))

    def scene_point(self, viewport: QSize, at: QPointF) -> QPointF:
        """The point of the scene under a point of the minimap."""
        place = self.rect(viewport)
        offset = (at - QRectF(place).center()) / self._scale(place)
        return QPointF(self._bounds.center() + offset)
