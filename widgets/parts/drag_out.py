"""Pictures on their way into another program: what hangs at the pointer, and files that are made while it
moves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QPoint, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from widgets.theme import BODY, font

if TYPE_CHECKING:
    from app.studio.outgoing import Parcel

URLS = "text/uri-list"
LIBRARY_MIME = "application/x-tagloom-pictures"
"""For windows of ours: where the pictures lie for good, as a JSON list. The files of a drag do not last."""
PATIENCE = 30.0
"""Seconds that a program which asks for the files waits at most for them."""
SIDE = 132.0
"""Px of the longer side of what hangs at the pointer."""
_FAN, _MOST, _ROUND = 7.0, 3, 6.0


class OutgoingData(QMimeData):
    """Files that a thread is still making: whoever asks for them first waits until they are there."""

    def __init__(self, parcel: Future[Parcel], lasting: Sequence[Path]) -> None:
        super().__init__()
        self._parcel = parcel
        self._lasting = lasting_data(lasting)

    def formats(self) -> list[str]:
        return [URLS, LIBRARY_MIME]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, type: QMetaType | QMetaType.Type) -> object:
        if mimetype == LIBRARY_MIME:
            return QByteArray(self._lasting)
        if mimetype != URLS:
            return None
        urls = [QUrl.fromLocalFile(str(file)) for file in self._files()]
        as_bytes = QMetaType(QMetaType.Type.QByteArray)
        if type == as_bytes:
            return QByteArray(b"".join(bytes(url.toEncoded().data()) + b"\r\n" for url in urls))
        return urls

    def _files(self) -> tuple[Path, ...]:
        try:
            return self._parcel.result(PATIENCE).files
        except NotYet:
            return ()


def lasting_data(paths: Sequence[Path]) -> bytes:
    """What stands under `LIBRARY_MIME`."""
    return json.dumps([str(path) for path in paths]).encode()


def lasting_paths(data: QMimeData) -> list[Path]:
    """Where the pictures that were dragged out of a window of ours lie for good; none of another drag."""
    if not data.hasFormat(LIBRARY_MIME):
        return []
    try:
        told = json.loads(bytes(data.data(LIBRARY_MIME).data()))
    except ValueError:
        return []
    return [Path(one) for one in told if isinstance(one, str)] if isinstance(told, list) else []


def drag_out(source: QWidget, data: QMimeData, images: Sequence[QImage], count: int) -> bool:
    """Returns when the pictures were let go; whether somebody took them."""
    drag = QDrag(source)
    drag.setMimeData(data)
    pixmap = hanging(images, count, source)
    if not pixmap.isNull():
        drag.setPixmap(pixmap)
        drag.setHotSpot(QPoint(-10, -10))
    return drag.exec(Qt.DropAction.CopyAction) == Qt.DropAction.CopyAction


def hanging(images: Sequence[QImage], count: int, source: QWidget) -> QPixmap:
    """A small fan of the pictures, with their number where there are several."""
    shown = [image for image in images if not image.isNull()][:_MOST]
    if not shown:
        return QPixmap()
    ratio = source.devicePixelRatioF()
    sizes = [QSizeF(image.size()).scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio) for image in shown]
    spread = _FAN * (len(shown) - 1)
    whole = QSizeF(max(size.width() for size in sizes), max(size.height() for size in sizes))
    pixmap = QPixmap((whole + QSizeF(spread + 2, spread + 2)).toSize() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for place in range(len(shown) - 1, -1, -1):
        box = QRectF(QPointF(1, 1), sizes[place]).translated(_FAN * place, _FAN * place)
        _draw(painter, box, shown[place], ratio)
    if count > 1:
        _badge(painter, count, source.palette().highlight().color())
    painter.end()
    return pixmap


def _draw(painter: QPainter, box: QRectF, image: QImage, ratio: float) -> None:
    """A large picture is made small first: drawn small it would lose every other line."""
    small = image.scaled(
        (box.size() * ratio).toSize(),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    shape = QPainterPath()
    shape.addRoundedRect(box, _ROUND, _ROUND)
    painter.save()
    painter.setClipPath(shape)
    painter.drawImage(box, small)
    painter.restore()
    painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)


def _badge(painter: QPainter, count: int, ground: QColor) -> None:
    words = str(count)
    painter.setFont(font(BODY))
    width = max(20.0, painter.fontMetrics().horizontalAdvance(words) + 12.0)
    box = QRectF(5, 5, width, 20)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 10, 10)
    light = ground.lightnessF() > 0.6
    painter.setPen(QColor("black") if light else QColor("white"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
