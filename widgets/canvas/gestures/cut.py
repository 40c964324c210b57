"""Cutting links by a stroke across them."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPolygonF

from app.document.gestures import cut
from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.plugs import Wire
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr

_STEP = 3.0
"""Px between two points of the stroke."""


class CutLinks:
    """A red line follows the pointer; every link that it crosses lights up and is gone at the end."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._stroke = [stage.viewer.scene_at(at)]
        self.crossed: dict[Wire, bool] = {}
        """The links, and whether they were lit before."""

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        point = self._stage.viewer.scene_at(at)
        piece = QLineF(self._stroke[-1], point)
        if piece.length() * self._stage.zoom < _STEP:
            return
        self._stroke.append(point)
        for wire in self._near(piece):
            if wire not in self.crossed and _crosses(wire, piece, straight=self._stage.zoom < OVERVIEW_BELOW):
                self.crossed[wire] = wire.lit
                wire.mark()
        self._stage.overlay.show_stroke(QPolygonF(self._stroke), self._stage.zoom)
        if self._stage.zoom < OVERVIEW_BELOW:
            self._stage.viewer.viewport().update()

    def _near(self, piece: QLineF) -> list[Wire]:
        box = QRectF(piece.p1(), piece.p2()).normalized().adjusted(-1, -1, 1, 1)
        if self._stage.zoom < OVERVIEW_BELOW:
            return list(self._stage.graph.wires.values())  # drawn there as straight lines
        return [
            item
            for item in self._stage.viewer.canvas.items(box)
            if isinstance(item, Wire) and item.isVisible()
        ]

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        ends = [wire.ends for wire in self.crossed]
        self.cancel()
        if ends:
            label = tr("Cut 1 link") if len(ends) == 1 else tr("Cut {count} links", count=len(ends))
            self._stage.choose_wire(None)
            self._stage.editor.commit(label, lambda document: cut(document, ends))

    def cancel(self) -> None:
        for wire, lit in self.crossed.items():
            wire.unmark(lit)
        self.crossed.clear()
        self._stage.overlay.clear()
        if self._stage.zoom < OVERVIEW_BELOW:
            self._stage.viewer.viewport().update()


def _crosses(wire: Wire, piece: QLineF, *, straight: bool) -> bool:
    if straight:
        return _meet(wire.line, piece)
    for polygon in wire.path().toSubpathPolygons():
        points = polygon.toList()
        if any(_meet(QLineF(a, b), piece) for a, b in pairwise(points)):
            return True
    return False


def _meet(one: QLineF, other: QLineF) -> bool:
    kind, _ = one.intersects(other)
    return bool(kind == QLineF.IntersectionType.BoundedIntersection)
