"""The canvas from far away: all cards and links in a handful of calls, so that 5,000 are one quick frame.

What is drawn is kept by card and by link; a change touches only its own. While cards are dragged, the
still ones are kept whole. The minimap is drawn from the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsScene

from widgets.canvas.far_picture import FarPicture
from widgets.canvas.graph import Graph
from widgets.canvas.items import NodeItem
from widgets.canvas.kit import mixed
from widgets.canvas.node_face import block_colour
from widgets.canvas.plugs import Wire

OVERVIEW_BELOW = 0.2

_MANY = 120
_FAINT = 0.6
"""How much of a link's colour is seen on the ground. Without transparency, which is slow."""

Blocks = dict[int, list[QRectF]]
"""Colour → the cards of that colour."""
Lines = dict[int, list[QLineF]]
"""Colour → the links of that colour, straight."""


class Carried:
    """Cards that are dragged together, and their links, where they lay at first: nothing is done for each of
    them at a step. Only links that lead out of them are drawn anew."""

    def __init__(self, items: Collection[NodeItem]) -> None:
        self._first = next(iter(items))
        self._from = QPointF(self._first.pos())
        self.rects = [item.layout.body.translated(item.pos()) for item in items]
        wires = {wire for item in items for wire in item.wires()}
        inner = {wire for wire in wires if wire.source.node in items and wire.target.node in items}
        self.lines = _lines_of(inner)
        self._out = [
            (wire.rgba, QPointF(wire.line.p1()), QPointF(wire.line.p2()), wire.source.node in items)
            for wire in wires - inner
        ]

    def by(self) -> QPointF:
        """How far they have come."""
        return QPointF(self._first.pos() - self._from)

    def lines_out(self, by: QPointF) -> Lines:
        lines: Lines = {}
        for rgba, source, target, source_moves in self._out:
            line = QLineF(source + by, target) if source_moves else QLineF(source, target + by)
            lines.setdefault(rgba, []).append(line)
        return lines


class Overview:
    """`version` counts what has changed, for whoever keeps a picture of it. `moving` is True while the camera
    is under way; `rest` ends it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, tuple[int, QRectF]] = {}
        self._blocks: Blocks | None = None
        self._lines: Lines | None = None
        self._moving: frozenset[NodeItem] = frozenset()
        self._carried: Carried | None = None
        self.picture = FarPicture(self._draw_still)
        self.moving = False
        self.version = 0

    def many(self) -> bool:
        """Whether a view of all cards one by one takes longer than a frame."""
        return len(self._graph.cards) > _MANY

    def invalidate(self, ids: Collection[str] | None = None) -> None:
        """These cards and their links have changed; all, by default."""
        self.version += 1
        self._blocks = self._lines = None
        if ids is None:
            self._known.clear()
        for id in ids or ():
            self._known.pop(id, None)

    def recolour(self, ids: Collection[str]) -> None:
        """These are selected, or no longer; places are the same."""
        self.version += 1
        self._blocks = None
        for id in ids:
            self._known.pop(id, None)

    def hold(self, moving: Collection[NodeItem]) -> None:
        """These are being dragged; nobody after the drag."""
        before, self._moving = self._moving, frozenset(moving)
        self._carried = Carried(self._moving) if self._moving else None
        self.invalidate([item.id for item in before | self._moving])

    def blocks(self) -> Blocks:
        """All cards that lie still, by colour."""
        if self._blocks is None:
            self._blocks = {}
            for item in self._graph.present():
                if item not in self._moving:
                    colour, rect = self._block(item)
                    self._blocks.setdefault(colour, []).append(rect)
        return self._blocks

    def _block(self, item: NodeItem) -> tuple[int, QRectF]:
        known = self._known.get(item.id)
        if known is None:
            kit = self._graph.easel.kit
            colour = kit.colour("accent") if item.isSelected() else block_colour(kit, item.face)
            place = item.pos()
            rect = QRectF(place.x(), place.y(), item.layout.width, item.layout.height)
            known = self._known[item.id] = (colour.rgba(), rect)
        return known

    def show(self, painter: QPainter, camera: QTransform, size: QSize) -> None:
        """On a view of that size in px. What lies still is kept as a picture."""
        graph = self._graph
        frames = tuple(frame.rect.getRect() for frame in graph.frame_items())
        look = (self.version, graph.easel.kit, frames)
        indexed = graph.scene().itemIndexMethod() != QGraphicsScene.ItemIndexMethod.NoIndex
        self.picture.show(painter, camera, size, look, moving=self.moving, parts=indexed)
        painter.setWorldTransform(camera)
        self._draw_moving(painter)

    def _draw_still(self, painter: QPainter, part: QRectF | None) -> None:
        """All, or what lies in a part of the scene."""
        kit = self._graph.easel.kit
        painter.save()
        painter.resetTransform()
        painter.fillRect(painter.viewport(), kit.colour("canvas"))
        painter.restore()
        frames = [frame.rect for frame in self._graph.frame_items()]
        if frames:
            painter.setBrush(kit.theme.colour("text", 10))
            painter.setPen(QPen(kit.colour("line_strong"), 0))
            painter.drawRects(frames)
        lines, blocks = (self.lines(), self.blocks()) if part is None else self._within(part)
        self._draw_lines(painter, lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for rgba, rects in blocks.items():
            painter.setBrush(QColor.fromRgba(rgba))
            painter.drawRects(rects)

    def lines(self) -> Lines:
        """All links between cards that lie still, by colour."""
        if self._lines is None:
            self._lines = _lines_of(wire for wire in self._graph.wires.values() if self._lies_still(wire))
        return self._lines

    def _lies_still(self, wire: Wire) -> bool:
        moving = self._moving
        return not moving or (wire.source.node not in moving and wire.target.node not in moving)

    def _within(self, part: QRectF) -> tuple[Lines, Blocks]:
        """Of a part of the scene, in the order in which all are drawn."""
        found = self._graph.scene().items(part, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        some = _lines_of(one for one in found if isinstance(one, Wire) and self._lies_still(one))
        rects: Blocks = {}
        for item in found:
            if isinstance(item, NodeItem) and item not in self._moving:
                colour, rect = self._block(item)
                rects.setdefault(colour, []).append(rect)
        return (
            {rgba: some[rgba] for rgba in self.lines() if rgba in some},
            {rgba: rects[rgba] for rgba in self.blocks() if rgba in rects},
        )

    def carried_lines(self) -> list[QLineF]:
        """Where the links of what is dragged are drawn."""
        carried = self._carried
        if carried is None:
            return []
        by = carried.by()
        still = [line.translated(by) for lines in carried.lines.values() for line in lines]
        return still + [line for lines in carried.lines_out(by).values() for line in lines]

    def _draw_moving(self, painter: QPainter) -> None:
        """As they lay when they were taken up, carried there in one piece."""
        carried = self._carried
        if carried is None:
            return
        by = carried.by()
        self._draw_lines(painter, carried.lines_out(by))
        painter.translate(by)
        self._draw_lines(painter, carried.lines)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._graph.easel.kit.colour("accent"))
        painter.drawRects(carried.rects)
        painter.translate(-by)

    def _draw_lines(self, painter: QPainter, lines: Lines) -> None:
        ground = self._graph.easel.kit.theme.roles.canvas
        for rgba, some in lines.items():
            painter.setPen(QPen(mixed(ground, f"#{rgba & 0xFFFFFF:06x}", _FAINT), 0))
            painter.drawLines(some)


def _lines_of(wires: Iterable[Wire]) -> Lines:
    lines: Lines = {}
    for wire in wires:
        lines.setdefault(wire.rgba, []).append(QLineF(wire.line))
    return lines
