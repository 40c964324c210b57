"""The width of a card by its right edge, the size of a frame by its corner."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.document.edits import change_frame, set_width
from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.measure import NARROWEST, WIDEST
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr


class ResizeNode:
    def __init__(self, stage: Stage, id: str, at: QPointF) -> None:
        self._stage = stage
        self._id = id
        self._from = stage.viewer.scene_at(at)
        item = stage.graph.nodes[id].view
        self._wanted = item.wanted
        self._width = item.layout.width

    def _sized(self, at: QPointF) -> float:
        by = self._stage.viewer.scene_at(at).x() - self._from.x()
        return float(round(min(max(self._width + by, NARROWEST), WIDEST)))

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        item = self._stage.graph.item(self._id)
        if item is not None and self._sized(at) != item.layout.width:
            item.show_face(item.face, self._sized(at))

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        width, id = self._sized(at), self._id
        if width == self._width or not self._stage.editor.commit(
            tr("Resize"), lambda document: set_width(document, id, width)
        ):
            self.cancel()

    def cancel(self) -> None:
        item = self._stage.graph.item(self._id)
        if item is not None:
            item.show_face(item.face, self._wanted)


class ResizeFrame:
    """By its lower right corner."""

    LEAST = 88.0

    def __init__(self, stage: Stage, id: str, at: QPointF) -> None:
        self._stage = stage
        self._id = id
        self._from = stage.viewer.scene_at(at)
        self._rect = stage.graph.frames[id].view.rect

    def _sized(self, at: QPointF) -> QRectF:
        by = self._stage.viewer.scene_at(at) - self._from
        width = round(max(self.LEAST, self._rect.width() + by.x()))
        height = round(max(self.LEAST, self._rect.height() + by.y()))
        return QRectF(self._rect.x(), self._rect.y(), width, height)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._stage.graph.frames[self._id].view.place(self._sized(at))

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        rect = self._sized(at)
        shown = (rect.x(), rect.y(), rect.width(), rect.height())
        id = self._id
        if not self._stage.editor.commit(
            tr("Resize frame"), lambda document: change_frame(document, id, rect=shown)
        ):
            self.cancel()

    def cancel(self) -> None:
        if self._id in self._stage.graph.frames:
            self._stage.graph.frames[self._id].view.place(self._rect)
