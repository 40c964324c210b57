"""One picture as it will be exported, with its size in pixels, on paper and on the disk."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from app.basics.words import CLAUSES, joined
from app.imaging.developing import Developed
from app.imaging.looks import Look
from app.imaging.measures import Unit, on_paper

_LEAST = QSize(200, 120)
_AIR = 8


class ExportPreview(QFrame):
    """What is shown stays until the next one is there."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("export-preview")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 10, 10, 8)
        rows.setSpacing(6)
        self.picture = _Picture()
        self.picture.setAccessibleName(self.tr("Preview"))
        rows.addWidget(self.picture, 1)
        self.words = QLabel()
        self.words.setObjectName("export-measures")
        self.words.setProperty("role", "muted")
        self.notes = QLabel()
        self.notes.setObjectName("export-told")
        self.notes.setProperty("role", "warning")
        for label in (self.words, self.notes):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            rows.addWidget(label)
        self.notes.hide()

    def show_made(self, look: Look, made: Developed, dpi: float | None, stale: str) -> None:
        self.picture.show_image(image_of(look))
        sizes = [self.tr("{width} × {height} px").format(width=made.size[0], height=made.size[1])]
        if dpi:
            across, down = on_paper(made.size, dpi, Unit.CM)
            sizes.append(self.tr("{width:.1f} × {height:.1f} cm").format(width=across, height=down))
        sizes.append(_weight(len(made.data)))
        self.words.setText("  ·  ".join(sizes))
        self._tell(joined(*made.notes, stale))
        self.picture.setAccessibleDescription(joined(*sizes, sep=CLAUSES))

    def show_fault(self, words: str) -> None:
        self.picture.show_image(QImage())
        self.words.setText("")
        self._tell(words)

    def _tell(self, words: str) -> None:
        self.notes.setText(words)
        self.notes.setVisible(bool(words))


class _Picture(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self.rect().adjusted(0, 0, 0, -_AIR // 2).size() * ratio
        shown = self._image
        if shown.width() > room.width() or shown.height() > room.height():
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            shown = shown.scaled(room, keep, smooth)
        box = QRect(0, 0, round(shown.width() / ratio), round(shown.height() / ratio))
        box.moveCenter(self.rect().center())
        painter = QPainter(self)
        _checks(painter, box)
        painter.drawPixmap(box, QPixmap.fromImage(shown))


def _checks(painter: QPainter, box: QRect) -> None:
    """What is seen through a picture."""
    painter.fillRect(box, Qt.GlobalColor.white)
    painter.fillRect(box, Qt.BrushStyle.Dense6Pattern)


def image_of(look: Look) -> QImage:
    """A copy: the bytes may go."""
    width, height = look.size
    return QImage(look.pixels, width, height, width * 4, QImage.Format.Format_RGBA8888).copy()


def _weight(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
