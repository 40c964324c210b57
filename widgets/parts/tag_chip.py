"""A tag as it is seen everywhere: `@sneaker` in its colour on its ground; and a table's column, `{sku}`."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import BODY, COLUMN, Theme, Themes, font

PAD = 6.0
RADIUS = 4.0


def paint_chip(painter: QPainter, box: QRectF, tag: str, slot: int, theme: Theme) -> None:
    """A chip that fills `box`, its words in the middle."""
    colours = theme.tag(slot)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.ground))
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    painter.setPen(QColor(colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip_words(tag, slot))


def chip_words(tag: str, slot: int) -> str:
    """As it is written in a prompt."""
    return f"{{{tag}}}" if slot == COLUMN else f"@{tag}"


class TagChip(QWidget):
    """`slot` gives the colour (`document.reach.tag_slots`)."""

    def __init__(self, tag: str, slot: int, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tag, self._slot, self._themes = tag, slot, themes
        self._font = font(BODY, QFont.Weight.DemiBold)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"@{tag}")
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        return QSize(round(metrics.horizontalAdvance(f"@{self._tag}") + 2 * PAD), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        paint_chip(painter, QRectF(self.rect()), self._tag, self._slot, self._themes.theme)
        painter.end()
