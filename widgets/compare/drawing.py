"""Painting of pictures in device pixels, and of the words over them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QImage, QPainter, QPixmap

from widgets.parts.sized import sized
from widgets.theme import CAPTION, Theme

_SQUARE = 8
"""Device pixels of a square of the chequer at a scale of 1."""
_PIXELS_SEEN = 2.0
"""From this scale on pixels are looked at: nothing is smoothed."""
_PAD = 9.0


@contextmanager
def device_pixels(painter: QPainter) -> Iterator[float]:
    """Within, a unit is a pixel of the screen; gives how many of them are a px."""
    ratio = painter.device().devicePixelRatioF()
    painter.save()
    painter.scale(1 / ratio, 1 / ratio)
    yield ratio
    painter.restore()


def whole(scale: float) -> bool:
    return scale >= 1 - 1e-6 and abs(scale - round(scale)) < 1e-6


def draw_picture(
    painter: QPainter, image: QImage, box: QRectF, room: QRectF, ground: QBrush, *, smooth: bool = True
) -> None:
    """`image` over the whole `box`, as much of it as lies in `room`; `ground` behind what is transparent.

    At a whole number of device pixels for each of the image's nothing is smoothed: they are its real ones.
    """
    seen = box.intersected(room)
    if seen.isEmpty() or image.isNull():
        return
    across, down = box.width() / image.width(), box.height() / image.height()
    part = _whole_pixels(
        QRectF((seen.left() - box.left()) / across, (seen.top() - box.top()) / down,
               seen.width() / across, seen.height() / down), QSizeF(image.size()),
    )  # fmt: skip
    at = QRectF(
        box.left() + part.left() * across, box.top() + part.top() * down,
        part.width() * across, part.height() * down,
    )  # fmt: skip
    painter.save()
    painter.setClipRect(room, Qt.ClipOperation.IntersectClip)
    if image.hasAlphaChannel():
        painter.setBrushOrigin(box.topLeft())
        painter.fillRect(seen, ground)
    real = not smooth or (whole(across) and whole(down)) or across >= _PIXELS_SEEN
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not real)
    painter.drawImage(at, image, part)
    painter.restore()


def _whole_pixels(part: QRectF, size: QSizeF) -> QRectF:
    """With a pixel more on each side, since smoothing looks at neighbours."""
    left, top = max(0, math.floor(part.left()) - 1), max(0, math.floor(part.top()) - 1)
    right = min(size.width(), math.ceil(part.right()) + 1)
    bottom = min(size.height(), math.ceil(part.bottom()) + 1)
    return QRectF(left, top, right - left, bottom - top)


def chequer(theme: Theme, ratio: float) -> QBrush:
    """What is seen through a picture."""
    side = round(_SQUARE * ratio)
    tile = QPixmap(2 * side, 2 * side)
    tile.fill(theme.colour("line"))
    painter = QPainter(tile)
    painter.fillRect(0, 0, side, side, theme.colour("line_strong"))
    painter.fillRect(side, side, side, side, theme.colour("line_strong"))
    painter.end()
    return QBrush(tile)


def draw_label(
    painter: QPainter, theme: Theme, words: str, corner: QPointF, most: float, *, right: bool = False
) -> QRectF:
    """A line of words on a ground of its own, in px; `corner` is its upper left, or right, one."""
    painter.save()
    painter.setFont(sized(CAPTION))
    size = QFontMetricsF(painter.font())
    shown = size.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, most - 2 * _PAD))
    width, height = size.horizontalAdvance(shown) + 2 * _PAD, size.height() + 8
    rect = QRectF(corner.x() - (width if right else 0), corner.y(), width, height)
    if shown:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.colour("line"))
        painter.setBrush(theme.colour("card", 235))
        painter.drawRoundedRect(rect, 6, 6)
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
    return rect
