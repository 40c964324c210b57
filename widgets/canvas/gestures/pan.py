"""Moving the view by dragging, on the canvas or in the minimap."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.stage import Stage


class Pan:
    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._last = at
        self.moved = False

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        step = self._last - at
        self.moved = self.moved or not step.isNull()
        self._stage.viewer.pan_by(step.x(), step.y())
        self._last = at

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)

    def cancel(self) -> None:
        """The view stays where it was moved to: there is nothing to put back."""


class MinimapDrag:
    """The middle of the view follows the pointer in the minimap."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        self._look(at)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._look(at)

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self._stage.viewer.refresh_minimap()

    def cancel(self) -> None:
        """The view stays where it was moved to: there is nothing to put back."""

    def _look(self, at: QPointF) -> None:
        viewer = self._stage.viewer
        if viewer.minimap is not None:
            viewer.look_at(viewer.minimap.scene_point(viewer.viewport().size(), at))
