"""Zooming by dragging: up or right is nearer, about the point where the button went down."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.stage import Stage

_PER_PX = 1.006
_THRESHOLD = 3.0


class ZoomDrag:
    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._from = self._last = at
        self._point = stage.viewer.scene_at(at)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        if self._last == self._from and (at - self._from).manhattanLength() < _THRESHOLD:
            return
        by = at - self._last
        self._last = at
        self._stage.viewer.zoom_by(_PER_PX ** (by.x() - by.y()), self._from, self._point)

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)

    def cancel(self) -> None:
        """The view stays as it was zoomed: there is nothing to put back."""
