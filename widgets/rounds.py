"""F6 and Shift+F6: from panel to panel, also out of the canvas, where Tab opens the search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from widgets.commands import Command, Commands
from widgets.parts.inside import inside


class Rounds(QObject):
    """`panels` in the order in which they are walked; those that cannot be entered are passed over."""

    def __init__(self, panels: Sequence[QWidget], commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._panels = panels
        self._window = parent
        menu = self.tr("&View")
        for id, title, by in (
            ("next-panel", self.tr("Ne&xt panel"), 1),
            ("previous-panel", self.tr("Pre&vious panel"), -1),
        ):
            commands.add(Command(id=id, title=title, menu=menu, what=partial(self.go, by)))

    def go(self, by: int) -> bool:
        """Into the next panel; whether there is one to go to."""
        focus: QWidget | None = self._window.focusWidget()
        here = next((at for at, one in enumerate(self._panels) if _within(one, focus)), -1)
        count = len(self._panels)
        start = here if here >= 0 else -by
        return any(_enter(self._panels[(start + by * step) % count]) for step in range(1, count + 1))


def _within(panel: QWidget, focus: QWidget | None) -> bool:
    return focus is not None and (panel is focus or panel.isAncestorOf(focus))


def _enter(panel: QWidget) -> bool:
    """The first widget of a panel that Tab would reach."""
    if not panel.isVisible():
        return False
    there = (panel.focusProxy() or panel, *inside(panel))
    first = next((one for one in there if _takes_keys(one)), None)
    if first is not None:
        first.setFocus(Qt.FocusReason.TabFocusReason)
    return first is not None


def _takes_keys(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
