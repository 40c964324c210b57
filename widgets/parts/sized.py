"""The face for what a widget paints itself, at the size of texts that the artist has chosen."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from widgets.theme import BODY, font


def sized(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """`size` in px as it is drawn for texts of normal size."""
    return font(times(size), weight)


def times(length: int) -> int:
    """A length in px that grows with the texts."""
    body = QApplication.font().pixelSize()
    return round(length * body / BODY) if body > 0 else length
