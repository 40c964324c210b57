"""The keyboard's way through a panel or a dialog, and whether one sees where it is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTextBrowser, QWidget

from tests.widgets.bench import turns

LINKS = 60
"""In a page of text Tab goes from link to link before it leaves."""


async def out_of_order(whole: QWidget, first: QWidget) -> list[str]:
    """Presses Tab from `first` until it leaves or comes round: what was not reached, and every second step
    back against the order in which people read."""
    wanted = controls(whole)
    seen: list[QWidget] = []
    focus: QWidget | None = first
    while focus is not None and focus not in seen and (focus is whole or whole.isAncestorOf(focus)):
        seen.append(focus)
        for _ in range(LINKS):
            QTest.keyClick(focus, Qt.Key.Key_Tab)
            await turns(0.02)
            if QApplication.focusWidget() is not focus or not isinstance(focus, QTextBrowser):
                break
        focus = QApplication.focusWidget()
    missed = [one for one in wanted if one not in seen and not _beside_another(one, seen)]
    back = [two for one, two in pairwise(seen) if _goes_back(one, two, whole)]
    return [f"missed: {told(one)}" for one in missed] + [f"back to: {told(one)}" for one in back[1:]]


async def unseen(whole: QWidget) -> list[str]:
    """What looks the same with the keyboard and without."""
    found = []
    every = controls(whole)
    for one, other in zip(every, (*every[1:], *every[:1]), strict=True):
        pictures = []
        for focused in (other, one):
            focused.setFocus(Qt.FocusReason.TabFocusReason)
            await turns(0.02)
            pictures.append(whole.grab(_place(one, whole).adjusted(-3, -3, 3, 3)).toImage())
        if one is not other and pictures[0] == pictures[1]:
            found.append(told(one))
    return found


def controls(whole: QWidget) -> list[QWidget]:
    """What takes the keyboard by Tab and can be seen."""
    return [
        one
        for one in (whole, *whole.findChildren(QWidget))
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.focusProxy() is None and one.isVisibleTo(whole)
    ]  # fmt: skip


def told(one: QWidget) -> str:
    return f"{type(one).__name__} {one.objectName()} {one.accessibleName()}".strip()


def _place(one: QWidget, whole: QWidget) -> QRect:
    return one.rect().translated(one.mapTo(whole, QPoint(0, 0)) if one is not whole else QPoint(0, 0))


def _goes_back(one: QWidget, two: QWidget, whole: QWidget) -> bool:
    """Whether the second stands before the first: above it, or in its row to the left."""
    first, second = _place(one, whole), _place(two, whole)
    same_row = first.top() <= second.center().y() <= first.bottom()
    return second.left() < first.left() if same_row else second.top() < first.top()


def _beside_another(one: QWidget, seen: Sequence[QWidget]) -> bool:
    """A choice of several, which arrows reach."""
    group = one.group() if isinstance(one, QAbstractButton) else None
    return group is not None and any(other in seen for other in group.buttons())
