"""The canvas from far away: all cards and links in a handful of calls, so that 5,000 are one quick frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.canvas.graph import Graph
from widgets.canvas.items import NodeItem
from widgets.canvas.node_face import block_colour
from widgets.canvas.plugs import Wire

OVERVIEW_BELOW = 0.2


@dataclass(slots=True)
class Rows:
    """What is drawn in one call each, by colour."""

    blocks: dict[int, list[QRectF]] = field(default_factory=dict)
    lines: dict[int, list[QLineF]] = field(default_factory=dict)
    frames: list[QRectF] = field(default_factory=list)


class Overview:
    """Keeps its rows until something changes; while cards are dragged, the still ones are kept."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._still: Rows | None = None
        self._moving: frozenset[NodeItem] = frozenset()

    def invalidate(self) -> None:
        self._still = None

    def hold(self, moving: Collection[NodeItem]) -> None:
        """These are being dragged; nobody after the drag."""
        self._moving = frozenset(moving)
        self._still = None

    def draw(self, painter: QPainter) -> None:
        """In scene coordinates."""
        if self._still is None:
            wires = [wire for wire in self._graph.wires.values() if not self._moves(wire)]
            still = (item for item in self._graph.items() if item not in self._moving)
            self._still = self._rows(still, wires)
            self._still.frames = [frame.rect for frame in self._graph.frame_items()]
        passing = [wire for wire in self._graph.wires.values() if self._moves(wire)] if self._moving else []
        self._paint(painter, (self._still, self._rows(self._moving, passing)))

    def _moves(self, wire: Wire) -> bool:
        return wire.source.node in self._moving or wire.target.node in self._moving

    def _rows(self, items: Iterable[NodeItem], wires: Iterable[Wire]) -> Rows:
        rows = Rows()
        kit = self._graph.easel.kit
        chosen = kit.colour("accent").rgba()
        for item in items:
            colour = chosen if item.isSelected() else block_colour(kit, item.face).rgba()
            rows.blocks.setdefault(colour, []).append(item.layout.body.translated(item.pos()))
        for wire in wires:
            rows.lines.setdefault(kit.wire(wire.kind).rgba(), []).append(wire.line())
        return rows

    def _paint(self, painter: QPainter, all_rows: tuple[Rows, ...]) -> None:
        kit = self._graph.easel.kit
        painter.setBrush(kit.theme.colour("text", 10))
        painter.setPen(QPen(kit.colour("line_strong"), 0))
        for rows in all_rows:
            painter.drawRects(rows.frames) if rows.frames else None
        for rows in all_rows:
            for rgba, lines in rows.lines.items():
                painter.setPen(QPen(_faint(rgba), 0))
                painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        for rows in all_rows:
            for rgba, blocks in rows.blocks.items():
                painter.setBrush(QColor.fromRgba(rgba))
                painter.drawRects(blocks)


def _faint(rgba: int) -> QColor:
    colour = QColor.fromRgba(rgba)
    colour.setAlpha(150)
    return colour
