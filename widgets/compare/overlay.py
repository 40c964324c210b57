"""What lies over the whole window and takes the keyboard until it is put away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from widgets.parts.inside import inside

PLAIN = Qt.KeyboardModifier.NoModifier


class Overlay(QWidget):
    """Follows the size of its window. `own_keys` are not taken by the window's commands meanwhile. Tab stays
    inside."""

    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        over.installEventFilter(self)
        self.hide()

    def cover(self) -> None:
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def put_away(self) -> None:
        self.hide()
        self.closed.emit()

    def own_key(self, key: int, held: Qt.KeyboardModifier) -> bool:
        """Whether a key means something here."""
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._over.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(self.own_key(event.key(), held_with(event)))
            return True
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """In the order in which they were put there; the picture itself is one of them."""
        among = [self, *(one for one in inside(self) if one.isVisible() and _takes_tab(one))]
        now = self.focusWidget()
        place = among.index(now) if now in among else 0
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        among[(place + (1 if next else -1)) % len(among)].setFocus(reason)
        return True


def held_with(event: QKeyEvent) -> Qt.KeyboardModifier:
    """Of the modifiers those that count: whether a key lies on the number pad does not."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _takes_tab(one: QWidget) -> bool:
    return one.isEnabled() and bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)
