"""Kept pieces of prompts in a prompt's field: `/` lists them, the menu keeps what is selected."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QPlainTextEdit, QToolTip, QWidget

from app.basics.faults import Fault
from app.preferences.snippets import Snippet, Snippets

_BEGUN = re.compile(r"(?:^|\s)[/／]([^\s/／]{0,30})$")
MOST_SEEN = 5
MOST_IN_MENU = 30
_PARAGRAPH = "\u2029"
"""What Qt writes for a line's end in a selection."""


class Snippeting(QObject):
    """Lives with its field. `say` hears why a piece could not be kept."""

    def __init__(self, field: QPlainTextEdit, snippets: Snippets, say: Callable[[Fault], None]) -> None:
        super().__init__(field)
        self._field, self._snippets, self._say = field, snippets, say
        self.list = SnippetList(field)
        self.list.chosen.connect(self._complete)
        field.cursorPositionChanged.connect(self._offer)
        field.installEventFilter(self)
        field.viewport().installEventFilter(self)

    # --- typing ---

    def _begun(self) -> str | None:
        """What is written behind the last slash before the cursor; None where there is none."""
        cursor = self._field.textCursor()
        if cursor.hasSelection():
            return None
        found = _BEGUN.search(cursor.block().text()[: cursor.positionInBlock()])
        return found.group(1) if found else None

    def _offer(self) -> None:
        begun = self._begun() if self._field.hasFocus() else None
        if begun is None:
            self.list.hide()
            return
        below = self._field.cursorRect().bottomLeft() + self._field.viewport().pos()
        self.list.offer(self._snippets.starting(begun), below)

    def _complete(self, title: str) -> None:
        """The words instead of the slash and what followed it."""
        begun = self._begun()
        if begun is not None:
            cursor = self._field.textCursor()
            back = QTextCursor.MoveOperation.Left
            cursor.movePosition(back, QTextCursor.MoveMode.KeepAnchor, len(begun) + 1)
            self._field.setTextCursor(cursor)
        self._insert(title)

    def _insert(self, title: str) -> None:
        known = next((one for one in self._snippets.all() if one.title == title), None)
        if known is not None:
            self._field.textCursor().insertText(known.text)
        self.list.hide()

    # --- the menu ---

    def menu(self) -> QMenu:
        """The field's own menu, and what can be done with pieces."""
        menu = self._field.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        keep = menu.addAction(self.tr("Keep as snippet"))
        keep.setObjectName("keep-snippet")
        keep.setEnabled(self._field.textCursor().hasSelection())
        keep.triggered.connect(self.keep)
        known = self._snippets.all()[:MOST_IN_MENU]
        insert = menu.addMenu(self.tr("Insert snippet"))
        remove = menu.addMenu(self.tr("Remove snippet"))
        for submenu, what in ((insert, self._insert), (remove, self._remove)):
            submenu.setEnabled(bool(known))
            for one in known:
                action = submenu.addAction(one.title.replace("&", "&&"))
                action.setToolTip(one.text)
                action.triggered.connect(partial(_call, what, one.title))
        return menu

    def keep(self) -> None:
        """What is selected, under its first words."""
        text = self._field.textCursor().selectedText().replace(_PARAGRAPH, "\n")
        try:
            kept = self._snippets.keep(text)
        except Fault as fault:
            self._say(fault)
            return
        at = self._field.viewport().mapToGlobal(self._field.cursorRect().bottomLeft())
        words = self.tr("Kept as “{title}”. Type / to insert it anywhere.").format(title=kept.title)
        QToolTip.showText(at, words, self._field)

    def _remove(self, title: str) -> None:
        try:
            self._snippets.remove(title)
        except Fault as fault:
            self._say(fault)

    # --- events of the field ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            self.menu().popup(event.globalPos())
            return True
        if watched is not self._field:
            return False
        if event.type() == QEvent.Type.FocusOut:
            self.list.hide()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        return self.list.isVisible() and self._key(Qt.Key(event.key()))

    def _key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Down:
                self.list.step(1)
            case Qt.Key.Key_Up:
                self.list.step(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                self._complete(self.list.current())
            case Qt.Key.Key_Escape:
                self.list.hide()
            case _:
                return False
        return True


class SnippetList(QListWidget):
    """Under the cursor; the field keeps the keyboard. `chosen` carries a title."""

    chosen = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("snippets")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Snippets"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.itemClicked.connect(lambda item: self.chosen.emit(str(item.data(Qt.ItemDataRole.UserRole))))
        self.hide()

    def offer(self, snippets: Sequence[Snippet], at: QPoint) -> None:
        """Below a point of the field, or above where there is no room; nothing to choose hides it."""
        self.clear()
        for one in snippets:
            line = " ".join(one.text.split())
            item = QListWidgetItem(one.title if line == one.title else f"{one.title}\n{line}")
            item.setData(Qt.ItemDataRole.UserRole, one.title)
            item.setToolTip(one.text)
            self.addItem(item)
        if not snippets:
            self.hide()
            return
        room = self._over.rect()
        width = min(300, max(room.width() - 8, 160))
        tall = sum(self.sizeHintForRow(row) for row in range(min(self.count(), MOST_SEEN))) + 8
        below = at.y() + 4
        y = below if below + tall <= room.height() else max(at.y() - tall - 24, 0)
        self.setGeometry(min(at.x(), max(room.width() - width - 4, 0)), y, width, tall)
        self.setCurrentRow(0)
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        self.setCurrentRow((self.currentRow() + by) % self.count())

    def current(self) -> str:
        return str(self.currentItem().data(Qt.ItemDataRole.UserRole))


def _call(what: Callable[[str], None], title: str, *_: object) -> None:
    what(title)
