"""Every command by its name: a child of the window, not a popup, so that input methods work in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.commands import Command, Commands, native, unmarked
from widgets.messages import listed
from widgets.parts.focus import give_back
from widgets.parts.fuzzy import best
from widgets.theme import CAPTION, Themes, font

WIDTH, HEIGHT = 560, 432
_ROW = 34
GAP = 12
_ELIDED = Qt.TextElideMode.ElideRight
_ID = Qt.ItemDataRole.UserRole
_MENU = Qt.ItemDataRole.UserRole + 1
_SIDE = Qt.ItemDataRole.UserRole + 2
_CAN = Qt.ItemDataRole.UserRole + 3
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
_PAGES = {Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class CommandPalette(QFrame):
    """Enter does what is chosen, Esc and a click elsewhere close it with nothing. What cannot be done is
    listed with its reason. `left_out` are ids that need not be found here."""

    closed = Signal()

    def __init__(
        self, commands: Commands, themes: Themes, parent: QWidget, left_out: tuple[str, ...] = ("commands",)
    ) -> None:
        super().__init__(parent)
        self._over, self._commands, self._left_out = parent, commands, left_out
        self._recent: list[str] = []
        self._came_from: QWidget | None = None
        self.setProperty("role", "card")
        self.setObjectName("command-palette")
        self.setAccessibleName(self.tr("Commands"))
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("Type a command…"))
        self.line.setAccessibleName(self.tr("Search commands"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Commands found"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.viewport().setAutoFillBackground(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Row(themes, self.list))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(10, 10, 10, 10)
        rows.setSpacing(8)
        rows.addWidget(self.line)
        rows.addWidget(self.list)
        self.line.textChanged.connect(self._find)
        self.line.returnPressed.connect(self.accept)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        self._over.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        if self.isHidden():
            self.open()
        else:
            self.close_empty()

    def open(self) -> None:
        self._came_from = QApplication.focusWidget()
        self._commands.refresh()
        self._lie()
        self.line.clear()
        self._find("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def _lie(self) -> None:
        """In the upper middle of the window."""
        room = self._over.rect()
        wide, tall = min(WIDTH, room.width() - 40), min(HEIGHT, room.height() - 120)
        self.setGeometry(QRect((room.width() - wide) // 2, 72, wide, tall))

    def found(self) -> list[str]:
        """The ids that are listed, best first."""
        return [str(self.list.item(row).data(_ID)) for row in range(self.list.count())]

    def accept(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._do(item)

    def close_empty(self) -> None:
        if not self.isHidden():
            self.hide()
            give_back(self._came_from)
            self._came_from = None
            self.closed.emit()

    def _do(self, item: QListWidgetItem) -> None:
        """What cannot be done stays listed with its reason."""
        id = str(item.data(_ID))
        if not self._commands.command(id).when():
            return
        self._recent = [id, *(one for one in self._recent if one != id)]
        self.close_empty()
        self._commands.action(id).trigger()

    def _find(self, text: str) -> None:
        """Recent commands come first where nothing is typed, and where names answer as well."""
        offered = {one.id: one for one in self._commands if one.id not in self._left_out}
        order = [id for id in self._recent if id in offered]
        order += [id for id in offered if id not in order]
        choices = [(id, _names(offered[id])) for id in order]
        self.list.clear()
        for id in best(text, choices):
            self.list.addItem(self._item(offered[id]))
        self.list.setCurrentRow(0)

    def _item(self, command: Command) -> QListWidgetItem:
        can = command.when()
        keys = "".join(native(self._commands.keys(command.id)[:1])) or command.title.partition("\t")[2]
        side = keys if can else command.why or self.tr("Not possible now")
        item = QListWidgetItem(command.words)
        item.setData(_ID, command.id)
        item.setData(_MENU, unmarked(command.menu))
        item.setData(_SIDE, side)
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole, listed((command.words, side)) if side else command.words
        )
        item.setToolTip(command.tip)
        item.setData(_CAN, can)
        return item

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the line keeps the keyboard; the window's size is followed."""
        if watched is self._over:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._lie()
            return False
        if isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut and watched is self.line and self.isVisible():
            self.close_empty()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        ours = key in _STEPS or key in _PAGES or key == Qt.Key.Key_Escape
        if not ours:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and key == Qt.Key.Key_Escape:
            self.close_empty()
        elif event.type() == QEvent.Type.KeyPress and self.list.count():
            self._walk(key)
        return True

    def _walk(self, key: Qt.Key) -> None:
        row, count = self.list.currentRow(), self.list.count()
        if key in _STEPS:
            self.list.setCurrentRow((row + _STEPS[key]) % count)
        else:
            self.list.setCurrentRow(max(0, min(count - 1, row + _PAGES[key])))


def _names(command: Command) -> tuple[str, ...]:
    menu = unmarked(command.menu)
    return (command.words, f"{menu} {command.words}", command.tip, command.id.replace("-", " "))


class _Row(QStyledItemDelegate):
    """The title, its menu, and at the right its keys or why it cannot be done."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _ROW)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The words are painted below: the style sheet knows no colour for what cannot be done."""
        super().initStyleOption(option, index)
        option.text = ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        rect: QRect = option.rect.adjusted(11, 0, -14, 0)
        title, middle = str(index.data()), Qt.AlignmentFlag.AlignVCenter
        muted = self._themes.theme.colour("muted")
        painter.save()
        painter.setPen(self._themes.theme.colour("text") if index.data(_CAN) else muted)
        painter.drawText(rect, middle, option.fontMetrics.elidedText(title, _ELIDED, rect.width()))
        painter.setPen(muted)
        painter.setFont(font(CAPTION))
        rest = rect.adjusted(option.fontMetrics.horizontalAdvance(title) + 13, 1, 0, 0)
        side, menu = _side_and_menu(
            painter.fontMetrics(), str(index.data(_SIDE)), str(index.data(_MENU)), rest
        )
        painter.drawText(rest, middle, menu)
        painter.drawText(rest, middle | Qt.AlignmentFlag.AlignRight, side)
        painter.restore()


def _side_and_menu(metrics: QFontMetrics, side: str, menu: str, room: QRect) -> tuple[str, str]:
    """What is said at the right comes first; the menu is left out where it would not stand whole."""
    shown = metrics.elidedText(side, _ELIDED, max(0, room.width()))
    left = room.width() - metrics.horizontalAdvance(shown) - GAP
    return shown, menu if metrics.horizontalAdvance(menu) <= left else ""
