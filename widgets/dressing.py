"""The style sheet of a window, on each of its parts by itself.

Qt dresses a widget and all that lies in it in one call. For a whole window, with its hidden dialogs, that is
longer than a hand can be kept waiting; for a part it is a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QChildEvent, QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

DIVIDED = "divided"
"""The property of a widget that has no look of its own: the parts are what lies in it."""


class Dressing(QObject):
    """Of one window. A part that is hidden is dressed when it is shown; what joins the window later, a dialog
    for instance, before it is shown."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._sheet = ""
        self._late: set[QWidget] = set()
        window.installEventFilter(self)

    @property
    def sheet(self) -> str:
        return self._sheet

    def dress(self, sheet: str) -> None:
        for step in self.steps(sheet):
            step()

    def steps(self, sheet: str) -> list[Callable[[], object]]:
        """The same, a part at a time: to be called one after the other."""
        self._sheet = sheet
        self._late = {part for part in self._late if _is_there(part)}
        now: list[Callable[[], object]] = []
        for part in parts(self._window):
            if part.isHidden():
                self._leave(part)
            else:
                now.append(partial(self._dress, part))
        return now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if isinstance(event, QChildEvent) and event.polished():
                self._welcome(event.child())
        elif event.type() == QEvent.Type.Show and watched in self._late:
            assert isinstance(watched, QWidget)
            self._dress(watched)
        return False

    def _welcome(self, child: QObject) -> None:
        if isinstance(child, QWidget) and not child.property(DIVIDED):
            self._dress(child)

    def _leave(self, part: QWidget) -> None:
        if part not in self._late:
            self._late.add(part)
            part.installEventFilter(self)

    def _dress(self, part: QWidget) -> None:
        if not _is_there(part):
            return
        if part in self._late:
            self._late.remove(part)
            part.removeEventFilter(self)
        if part.styleSheet() != self._sheet:
            part.setStyleSheet(self._sheet)


def parts(window: QWidget) -> Iterator[QWidget]:
    for child in window.children():
        if not isinstance(child, QWidget):
            continue
        if child.property(DIVIDED):
            yield from parts(child)
        else:
            yield child


def dressing_of(window: QWidget) -> Dressing:
    """The one that a window has."""
    return next((child for child in window.children() if isinstance(child, Dressing)), None) or Dressing(
        window
    )


def _is_there(part: QWidget) -> bool:
    """Qt may have deleted it."""
    return bool(isValid(part))  # type: ignore[no-untyped-call]
