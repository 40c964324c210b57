"""All that stands in a widget."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget


def inside(whole: QWidget) -> Iterator[QWidget]:
    """In the order in which it was put there. Not by `findChildren`: what Qt made itself (a list's scroll
    bars) PySide then keeps, long after it is gone, until that goes which was asked."""
    for one in whole.children():
        if isinstance(one, QWidget):
            yield one
            yield from inside(one)
