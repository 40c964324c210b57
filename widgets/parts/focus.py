"""The keyboard goes back to where it came from."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


def give_back(widget: QWidget | None) -> None:
    """Nothing where it has gone or is hidden by now: a panel may have been made anew meanwhile."""
    if widget is not None and isValid(widget) and widget.isVisible():  # type: ignore[no-untyped-call]
        widget.setFocus()
