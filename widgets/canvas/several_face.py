"""Several pictures in the place of one, on the card of a Compare node: two of them halved by a line, as the
comparison begins, more in a grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.canvas.picture_face import covering

_LINE = 0.008
"""Of the width."""


def together(images: Sequence[QImage | None], size: QSizeF, ground: QColor) -> QImage | None:
    """In one image of this size in pixels; what is not there yet is `ground`. None where none is there."""
    whole = QRectF(0, 0, max(1, round(size.width())), max(1, round(size.height())))
    if not any(images):
        return None
    made = QImage(whole.size().toSize(), QImage.Format.Format_RGB32)
    made.fill(ground)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    halved = len(images) == 2
    for image, part in zip(images, _parts(len(images), whole), strict=True):
        if image is None:
            continue
        painter.setClipRect(part)
        room = whole if halved else part
        painter.drawImage(room, image, covering(image.size(), room))
    if halved:
        painter.setClipping(False)
        line = max(2.0, whole.width() * _LINE)
        painter.fillRect(QRectF(whole.center().x() - line / 2, 0, line, whole.height()), QColor("white"))
    painter.end()
    return made


def _parts(count: int, whole: QRectF) -> list[QRectF]:
    """One for each picture, whole pixels apart."""
    columns = count if count <= 2 else math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    across, down = whole.width() / columns, whole.height() / rows
    gap = 0.0 if count <= 2 else 1.0
    return [
        QRectF(round(at % columns * across), round(at // columns * down), round(across) - gap,
               round(down) - gap)
        for at in range(count)
    ]  # fmt: skip
