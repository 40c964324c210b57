"""Where panels get small pictures from: decoded off the window's thread, kept within a budget of memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class PictureSource(Protocol):
    def picture(self, path: Path, side: int, show: Callable[[QImage], None]) -> None:
        """Calls `show` with an upright image of about `side` px on its longer side: at once where it is
        known, else later on the window's thread; never where the file cannot be read."""
        ...


class Thumbnail(QWidget):
    """A photograph cut to fill a rounded box."""

    def __init__(self, source: PictureSource, width: int, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._image: QImage | None = None
        self._path: Path | None = None
        self._ratio = 0.0
        self._size = QSize(width, height)
        self.setFixedSize(self._size)

    def show_picture(self, path: Path | None) -> None:
        if path == self._path:
            return
        self._path, self._image = path, None
        self.update()
        if path is not None:
            self._ask(path)

    def _ask(self, path: Path) -> None:
        self._ratio = self.devicePixelRatioF()
        side = round(max(self._size.width(), self._size.height()) * self._ratio)
        self._source.picture(path, side, lambda image: self._arrived(path, image))

    def _arrived(self, path: Path, image: QImage) -> None:
        if isValid(self) and path == self._path:  # type: ignore[no-untyped-call]  # the row may be gone before its picture is there
            self._image = image
            self.update()

    @property
    def image(self) -> QImage | None:
        return self._image

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._path is not None and self._ratio < self.devicePixelRatioF():
            self._ask(self._path)  # the window was moved to a finer screen
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, 5, 5)
        painter.setClipPath(shape)
        if self._image is None or self._image.isNull():
            painter.fillRect(box, self.palette().mid())
        else:
            painter.drawImage(box, self._image, filling(self._image, box.width() / box.height()))
        painter.end()


def filling(image: QImage, ratio: float) -> QRectF:
    """The middle part of an image that has a ratio (width ÷ height)."""
    width, height = float(image.width()), float(image.height())
    if width / height > ratio:
        return QRectF((width - height * ratio) / 2, 0, height * ratio, height)
    return QRectF(0, (height - width / ratio) / 2, width, width / ratio)
