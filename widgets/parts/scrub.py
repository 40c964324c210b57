"""A wheel that goes from one thing to the next."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent

NOTCH = 120
"""Eighths of a degree: a step of a plain wheel."""


class Scrub:
    """Fine wheels add up to whole steps."""

    def __init__(self) -> None:
        self._rest = 0

    def turned(self, event: QWheelEvent) -> int:
        """By how many steps, down being further."""
        angle = event.angleDelta()
        self._rest += angle.y() or angle.x()  # Qt turns a wheel across while Alt is held
        steps = int(self._rest / NOTCH)
        self._rest -= steps * NOTCH
        return -steps
