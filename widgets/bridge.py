"""Our signals into Qt: however often a value changes, a widget hears of the newest at most once a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.basics.signal import Signal

T = TypeVar("T")
FRAME_MS = 16


class Latest(QObject, Generic[T]):
    """Calls `show(value)` with the newest value of a signal, once a frame at most; freed with its parent."""

    def __init__(self, signal: Signal[T], show: Callable[[T], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._value: list[T] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._speak)
        self._disconnect = signal.connect(self._hear)
        parent.destroyed.connect(lambda *_: self._disconnect())

    def _hear(self, value: T) -> None:
        self._value[:] = [value]
        if not self._timer.isActive():
            self._timer.start()

    def _speak(self) -> None:
        if self._value:
            self._show(self._value.pop())

    def flush(self) -> None:
        """Shows what waits, now."""
        self._timer.stop()
        self._speak()
