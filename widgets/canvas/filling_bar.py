"""A thin line at the upper edge of the canvas while a large document comes on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.canvas.easel import Easel
from widgets.canvas.words import tr

_HEIGHT = 3


class FillingBar(QWidget):
    """Hidden where nothing is on its way."""

    def __init__(self, easel: Easel, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("filling")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._easel, self._over = easel, over
        self.part = 0.0
        self.hide()

    def show_progress(self, there: int, whole: int) -> None:
        self.part = there / whole if whole else 1.0
        self.setVisible(there < whole)
        if there < whole:
            self.setAccessibleName(tr("{there} of {whole} cards are there", there=there, whole=whole))
            self.lay()
            self.raise_()
            self.update()

    def lay(self) -> None:
        self.setGeometry(0, 0, self._over.width(), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._easel.kit.colour("card"))
        done = QRectF(0, 0, self.width() * self.part, self.height())
        painter.fillRect(done, self._easel.kit.colour("accent"))
        painter.end()
