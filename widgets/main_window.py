"""The main window: it places the panels, nothing else.

It is painted empty first, before the canvas and the engine are imported; `place` then fills it.
"""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QSplitterHandle, QVBoxLayout, QWidget

from widgets.dressing import DIVIDED
from widgets.parts.sized import times


class Place(StrEnum):
    TOP = "top"
    PALETTE = "palette"
    LIBRARY = "library"
    CANVAS = "canvas"
    STRIP = "strip"
    INSPECTOR = "inspector"
    STATUS = "status"


SMALLEST = QSize(1024, 700)
WIDTHS = {Place.PALETTE: 215, Place.LIBRARY: 462, Place.INSPECTOR: 316}
FIRST = QSize(1600, 1000)
LEAST = QSize(640, 360)
"""A screen of 1280 × 720 at 200 %."""
FOLD_WIDTH, FOLD_HEIGHT = 860, 520
"""In a window that is narrower or lower, the palette or the results go out of the way."""
HEIGHTS = {Place.TOP: 48, Place.STRIP: 136, Place.STATUS: 26}


class MainWindow(QMainWindow):
    """`closing` is asked before the window closes: whoever listens may call `event.ignore()`."""

    closing = Signal(QCloseEvent)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Tagloom")
        self.setMinimumSize(LEAST)
        self.resize(_fitting(self.screen()))
        self._small: dict[Place, bool] = {}
        self._folded: set[Place] = set()
        self._places = {place: _empty(place) for place in Place}
        self._sides = _Splitter(Qt.Orientation.Horizontal)
        self._middle = _Splitter(Qt.Orientation.Vertical)
        for place in (Place.CANVAS, Place.STRIP):
            self._middle.addWidget(self._places[place])
        sides = (self._places[Place.PALETTE], self._places[Place.LIBRARY], self._middle)
        for widget in (*sides, self._places[Place.INSPECTOR]):
            self._sides.addWidget(widget)
        self._places[Place.LIBRARY].hide()
        self._build()

    def _build(self) -> None:
        for splitter in (self._sides, self._middle):
            splitter.setProperty(DIVIDED, True)
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self._sides.setStretchFactor(2, 1)
        self._middle.setStretchFactor(0, 1)
        self._places[Place.TOP].setFixedHeight(HEIGHTS[Place.TOP])
        self._places[Place.STATUS].setFixedHeight(HEIGHTS[Place.STATUS])
        for place, least in ((Place.PALETTE, 150), (Place.LIBRARY, 160), (Place.INSPECTOR, 250)):
            self._places[place].setMinimumWidth(least)
        self._places[Place.CANVAS].setMinimumSize(220, 120)
        self._places[Place.STRIP].setMinimumHeight(96)
        whole = QWidget(self)
        whole.setProperty(DIVIDED, True)
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
        left, shelf, right = (times(width) for width in WIDTHS.values())
        self._sides.setSizes([left, shelf, max(self.width() - left - right, 320), right])
        strip = HEIGHTS[Place.STRIP]
        rest = self.height() - HEIGHTS[Place.TOP] - HEIGHTS[Place.STATUS] - strip
        self._middle.setSizes([max(rest, 240), strip])

    def place(self, place: Place, widget: QWidget) -> None:
        """Fills a place."""
        layout = self._places[place].layout()
        assert layout is not None
        layout.addWidget(widget)

    def place_of(self, place: Place) -> QWidget:
        """What holds the panel of a place, which may be made later."""
        return self._places[place]

    def shown(self, place: Place) -> bool:
        return not self._places[place].isHidden()

    def toggle(self, place: Place) -> None:
        self._folded.discard(place)
        self._places[place].setHidden(self.shown(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold(Place.PALETTE, self.width() < FOLD_WIDTH)
        self._fold(Place.STRIP, self.height() < FOLD_HEIGHT)

    def _fold(self, place: Place, small: bool) -> None:
        """What was put away for lack of room comes back with it."""
        if small == self._small.get(place, False):
            return
        self._small[place] = small
        if small and self.shown(place):
            self._folded.add(place)
            self._places[place].hide()
        elif not small and place in self._folded:
            self._folded.remove(place)
            self._places[place].show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)


class _Splitter(QSplitter):
    """Of the window, which no style sheet reaches."""

    def createHandle(self) -> QSplitterHandle:
        handle = _Handle(self.orientation(), self)
        handle.setProperty(DIVIDED, True)
        return handle


class _Handle(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().mid())
        painter.end()


def _fitting(screen: QScreen) -> QSize:
    """`FIRST`, or what there is room for. The screen of the platform without one is 800 × 800, which no
    program is made for."""
    if QGuiApplication.platformName() == "offscreen":
        return FIRST
    return FIRST.boundedTo(screen.availableSize()).expandedTo(LEAST)


def _empty(place: Place) -> QFrame:
    frame = QFrame()
    frame.setObjectName(f"place-{place}")
    frame.setProperty("place", str(place))
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return frame
