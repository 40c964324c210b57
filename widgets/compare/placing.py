"""Pictures of different sizes, fitted onto each other; several of them in a grid."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 4.0
"""Device pixels between the panes of a grid."""
_MATTERS = 1.12


def common_frame(sizes: Iterable[QSizeF]) -> QSizeF:
    """The largest of them: nothing is lost of any picture. 1 × 1 where there is none."""
    return max(sizes, key=lambda size: size.width() * size.height(), default=QSizeF(1, 1))


def share(size: QSizeF, frame: QSizeF) -> float:
    """By how much a picture is scaled to lie in the frame, whole."""
    return min(frame.width() / size.width(), frame.height() / size.height())


def within(size: QSizeF, frame: QSizeF, box: QRectF) -> QRectF:
    """Where a picture lies when its frame lies in `box`: in the middle, whole, on whole device pixels."""
    if size == frame:
        return box
    scale = box.width() / frame.width() * share(size, frame)
    width, height = size.width() * scale, size.height() * scale
    left = math.floor(box.left() + (box.width() - width) / 2 + 0.5)
    top = math.floor(box.top() + (box.height() - height) / 2 + 0.5)
    return QRectF(left, top, width, height)


def grid(count: int, room: QRectF, ratio: float) -> list[QRectF]:
    """Panes of one size for so many pictures of a ratio (width ÷ height): those in which they are largest;
    where it matters little, rather beside each other than below."""
    best: list[QRectF] = []
    largest = 0.0
    for columns in range(count, 0, -1):
        rows = math.ceil(count / columns)
        width = math.floor((room.width() - GAP * (columns - 1)) / columns)
        height = math.floor((room.height() - GAP * (rows - 1)) / rows)
        if width < 1 or height < 1:
            continue
        size = min(width / ratio, height)
        if size > largest * _MATTERS:
            largest = size
            corner = room.topLeft()
            best = [
                QRectF(corner + QPointF(at % columns * (width + GAP), at // columns * (height + GAP)),
                       QSizeF(width, height))
                for at in range(count)
            ]  # fmt: skip
    return best
