"""Where an output is to lead, chosen by keyboard: what fits comes first, the rest says why it does not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.document.takers import Taker

_TAKER = Qt.ItemDataRole.UserRole
_MOST = 500
"""So many rows are listed; more are found by typing."""
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class LinkList(QDialog):
    """`wanted` carries the `Taker` that was chosen."""

    wanted = Signal(object)

    def __init__(self, title: str, takers: Sequence[Taker], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("link-list")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Link {title} to…").format(title=title))
        self.resize(420, 420)
        self._takers = takers
        self.line = QLineEdit()
        self.line.setObjectName("link-search")
        self.line.setPlaceholderText(self.tr("Search inputs…"))
        self.line.setAccessibleName(self.tr("Search inputs"))
        self.list = QListWidget()
        self.list.setObjectName("link-inputs")
        self.list.setAccessibleName(self.tr("Inputs"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._why = QLabel()
        self._why.setProperty("role", "warning")
        self._why.setWordWrap(True)
        rows = QVBoxLayout(self)
        for widget in (self.line, self.list, self._why):
            rows.addWidget(widget)
        self.line.textChanged.connect(lambda _: self._fill())
        self.line.installEventFilter(self)
        self.list.currentItemChanged.connect(lambda now, _: self._show_why(now))
        self.list.itemActivated.connect(lambda _: self._choose())
        self._fill()

    def _fill(self) -> None:
        words = self.line.text().casefold().split()
        self.list.clear()
        for taker in self._takers:
            if all(word in taker.title.casefold() for word in words):
                self.list.addItem(self._item(taker))
                if self.list.count() == _MOST:
                    break
        self.list.setCurrentRow(0)
        if not self.list.count():
            self._why.setText(self.tr("No input is called so."))

    def _item(self, taker: Taker) -> QListWidgetItem:
        item = QListWidgetItem(taker.title)
        item.setData(_TAKER, taker)
        if taker.refused:
            words = self.tr("{title}, cannot be joined: {why}").format(title=taker.title, why=taker.refused)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setForeground(self.palette().placeholderText())
            item.setToolTip(taker.refused)
        return item

    def _show_why(self, item: QListWidgetItem | None) -> None:
        taker = item.data(_TAKER) if item is not None else None
        self._why.setText(taker.refused if isinstance(taker, Taker) else "")
        self.line.setAccessibleDescription(
            str(item.data(Qt.ItemDataRole.AccessibleTextRole) or item.text()) if item is not None else ""
        )

    def _choose(self) -> None:
        items = self.list.selectedItems()
        taker = items[0].data(_TAKER) if items else None
        if isinstance(taker, Taker) and not taker.refused:
            self.wanted.emit(taker)
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down move in the list while the line is typed in; Enter chooses."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                QApplication.sendEvent(self.list, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)
