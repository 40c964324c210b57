"""An aspect ratio, drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from widgets.parts.sized import sized
from widgets.theme import CAPTION, Themes

LONG, ACROSS = 20.0, 14.0
"""The drawing is at most this wide and this high, in px."""


def ratio_of(text: str) -> float | None:
    """`"16:9"` → 1.78; None for what is no ratio."""
    width, colon, height = text.partition(":")
    if not (colon and width.isdigit() and height.isdigit() and int(height)):
        return None
    return int(width) / int(height)


class RatioButton(QPushButton):
    """A checkable segment with its ratio drawn above its name."""

    def __init__(self, ratio: str, note: str, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratio, self._name, self._themes = ratio_of(ratio) or 1.0, ratio, themes
        self.setCheckable(True)
        self.setProperty("segment", True)
        self.setToolTip(f"{ratio} · {note}" if note else ratio)
        self.setAccessibleName(f"{ratio}, {note}" if note else ratio)
        self.setMinimumWidth(38)

    def sizeHint(self) -> QSize:
        return QSize(42, 46)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = (LONG, LONG / self._ratio) if self._ratio >= 1 else (ACROSS * self._ratio, ACROSS)
        if height > ACROSS:
            width, height = width * ACROSS / height, ACROSS
        colour = theme.colour("text" if self.isChecked() or self.underMouse() else "muted")
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = self.width() / 2
        painter.drawRoundedRect(QRectF(middle - width / 2, 15 - height / 2, width, height), 2, 2)
        painter.setFont(sized(CAPTION))
        painter.drawText(QRectF(0, 26, self.width(), 16), Qt.AlignmentFlag.AlignCenter, self._name)
        painter.end()
