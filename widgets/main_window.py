"""The main window: it places the panels, nothing else.

It is painted empty first, before the canvas and the engine are imported; `place` then fills it.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QVBoxLayout, QWidget

from widgets.parts.sized import times


class Place(StrEnum):
    TOP = "top"
    PALETTE = "palette"
    CANVAS = "canvas"
    STRIP = "strip"
    INSPECTOR = "inspector"
    STATUS = "status"


SMALLEST = QSize(1024, 700)
WIDTHS = {Place.PALETTE: 215, Place.INSPECTOR: 304}
HEIGHTS = {Place.TOP: 48, Place.STRIP: 136, Place.STATUS: 26}


class MainWindow(QMainWindow):
    """`closing` is asked before the window closes: whoever listens may call `event.ignore()`."""

    closing = Signal(QCloseEvent)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Tagloom")
        self.setMinimumSize(640, 480)
        self.resize(1600, 1000)
        self._places = {place: _empty(place) for place in Place}
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._middle = QSplitter(Qt.Orientation.Vertical)
        for place in (Place.CANVAS, Place.STRIP):
            self._middle.addWidget(self._places[place])
        for widget in (self._places[Place.PALETTE], self._middle, self._places[Place.INSPECTOR]):
            self._sides.addWidget(widget)
        self._build()

    def _build(self) -> None:
        for splitter in (self._sides, self._middle):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._sides.setStretchFactor(1, 1)
        self._middle.setStretchFactor(0, 1)
        self._places[Place.TOP].setFixedHeight(HEIGHTS[Place.TOP])
        self._places[Place.STATUS].setFixedHeight(HEIGHTS[Place.STATUS])
        for place, least in ((Place.PALETTE, 168), (Place.INSPECTOR, 260)):
            self._places[place].setMinimumWidth(least)
        self._places[Place.CANVAS].setMinimumSize(320, 240)
        self._places[Place.STRIP].setMinimumHeight(96)
        whole = QWidget(self)
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._places[Place.TOP])
        rows.addWidget(self._sides, 1)
        rows.addWidget(self._places[Place.STATUS])
        self.setCentralWidget(whole)
        self.arrange()

    def arrange(self) -> None:
        """The panels at their first sizes."""
        left, right = times(WIDTHS[Place.PALETTE]), times(WIDTHS[Place.INSPECTOR])
        self._sides.setSizes([left, max(self.width() - left - right, 320), right])
        strip = HEIGHTS[Place.STRIP]
        rest = self.height() - HEIGHTS[Place.TOP] - HEIGHTS[Place.STATUS] - strip
        self._middle.setSizes([max(rest, 240), strip])

    def place(self, place: Place, widget: QWidget) -> None:
        """Fills a place."""
        layout = self._places[place].layout()
        assert layout is not None
        layout.addWidget(widget)

    def shown(self, place: Place) -> bool:
        return not self._places[place].isHidden()

    def toggle(self, place: Place) -> None:
        self._places[place].setHidden(self.shown(place))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)


def _empty(place: Place) -> QFrame:
    frame = QFrame()
    frame.setObjectName(f"place-{place}")
    frame.setProperty("place", str(place))
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return frame
