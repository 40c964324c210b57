"""One picture, large: over the whole window. Wheel zooms at the cursor, drag pans, Esc or Space closes.
Dragged out of the window it goes on as a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.studio.outgoing import Leaving
from widgets.messages import percent
from widgets.parts.full_picture import FullPicture
from widgets.parts.picture_source import PictureSource
from widgets.theme import CAPTION, Themes, font

LEAST, MOST = 0.05, 16.0
PREVIEW = 1024
"""Longer side, in px, of what is shown until the picture itself is decoded."""


class Viewer(QWidget):
    """`carried_off` carries a `Leaving`, the image and whether Shift was held."""

    closed = Signal()
    carried_off = Signal(object, object, bool)

    def __init__(self, pictures: PictureSource, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("viewer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures, self._themes, self._over = pictures, themes, parent
        self._image, self._whole = QImage(), False
        self._full = FullPicture(self)
        self._full.ready.connect(lambda path, image: self._arrived(path, image, whole=True))
        self._path: Path | None = None
        self._words = ""
        self._leaving: Leaving | None = None
        self._before = (0.0, QPointF())
        self._zoom = 0.0
        self._centre = QPointF()
        self._grab: QPointF | None = None
        self.hide()

    def look(self, path: Path, words: str, *, name: str = "", seed: int | None = None) -> None:
        """Shows a picture fitted; `words` stand below it. With `name` and `seed` a copy of it is called."""
        self._path, self._words = path, words
        self._leaving = Leaving(path=path, name=name or path.stem, seed=seed)
        self._image, self._whole = QImage(), False
        self._zoom = 0.0
        self.setAccessibleName(words)
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus()
        self._pictures.picture(path, PREVIEW, lambda image: self._arrived(path, image, whole=False))
        self._full.ask(path)

    def _arrived(self, path: Path, image: QImage, *, whole: bool) -> None:
        """The preview first, then the picture at its own size."""
        if path != self._path or (not whole and self._whole):
            return
        self._whole = whole
        self._image = image
        self._zoom = 0.0
        self._centre = QPointF(image.width() / 2, image.height() / 2)
        self.update()

    def _scale(self) -> float:
        """Picture pixels to window pixels; fitted until the artist zooms, never above its real size then."""
        if self._zoom or self._image.isNull():
            return self._zoom or 1.0
        room = self._room()
        fitted = min(room.width() / self._image.width(), room.height() / self._image.height())
        real = 1.0 / self.devicePixelRatioF()
        return min(fitted, real) if self._whole else fitted

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(24, 24, -24, -48)

    def _box(self) -> QRectF:
        scale = self._scale()
        middle = self._room().center()
        left = middle.x() - self._centre.x() * scale
        top = middle.y() - self._centre.y() * scale
        return QRectF(left, top, self._image.width() * scale, self._image.height() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvas"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale() < 2)
        painter.setFont(font(CAPTION))
        painter.setPen(theme.colour("muted"))
        if self._image.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Opening…"))
        else:
            painter.drawImage(self._box(), self._image)
        line = QRectF(24, self.height() - 36, self.width() - 48, 24)
        size = percent(self._scale() * self.devicePixelRatioF()) if self._whole else "…"
        text = f"{self._words}   ·   {size}   ·   " + self.tr("Esc closes")
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._image.isNull():
            return
        before = self._scale()
        after = min(max(before * 1.0015 ** event.angleDelta().y(), LEAST), MOST)
        offset = event.position() - self._room().center()
        self._centre += offset / before - offset / after
        self._zoom = after
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grab = event.position()
        self._before = (self._zoom, QPointF(self._centre))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grab is not None and self._leaving and not self._is_inside(event.position()):
            self._carry_off(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif self._grab is not None:
            scale = self._scale()
            self._zoom = scale
            self._centre -= (event.position() - self._grab) / scale
            self._grab = event.position()
            self.update()

    def _is_inside(self, at: QPointF) -> bool:
        return self.window().rect().contains(self.mapTo(self.window(), at.toPoint()))

    def _carry_off(self, clean: bool) -> None:
        """The picture stays where it lay before it was dragged."""
        self._grab = None
        self._zoom, self._centre = self._before
        self.update()
        self.carried_off.emit(self._leaving, self._image, clean)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grab = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Real pixels, or fitted again."""
        real = 1.0 / self.devicePixelRatioF()
        self._zoom = 0.0 if abs(self._scale() - real) < 1e-6 else real
        self._centre = QPointF(self._image.width() / 2, self._image.height() / 2)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.put_away()
        else:
            super().keyPressEvent(event)

    def close_down(self) -> None:
        """Waits for what is being decoded."""
        self._full.close()

    def put_away(self) -> None:
        self.hide()
        self._path, self._image = None, QImage()
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()
