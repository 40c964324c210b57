"""How often each tone is in the picture that is looked at: counted in a thread, drawn as curves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.basics.faults import Fault
from app.basics.threads import give_way
from app.imaging.tones import Counts, Tones, tones_of
from app.imaging.viewing import looked_at
from widgets.theme import Theme

WIDTH, HEIGHT = 276.0, 132.0
"""Px of the whole, with its frame."""
_PAD = 10.0
_COLOURS = (("#ff5a5a", "red"), ("#3fd07f", "green"), ("#5a8cff", "blue"))
_FILL = 90
_PEAKS = 4


class ToneCounter(QObject):
    """`changed` when the tones of the picture asked for last are there; `tones` is None before."""

    changed = Signal()
    _came = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.tones: Tones | None = None
        self._asked: Path | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="tones", initializer=give_way)
        self._closed = False
        self._came.connect(self._take)

    def ask(self, path: Path, halvings: int) -> None:
        """Once for each picture. Of one that is too large for the memory a part of the pixels is counted."""
        if path != self._asked and not self._closed:
            self._asked, self.tones = path, None
            self._threads.submit(self._count, path, halvings)

    def clear(self) -> None:
        self._asked = self.tones = None

    def close(self) -> None:
        self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _count(self, path: Path, halvings: int) -> None:
        """In the thread. A picture that cannot be read has no tones; who shows it says so."""
        if self._closed or path != self._asked:
            return
        try:
            tones = tones_of(looked_at(path, halvings))
        except Fault:
            return
        if not self._closed:
            self._came.emit(path, tones)

    def _take(self, path: object, tones: object) -> None:
        assert isinstance(tones, Tones)
        if path == self._asked:
            self.tones = tones
            self.changed.emit()


def draw_histogram(
    painter: QPainter, theme: Theme, tones: Tones | None, corner: QPointF, waiting: str
) -> QRectF:
    """`corner` is its upper right one; `waiting` is said until the tones are there. In px."""
    rect = QRectF(corner.x() - WIDTH, corner.y(), WIDTH, HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("line"))
    painter.setBrush(theme.colour("card", 240))
    painter.drawRoundedRect(rect, 8, 8)
    inner = rect.adjusted(_PAD, _PAD, -_PAD, -_PAD)
    if tones is None:
        painter.setPen(theme.colour("muted"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, waiting)
    else:
        most = _ceiling(tones)
        adding = QPainter.CompositionMode.CompositionMode_Screen
        painter.setCompositionMode(
            adding if theme.dark else QPainter.CompositionMode.CompositionMode_Multiply
        )
        for name, which in _COLOURS:
            colour = QColor(name)
            painter.setPen(QPen(colour, 1))
            colour.setAlpha(_FILL)
            painter.setBrush(colour)
            painter.drawPath(_curve(getattr(tones, which), most, inner))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("text"), 1.4))
        painter.drawPath(_curve(tones.luminance, most, inner))
    painter.restore()
    return rect


def _ceiling(tones: Tones) -> int:
    """The highest count but a few: black and white of a cut-out, and single flat colours, go over it."""
    curves: tuple[Counts, ...] = (tones.red, tones.green, tones.blue, tones.luminance)
    within = max(sorted(curve[1:-1])[-_PEAKS] for curve in curves)
    return within or max(max(curve) for curve in curves) or 1


def _curve(counts: Counts, most: int, rect: QRectF) -> QPainterPath:
    path = QPainterPath(rect.bottomLeft())
    step = rect.width() / (len(counts) - 1)
    for level, count in enumerate(counts):
        height = min(1.0, count / most) * rect.height()
        path.lineTo(rect.left() + level * step, rect.bottom() - height)
    path.lineTo(rect.bottomRight())
    return path
