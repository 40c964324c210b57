"""The graph as a list, for the keyboard and for screen readers: every key of the canvas works here too."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from widgets.outline.model import ROW, Index, OutlineModel
from widgets.outline.rows import Key, Row, Sight
from widgets.theme import CAPTION, Themes, font

HEIGHT = 40
_DOT = 8
_SELECT = QItemSelectionModel.SelectionFlag


class Tree(QTreeView):
    """`acted` is given every key first, and says whether it was one of its own."""

    opened = Signal(object)
    """A key was to be opened (Enter)."""
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.acted: Callable[[QKeyEvent], bool] = lambda event: False
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QTreeView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda index: self.opened.emit(self._outline().key(index)))

    def _outline(self) -> OutlineModel:
        model = self.model()
        assert isinstance(model, OutlineModel)
        return model

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QTreeView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.opened.emit(self._outline().key(self.currentIndex()))
        elif self.acted(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """The arrow alone, in the colour of the theme: the style would paint the selection behind it."""
        painter.fillRect(rect, self.palette().window())
        if not self._outline().hasChildren(index):
            return
        middle, wide = rect.center(), 4
        x, y = rect.right() - self.indentation() // 2 + 1, middle.y()
        down = self.isExpanded(index)
        tips = [(-wide, -2), (0, 2), (wide, -2)] if down else [(-2, -wide), (2, 0), (-2, wide)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().placeholderText().color(), 1.5))
        painter.drawPolyline([QPointF(x + dx, y + dy) for dx, dy in tips])
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button at a row, or the menu key at the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        at = self.visualRect(index).bottomLeft() if by_key else event.pos()
        self.menu_wanted.emit(self._outline().key(index), self.viewport().mapToGlobal(at))


class Outline(QFrame):
    """`chosen` carries the keys selected here by hand."""

    chosen = Signal(object)

    def __init__(self, sight: Sight, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("outline")
        self.setProperty("role", "panel")
        self.model = OutlineModel(sight, self)
        self.tree = Tree(self)
        self.tree.setObjectName("outline-tree")
        self.tree.setAccessibleName(self.tr("Outline of the graph"))
        self.tree.setAccessibleDescription(
            self.tr("Nodes with their inputs. Enter opens, F2 renames, Delete deletes, Shift+A adds.")
        )
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(_Delegate(themes, self.tree))
        self.setFocusProxy(self.tree)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(4, 6, 4, 0)
        rows.addWidget(self.tree)
        self._quiet = False
        self._open: list[Key] = []
        self._listen(themes)
        self._expand_frames()

    def _listen(self, themes: Themes) -> None:
        self.tree.selectionModel().selectionChanged.connect(lambda *_: self._say())
        self.model.modelAboutToBeReset.connect(self._remember)
        self.model.modelReset.connect(self._recall)
        self.model.rowsInserted.connect(self._inserted)
        themes.changed.connect(lambda _: self.tree.viewport().update())

    def show_sight(self, sight: Sight) -> None:
        """Anew, without telling that rows which are gone are no longer selected."""
        self._quiet = True
        try:
            self.model.show(sight)
        finally:
            self._quiet = False

    def _expand_frames(self, rows: Iterable[int] | None = None) -> None:
        for row in range(self.model.rowCount()) if rows is None else rows:
            index = self.model.index(row, 0)
            key = self.model.key(index)
            if key is not None and key.what == "frame":
                self.tree.expand(index)

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if not parent.isValid():
            self._expand_frames(range(first, last + 1))

    def _remember(self) -> None:
        self._open = [key for key in self.model.opened() if self.tree.isExpanded(self.model.index_of(key))]

    def _recall(self) -> None:
        self._expand_frames()
        for key in self._open:
            index = self.model.index_of(key)
            if index.isValid():
                self.tree.expand(index)

    # --- the selection ---

    def keys(self) -> tuple[Key, ...]:
        found = (self.model.key(index) for index in self.tree.selectionModel().selectedRows())
        return tuple(key for key in found if key is not None)

    def current(self) -> Key | None:
        """The row that the keyboard is at."""
        return self.model.key(self.tree.currentIndex())

    def _say(self) -> None:
        if not self._quiet:
            self.chosen.emit(self.keys())

    def select(self, keys: Iterable[Key]) -> None:
        """What is selected elsewhere; it is not told again."""
        wanted = [index for key in keys if (index := self.model.index_of(key)).isValid()]
        if {*wanted} == {*self.tree.selectionModel().selectedRows()}:
            return
        chosen = QItemSelection()
        for first, last in _runs(wanted):
            chosen.select(first, last)
        self._quiet = True
        try:
            self.tree.selectionModel().select(chosen, _SELECT.ClearAndSelect)
            if wanted and self.tree.currentIndex() not in wanted:
                self.tree.selectionModel().setCurrentIndex(wanted[-1], _SELECT.NoUpdate)
            if wanted:
                self.tree.scrollTo(self.tree.currentIndex())
        finally:
            self._quiet = False

    def edit(self, key: Key) -> None:
        """The title (of a link: the tag) is written in its row."""
        index = self.model.index_of(key)
        if index.isValid() and self.model.can_edit(key):
            self.tree.setCurrentIndex(index)
            self.tree.edit(index)


def _runs(indexes: Iterable[QModelIndex]) -> list[tuple[QModelIndex, QModelIndex]]:
    """Rows that follow each other, as first and last: Qt is slow with thousands of single ones."""
    runs: list[tuple[QModelIndex, QModelIndex]] = []
    ordered = sorted(indexes, key=lambda index: (index.parent().row(), index.row()))
    for index in ordered:
        last = runs[-1][1] if runs else None
        if last is not None and last.row() + 1 == index.row() and last.parent() == index.parent():
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


class _Delegate(QStyledItemDelegate):
    """A dot and a title, and under it what is to be told."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, theme = index.data(ROW), self._themes.theme
        assert isinstance(row, Row)
        box = QRect(option.rect).adjusted(0, 1, -4, -1)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent", 60) if chosen else theme.colour("hover"))
            painter.drawRoundedRect(box, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(row.role))
        painter.drawEllipse(QRectF(box.left() + 6, box.top() + 8, _DOT, _DOT))
        room = box.adjusted(20, 2, -4, 0)
        for text, size, role, top in ((row.title, 13, "text", 0), (row.told, CAPTION, row.mood, 18)):
            face = font(size)
            painter.setFont(face)
            painter.setPen(theme.colour(role))
            line = QRect(room.left(), room.top() + top, room.width(), 18)
            words = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def createEditor(self, parent: QWidget | None, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setObjectName("outline-title")
        line.setAccessibleName(self.tr("Title or tag"))
        return line

    def setModelData(self, editor: QWidget, model: object, index: object) -> None:
        assert isinstance(editor, QLineEdit)
        assert isinstance(model, OutlineModel)
        assert isinstance(index, QModelIndex | QPersistentModelIndex)
        model.setData(index, editor.text())
