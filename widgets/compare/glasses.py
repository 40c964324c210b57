"""The loupe of a comparison: a glass for each picture, all over the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from widgets.compare.drawing import chequer, device_pixels
from widgets.compare.gallery import Gallery
from widgets.compare.loupe import SIDE, TIMES, draw_loupe, draw_pixel, pixel_at
from widgets.compare.placing import share
from widgets.parts.shown import Shown
from widgets.theme import Theme

_BETWEEN = 4.0
"""Px from the middle of two glasses to each."""


@dataclass(frozen=True, slots=True)
class Spot:
    """`place` is a point of the picture, in its pixels; `at` the middle of its glass, in device pixels."""

    one: Shown
    place: QPointF
    at: QPointF


@dataclass(slots=True)
class Glasses:
    """`cursor` is where the mouse is, in px; None as long as nobody knows."""

    switched: bool = False
    held: bool = False
    cursor: QPointF | None = None
    times: int = TIMES[1]

    @property
    def there(self) -> bool:
        return self.switched or self.held

    def turn(self, up: bool) -> None:
        """Stronger or weaker."""
        place = TIMES.index(self.times) + (1 if up else -1)
        self.times = TIMES[min(max(place, 0), len(TIMES) - 1)]

    def draw(self, painter: QPainter, theme: Theme, gallery: Gallery, spots: Sequence[Spot]) -> None:
        ratio = painter.device().devicePixelRatioF()
        ground = chequer(theme, ratio)
        for spot in spots:
            level = gallery.finest_at_hand(spot.one.path)
            pixel = pixel_at(level.plain, spot.place, level.halvings) if level is not None else None
            if level is None or pixel is None:
                continue
            place = spot.place / 2**level.halvings
            with device_pixels(painter):
                glass = draw_loupe(painter, theme, level.image, place, spot.at, self.times, ratio, ground)
            on_screen = QRectF(glass.topLeft() / ratio, glass.size() / ratio)
            draw_pixel(painter, theme, pixel, self.times, on_screen)


def place_in(size: QSizeF, frame: QSizeF, point: QPointF) -> QPointF:
    """The pixel of a picture at a point of the frame that it is fitted into (see `placing.within`)."""
    scale = share(size, frame)
    left, top = (frame.width() - size.width() * scale) / 2, (frame.height() - size.height() * scale) / 2
    return QPointF((point.x() - left) / scale, (point.y() - top) / scale)


def kept_in(at: QPointF, room: QRectF, ratio: float) -> QPointF:
    """The middle of a glass that lies in the room, as near to a point as it can."""
    half = SIDE / 2 * ratio
    return QPointF(
        max(room.left() + half, min(at.x(), room.right() - half)),
        max(room.top() + half, min(at.y(), room.bottom() - half)),
    )


def beside(at: QPointF, room: QRectF, ratio: float) -> tuple[QPointF, QPointF]:
    """The middles of two glasses that lie beside each other round a point, both in the room."""
    apart = (SIDE / 2 + _BETWEEN) * ratio
    middle = kept_in(at, room.adjusted(apart, 0, -apart, 0), ratio)
    return middle - QPointF(apart, 0), middle + QPointF(apart, 0)
