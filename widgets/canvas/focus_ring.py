"""Where the keyboard is, when keys brought it to the canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
WIDE = 2


class FocusRing(QWidget):
    """A line around `of`, over `view`. A hand at the mouse knows where it has pressed, and sees none."""

    def __init__(self, view: QWidget, of: QWidget, colour: Callable[[], QColor]) -> None:
        super().__init__(view)
        self._of, self._colour = of, colour
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        of.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.FocusIn if isinstance(event, QFocusEvent):
                if event.reason() in BY_KEYS:
                    self._place()
                    self.show()
                    self.raise_()
            case QEvent.Type.FocusOut if isinstance(event, QFocusEvent):
                if event.reason() not in (
                    Qt.FocusReason.PopupFocusReason,
                    Qt.FocusReason.ActiveWindowFocusReason,
                ):
                    self.hide()
            case QEvent.Type.Resize:
                self._place()
            case _:
                pass
        return False

    def _place(self) -> None:
        """Only the line itself covers anything, so that the canvas still scrolls by copying."""
        self.setGeometry(self._of.geometry())
        whole = QRegion(self.rect())
        self.setMask(whole.subtracted(QRegion(self.rect().adjusted(WIDE, WIDE, -WIDE, -WIDE))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colour())
        painter.end()
