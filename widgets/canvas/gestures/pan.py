"""Moving the view by dragging, on the canvas or in the minimap."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize

from app.preferences import declared
from app.preferences.options import Option
from widgets.canvas.gestures.gesture import Modifiers
from widgets.canvas.stage import Stage


class Pan:
    """`clears`: where it was a mere click, nothing is selected any more."""

    def __init__(self, stage: Stage, at: QPointF, *, clears: bool = False) -> None:
        self._stage = stage
        self._last = at
        self._clears = clears
        self.moved = False

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        step = self._last - at
        self.moved = self.moved or not step.isNull()
        self._stage.viewer.pan_by(step.x(), step.y())
        self._last = at

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        if self._clears and not self.moved:
            self._stage.choose_wire(None)
            self._stage.select(())

    def cancel(self) -> None:
        """The view stays where it was moved to: there is nothing to put back."""


class MinimapDrag:
    """In the minimap: pressed on what is seen, that follows the pointer; pressed elsewhere, the view jumps
    there first."""

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        point, seen = self._point(at), stage.viewer.seen()
        self._held = seen.center() - point if seen.contains(point) else QPointF()
        self._look(at)

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        self._look(at)

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self._stage.viewer.refresh_minimap()

    def cancel(self) -> None:
        """The view stays where it was moved to: there is nothing to put back."""

    def _point(self, at: QPointF) -> QPointF:
        viewer = self._stage.viewer
        return viewer.minimap.scene_point(viewer.viewport().size(), at) if viewer.minimap else QPointF()

    def _look(self, at: QPointF) -> None:
        self._stage.viewer.look_at(self._point(at) + self._held)


class MinimapResize:
    """By its upper left corner. `remember` keeps the size, for the next session too."""

    def __init__(
        self, stage: Stage, at: QPointF, remember: Callable[[Option[tuple[int, int]], tuple[int, int]], None]
    ) -> None:
        assert stage.viewer.minimap is not None
        self._stage = stage
        self._from = at
        self._map = stage.viewer.minimap
        self._size = self._map.size
        self._remember = remember

    def move(self, at: QPointF, modifiers: Modifiers) -> None:
        by = self._from - at
        self._show(QSize(self._size.width() + round(by.x()), self._size.height() + round(by.y())))

    def end(self, at: QPointF, modifiers: Modifiers) -> None:
        self.move(at, modifiers)
        if self._map.size != self._size:
            self._remember(declared.MINIMAP_SIZE, (self._map.size.width(), self._map.size.height()))

    def cancel(self) -> None:
        self._show(self._size)

    def _show(self, size: QSize) -> None:
        self._stage.viewer.refresh_minimap()
        self._map.resize(size, self._stage.viewer.viewport().size())
        self._stage.viewer.refresh_minimap()
