"""Near an edge of the view what is dragged takes the view along, the further out the faster."""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QPointF, QTimer

from widgets.canvas.gestures.gesture import Gesture, Modifiers
from widgets.canvas.viewer import Viewer

ZONE = 32.0
"""Px from the edge within which the view begins to move."""
_FASTEST = 1600.0
"""Px a second, reached as far outside as the zone is wide."""
_TICK = 16
_LONGEST = 0.05
"""Seconds that count at most after a pause."""


class EdgeScroll:
    """`aim` at each move of a gesture, `stop` when it is over. A gesture that began near an edge does not
    scroll there until the pointer goes further out, or has been away."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        self._timer = QTimer(viewer, interval=_TICK)
        self._timer.timeout.connect(self._step)
        self._gesture: Gesture | None = None
        self._at = QPointF()
        self._modifiers = Modifiers.NoModifier
        self._began: list[float] | None = None
        self._last = 0.0
        self._rest = QPointF()
        self._gone = QPoint()

    def begin(self, at: QPointF) -> None:
        self.stop()
        self._gone = QPoint()
        self._began = self._depths(at)

    def aim(self, gesture: Gesture, at: QPointF, modifiers: Modifiers) -> None:
        depths = self._depths(at)
        began = self._began if self._began is not None else depths
        self._began = [min(one, depth) for one, depth in zip(began, depths, strict=True)]
        self._gesture, self._at, self._modifiers = gesture, at, modifiers
        if self._speed().isNull():
            self._timer.stop()
        elif not self._timer.isActive():
            self._last = time.monotonic()
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._gesture = self._began = None
        self._rest = QPointF()

    def go_back(self) -> None:
        """To where the view was when the gesture began."""
        self._viewer.pan_by(-self._gone.x(), -self._gone.y())
        self._gone = QPoint()

    def _depths(self, at: QPointF) -> list[float]:
        """How deep the pointer is in the zone of each side: left, top, right, bottom."""
        size = self._viewer.viewport().size()
        inside = (at.x(), at.y(), size.width() - at.x(), size.height() - at.y())
        return [min(max(0.0, ZONE - one), 2 * ZONE) for one in inside]

    def _speed(self) -> QPointF:
        began = self._began or [0.0] * 4
        left, top, right, bottom = (
            ((depth - one) / (2 * ZONE)) ** 2 * _FASTEST
            for depth, one in zip(self._depths(self._at), began, strict=True)
        )
        return QPointF(right - left, bottom - top)

    def _step(self) -> None:
        now = time.monotonic()
        spent, self._last = min(now - self._last, _LONGEST), now
        self._rest += self._speed() * spent
        x, y = int(self._rest.x()), int(self._rest.y())
        if self._gesture is not None and (x or y):
            self._rest -= QPointF(x, y)
            self._gone += QPoint(x, y)
            self._viewer.pan_by(x, y)
            self._gesture.move(self._at, self._modifiers)
