"""A gesture is an object: it begins with a press, moves, and ends as one edit or is cancelled as none."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt

Modifiers = Qt.KeyboardModifier


class Gesture(Protocol):
    """`at` is a point of the viewport, in px."""

    def move(self, at: QPointF, modifiers: Modifiers) -> None: ...

    def end(self, at: QPointF, modifiers: Modifiers) -> None: ...

    def cancel(self) -> None:
        """Puts back what `move` showed. The document was not touched."""
        ...


def has(modifiers: Modifiers, wanted: Modifiers) -> bool:
    return bool(modifiers & wanted)
