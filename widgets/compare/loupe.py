"""A glass over a picture: its real pixels round a point, large, and what the one in the middle is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from widgets.compare.drawing import draw_label, draw_picture
from widgets.messages import percent
from widgets.theme import Theme

SIDE = 184.0
"""Px of the glass."""
TIMES = (2, 4, 8)
"""Device pixels for a pixel of the picture."""


@dataclass(frozen=True, slots=True)
class Pixel:
    """`colour` is sRGB, not premultiplied; x and y are of the picture."""

    x: int
    y: int
    colour: QColor

    @property
    def words(self) -> str:
        """`#c86432  ·  120, 88`, with its opacity where it is not whole."""
        told = f"{self.colour.name()}  ·  {self.x}, {self.y}"
        return told if self.colour.alpha() == 255 else f"{told}  ·  α {percent(self.colour.alphaF())}"


def pixel_at(plain: QImage, place: QPointF, halvings: int = 0) -> Pixel | None:
    """The pixel of an sRGB image at a point of the picture; None beside it. `halvings` of the image."""
    x, y = math.floor(place.x() / 2**halvings), math.floor(place.y() / 2**halvings)
    if not (0 <= x < plain.width() and 0 <= y < plain.height()):
        return None
    return Pixel(math.floor(place.x()), math.floor(place.y()), plain.pixelColor(x, y))


def draw_loupe(
    painter: QPainter, theme: Theme, image: QImage, place: QPointF, at: QPointF, times: int,
    ratio: float, ground: QBrush,
) -> QRectF:  # fmt: skip
    """In device pixels: the point `place` of the image, in its pixels, `times` as large round `at`. Gives
    the glass."""
    side = round(SIDE * ratio)
    glass = QRectF(round(at.x() - side / 2), round(at.y() - side / 2), side, side)
    column, row = math.floor(place.x()), math.floor(place.y())
    middle = QPointF(round(glass.center().x() - times / 2), round(glass.center().y() - times / 2))
    box = QRectF(
        middle - QPointF(column * times, row * times),
        QPointF(middle.x() + (image.width() - column) * times, middle.y() + (image.height() - row) * times),
    )
    painter.fillRect(glass, theme.colour("window"))
    draw_picture(painter, image, box, glass, ground)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = max(1, round(ratio))
    for colour, grown in ((QColor("black"), line), (QColor("white"), 0)):
        painter.setPen(QPen(colour, line))
        painter.drawRect(QRectF(middle, QPointF(middle.x() + times, middle.y() + times)).adjusted(
            -grown - line, -grown - line, grown, grown
        ))  # fmt: skip
    painter.setPen(QPen(theme.colour("line_strong"), 2 * line))
    painter.drawRect(glass)
    return glass


def draw_pixel(painter: QPainter, theme: Theme, pixel: Pixel, times: int, glass: QRectF) -> None:
    """The words under the glass, or over it where there is no room; in px."""
    words = f"{pixel.words}  ·  {times}×"
    below = glass.bottomLeft() + QPointF(0, 6)
    at = below if below.y() < painter.device().height() - 90 else glass.topLeft() - QPointF(0, 32)
    rect = draw_label(painter, theme, words, at + QPointF(22, 0), 400)
    swatch = QRectF(at.x(), rect.top(), 18, rect.height())
    opaque = QColor(pixel.colour)
    opaque.setAlpha(255)
    painter.setPen(theme.colour("line"))
    painter.setBrush(opaque)
    painter.drawRoundedRect(swatch, 4, 4)
