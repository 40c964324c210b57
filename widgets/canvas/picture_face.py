"""The picture of a card, in its states: plain, dimmed, blurred, kept, or not there yet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from widgets.canvas.face import Face, Look, Photo
from widgets.canvas.kit import Kit
from widgets.canvas.words import tr
from widgets.theme import RADIUS

_ROUND = 7.0
_HIGH = 0.28
"""Strips show rather the upper part: faces are there."""
_BLUR_SIDE = 18
"""A picture shrunk to this many px and doubled again step by step is blurred, at little cost."""
_DOUBLINGS = 4


def draw_photo(
    painter: QPainter,
    kit: Kit,
    face: Face,
    rect: QRectF,
    image: QImage | None,
    *,
    bottom: bool,
    words: bool = True,
) -> None:
    """`bottom`: the picture reaches the foot of the card and takes its round corners."""
    photo = face.photo
    assert photo is not None
    if image is None or photo.path is None:
        _empty(painter, kit, photo, rect, bottom=bottom, words=words)
        return
    painter.save()
    painter.setClipPath(_outline(rect, bottom=bottom, square=bottom or rect.left() < 4))
    if photo.look == Look.STALE:
        painter.fillRect(rect, kit.colour("card"))
        painter.setOpacity(painter.opacity() * 0.42)
    shown = _blurred(image) if photo.look == Look.WAITING else image
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect, shown, covering(QSize(shown.size()), rect, _HIGH if bottom else 0.5))
    if photo.look == Look.WAITING:
        painter.fillRect(rect, kit.colour("card", 96))
    painter.restore()
    if photo.look == Look.KEPT:
        painter.setPen(QPen(kit.colour("prompt"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(-3, -3, 3, 3), _ROUND + 2, _ROUND + 2)
    if words:
        if photo.look == Look.WAITING and photo.hint:
            _hint(painter, kit, photo, rect, strong=True)
        if photo.draft:
            _draft(painter, kit, rect)


def covering(size: QSize, rect: QRectF, height: float = 0.5) -> QRectF:
    """The part of a picture that fills `rect` without being stretched: from the middle across, and from
    `height` (0 the top, 1 the foot) down."""
    if size.isEmpty() or rect.isEmpty():
        return QRectF(0, 0, size.width(), size.height())
    scale = max(rect.width() / size.width(), rect.height() / size.height())
    width, tall = rect.width() / scale, rect.height() / scale
    return QRectF((size.width() - width) / 2, (size.height() - tall) * height, width, tall)


def _blurred(image: QImage) -> QImage:
    small = image.scaled(
        _BLUR_SIDE, _BLUR_SIDE, Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    for _ in range(_DOUBLINGS):
        small = small.scaled(
            small.width() * 2, small.height() * 2, Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
    return small


def _outline(rect: QRectF, *, bottom: bool, square: bool) -> QPainterPath:
    path = QPainterPath()
    if not square:
        path.addRoundedRect(rect, _ROUND, _ROUND)
    elif bottom:
        radius = RADIUS - 1
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(rect, radius, radius)
        path.addRect(rect.adjusted(0, 0, 0, -radius))
    else:
        path.addRect(rect)
    return path


def _empty(painter: QPainter, kit: Kit, photo: Photo, rect: QRectF, *, bottom: bool, words: bool) -> None:
    painter.setBrush(kit.colour("field"))
    if photo.path is None:
        painter.setPen(QPen(kit.colour("line"), 1, Qt.PenStyle.DashLine))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPath(_outline(rect, bottom=bottom, square=bottom or rect.left() < 4))
    if words:
        _hint(painter, kit, photo, rect, strong=False)


def _hint(painter: QPainter, kit: Kit, photo: Photo, rect: QRectF, *, strong: bool) -> None:
    painter.setFont(kit.body)
    painter.setPen(kit.colour("text" if strong else "muted"))
    step = 21.0
    top = rect.center().y() - step * len(photo.hint) / 2
    for at, line in enumerate(photo.hint):
        text = kit.body_size.elidedText(line, Qt.TextElideMode.ElideMiddle, rect.width() - 16)
        painter.drawText(
            QRectF(rect.left(), top + at * step, rect.width(), step), Qt.AlignmentFlag.AlignCenter, text
        )


def _draft(painter: QPainter, kit: Kit, rect: QRectF) -> None:
    """Colour is never the only sign: a draft says so in letters."""
    text = tr("DRAFT")
    width = kit.pill_size.horizontalAdvance(text) + 16
    pill = QRectF(rect.bottomLeft() + QPointF(7, -25), QPointF(rect.left() + 7 + width, rect.bottom() - 7))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(kit.colour("warning_ground", 235))
    painter.drawRoundedRect(pill, 9, 9)
    painter.setPen(kit.colour("warning"))
    painter.setFont(kit.pill)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
