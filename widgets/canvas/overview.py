"""The canvas from far away: all cards and links in a handful of calls, so that 5,000 are one quick frame.

What is drawn is kept by card and by link; a change touches only its own. While cards are dragged, the
still ones are kept whole. The minimap is drawn from the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.document.values import End
from widgets.canvas.graph import Graph
from widgets.canvas.items import NodeItem
from widgets.canvas.node_face import block_colour
from widgets.canvas.plugs import Wire

OVERVIEW_BELOW = 0.2

Blocks = dict[int, list[QRectF]]
"""Colour → the cards of that colour."""


class Overview:
    """`version` counts what has changed, for whoever keeps a picture of it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, tuple[int, QRectF]] = {}
        self._blocks: Blocks | None = None
        self._lines: dict[int, list[QLineF]] | None = None
        self._moving: frozenset[NodeItem] = frozenset()
        self.version = 0

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

    def draw(self, painter: QPainter) -> None:
        """In scene coordinates."""
        kit = self._graph.easel.kit
        frames = [frame.rect for frame in self._graph.frame_items()]
        if frames:
            painter.setBrush(kit.theme.colour("text", 10))
            painter.setPen(QPen(kit.colour("line_strong"), 0))
            painter.drawRects(frames)
        for rgba, lines in self._all_lines():
            painter.setPen(QPen(_faint(rgba), 0))
            painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for rgba, rects in self.blocks().items():
            painter.setBrush(QColor.fromRgba(rgba))
            painter.drawRects(rects)
        for item in self._moving:
            painter.setBrush(kit.colour("accent"))
            painter.drawRect(item.layout.body.translated(item.pos()))

    def _all_lines(self) -> Iterable[tuple[int, list[QLineF]]]:
        if self._lines is None:
            moving = {item.id for item in self._moving}
            self._lines = self._lines_of(
                ends
                for ends in self._graph.wires
                if ends[0].node not in moving and ends[1].node not in moving
            )
        yield from self._lines.items()
        if self._moving:
            passing = {wire.ends for item in self._moving for wire in _wires(item)}
            yield from self._lines_of(passing).items()

    def _lines_of(self, all_ends: Iterable[tuple[End, End]]) -> dict[int, list[QLineF]]:
        kit = self._graph.easel.kit
        lines: dict[int, list[QLineF]] = {}
        for ends in all_ends:
            wire = self._graph.wires[ends]
            lines.setdefault(kit.wire(wire.kind).rgba(), []).append(wire.line())
        return lines


def _wires(item: NodeItem) -> Iterable[Wire]:
    for plug in (*item.plugs_in, *item.plugs_out):
        yield from plug.connected_pipes


def _faint(rgba: int) -> QColor:
    colour = QColor.fromRgba(rgba)
    colour.setAlpha(150)
    return colour
