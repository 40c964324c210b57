"""How a picture, or several fitted onto each other, lies on the screen. All in device pixels, so that whole
scales are exact on any screen."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF

LEAST, MOST = 0.02, 32.0
STEP = 1.0015
"""How much larger for an eighth of a degree of the wheel."""


class Camera:
    """`frame` is the size that is looked at, in pixels of its own. 0 `zoom`: fitted, and never above its real
    size."""

    def __init__(self) -> None:
        self.frame = QSizeF(1, 1)
        self.zoom = 0.0
        self.centre = QPointF(0.5, 0.5)

    def show(self, frame: QSizeF) -> None:
        """Another frame, fitted; the same one stays as it is."""
        if frame != self.frame:
            self.frame = frame
            self.fit()

    def fit(self) -> None:
        self.zoom = 0.0
        self.centre = QPointF(self.frame.width() / 2, self.frame.height() / 2)

    def scale(self, room: QSizeF) -> float:
        """Device pixels for a pixel of the frame."""
        if self.zoom:
            return self.zoom
        across, down = room.width() / self.frame.width(), room.height() / self.frame.height()
        return min(max(min(across, down), 1e-3), 1.0)

    def box(self, room: QRectF) -> QRectF:
        """Where the frame lies in a room: its corner on a whole device pixel."""
        scale, middle = self.scale(room.size()), room.center()
        left = math.floor(middle.x() - self.centre.x() * scale + 0.5)
        top = math.floor(middle.y() - self.centre.y() * scale + 0.5)
        return QRectF(left, top, self.frame.width() * scale, self.frame.height() * scale)

    def pixel(self, at: QPointF, room: QRectF) -> QPointF:
        """The point of the frame at a point of the room."""
        box, scale = self.box(room), self.scale(room.size())
        return QPointF((at.x() - box.left()) / scale, (at.y() - box.top()) / scale)

    def zoom_to(self, zoom: float, at: QPointF, room: QRectF) -> None:
        """What lies at a point of the room stays there."""
        before = self.scale(room.size())
        zoom = min(max(zoom, LEAST), MOST)
        offset = at - room.center()
        self.centre += offset / before - offset / zoom
        self.zoom = zoom

    def zoom_by(self, factor: float, at: QPointF, room: QRectF) -> None:
        self.zoom_to(self.scale(room.size()) * factor, at, room)

    def pan(self, by: QPointF, room: QRectF) -> None:
        self.zoom = self.scale(room.size())
        self.centre -= by / self.zoom

    def toggle_real(self, at: QPointF, room: QRectF) -> None:
        """Its real pixels, around a point; or fitted again."""
        if abs(self.scale(room.size()) - 1.0) < 1e-6 and self.zoom:
            self.fit()
        else:
            self.zoom_to(1.0, at, room)
