"""What lies still, seen from far away, as the picture that was painted last: while the camera moves, it is
moved and stretched, and only what comes in at its edges is painted."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

Draw = Callable[[QPainter, QRectF | None], None]
"""Paints with the camera set: what lies in a part of the scene, or all."""

CHEAP_S = 0.004
"""Seconds of a whole picture below which nothing is to be won by an old one."""
_MOST_STRETCH = 1.7
_MOST_NEW = 0.3
"""Of the view. Where more of it comes in, all is painted."""
_WORTH = 0.5
"""Of a whole picture's time. Where an old one and what comes in take longer, the next is painted whole."""
_NEAR = 1e-6
"""Px that are nothing."""


class FarPicture:
    """`cheap_s` and `worth` may be set. Sizes are of the view, in px; `look` is whatever else the picture
    depends on."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._picture = QPixmap()
        self._look: object = None
        self._camera = QTransform()
        self.cheap_s = CHEAP_S
        self.worth = _WORTH
        self._cost_s = 0.0
        self._stale = False

    def show(
        self, painter: QPainter, camera: QTransform, size: QSize, look: object, *, moving: bool, parts: bool
    ) -> None:
        """`moving`: the camera is under way, and a picture that is not quite right will do. `parts`: a part
        of the scene is quicker drawn than all."""
        ratio = painter.device().devicePixelRatioF()
        whole = QRect(0, 0, size.width(), size.height())
        wanted = (size, ratio, look)
        if wanted != self._look or not self._serves(camera, moving=moving):
            self._look = wanted
            self._paint(camera, size, ratio)
        elif camera != self._camera and not (parts and self._bring(painter, camera, whole)):
            self._paint(camera, size, ratio)
        elif camera != self._camera:
            return
        painter.resetTransform()
        painter.drawPixmap(0, 0, self._picture)

    def _serves(self, camera: QTransform, *, moving: bool) -> bool:
        if self._picture.isNull():
            return False
        if moving:
            return camera == self._camera or (self._cost_s > self.cheap_s and not self._stale)
        return camera == self._camera

    def _paint(self, camera: QTransform, size: QSize, ratio: float) -> None:
        began = time.perf_counter()
        if self._picture.size() != _device(size, ratio) or self._picture.devicePixelRatioF() != ratio:
            self._picture = QPixmap(_device(size, ratio))
            self._picture.setDevicePixelRatio(ratio)
        painter = QPainter(self._picture)
        painter.setClipRect(0, 0, size.width(), size.height())  # Qt draws thousands of lines twice as fast so
        painter.setWorldTransform(camera)
        self._draw(painter, None)
        painter.end()
        self._camera, self._stale = QTransform(camera), False
        self._cost_s = time.perf_counter() - began

    def _bring(self, painter: QPainter, camera: QTransform, whole: QRect) -> bool:
        """Shows the picture where it lies for this camera, if that is worth it."""
        inverse, _ = self._camera.inverted()
        way = inverse * camera
        stretch = way.m11()
        if not 1 / _MOST_STRETCH < stretch < _MOST_STRETCH:
            return False
        there = way.mapRect(QRectF(whole))
        new = list(_uncovered(whole, there))
        if sum(one.width() * one.height() for one in new) > _MOST_NEW * whole.width() * whole.height():
            return False
        began = time.perf_counter()
        painter.setWorldTransform(way)
        painter.drawPixmap(QPointF(0, 0), self._picture)
        self._fill(painter, camera, new)
        self._stale = time.perf_counter() - began > self.worth * self._cost_s
        return True

    def _fill(self, painter: QPainter, camera: QTransform, new: list[QRect]) -> None:
        inverse, _ = camera.inverted()
        for part in new:
            painter.save()
            painter.resetTransform()
            painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            painter.setWorldTransform(camera)
            self._draw(painter, inverse.mapRect(QRectF(part).adjusted(-2, -2, 2, 2)))
            painter.restore()


def _device(size: QSize, ratio: float) -> QSize:
    return (QSizeF(size) * ratio).toSize()


def _uncovered(whole: QRect, there: QRectF) -> Iterator[QRect]:
    """What of the view a picture that lies there does not cover: up to four strips."""
    left, top = max(0, math.ceil(there.left() - _NEAR)), max(0, math.ceil(there.top() - _NEAR))
    right = min(whole.width(), math.floor(there.right() + _NEAR))
    bottom = min(whole.height(), math.floor(there.bottom() + _NEAR))
    if right <= left or bottom <= top:
        yield whole
        return
    strips = (
        QRect(0, 0, whole.width(), top),
        QRect(0, bottom, whole.width(), whole.height() - bottom),
        QRect(0, top, left, bottom - top),
        QRect(right, top, whole.width() - right, bottom - top),
    )
    yield from (strip for strip in strips if not strip.isEmpty())
