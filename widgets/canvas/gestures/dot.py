"""A re-route dot on a link, put where the pointer lets go."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.document.edits import find_link
from app.document.gestures import Placed, put_dot
from app.document.values import Document, End
from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.measure import DOT
from widgets.canvas.overview import OVERVIEW_BELOW
from widgets.canvas.plugs import Wire
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr


class PullDot:
    """The dot's outline follows the pointer, and the link bends through it."""

    def __init__(self, stage: Stage, wire: Wire, at: QPointF) -> None:
        self._stage = stage
        self._wire = wire
        self._ends = wire.ends
        self._show(at)

    def _show(self, at: QPointF) -> None:
        point = self._stage.viewer.scene_at(at)
        half = DOT / 2
        self._wire.light(True)
        self._stage.overlay.show_bend(
            self._wire.source.scenePos(), point, self._wire.target.scenePos(),
            self._stage.graph.easel.kit.wire(self._wire.kind), self._stage.zoom,
        )  # fmt: skip
        self._stage.overlay.show_ghosts((QRectF(point.x() - half, point.y() - half, DOT, DOT),))
        if self._stage.zoom < OVERVIEW_BELOW:
            self._stage.viewer.viewport().update()

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._show(at)

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        ends = self._ends
        self.cancel()
        make_dot(self._stage, ends, self._stage.viewer.scene_at(at))

    def cancel(self) -> None:
        self._stage.overlay.clear()
        if self._stage.graph.wires.get(self._ends) is self._wire:
            self._wire.light(False)


def make_dot(stage: Stage, ends: tuple[End, End], point: QPointF) -> None:
    """One step; the dot is selected, to be dragged on."""
    link = find_link(stage.document, *ends)
    made: list[Placed] = []
    at = (float(round(point.x() - DOT / 2)), float(round(point.y() - DOT / 2)))

    def dotted(document: Document) -> Document:
        if link is None:
            return document
        made.append(put_dot(document, stage.shapes, link, at))
        return made[-1].document

    stage.choose_wire(None)
    if stage.editor.commit(tr("Re-route dot"), dotted):
        stage.select(made[-1].nodes)
