"""The steps of the document, to jump in: a card over the canvas, so that the keys of undo go on working."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.document.editor import Editor
from widgets.bridge import Latest
from widgets.theme import BODY, Themes, font

WIDTH, ROW, EDGE = 268, 26, 14
AnyIndex = QModelIndex | QPersistentModelIndex


class History(QFrame):
    """`closed` comes when it is put away. Enter or a click jumps to a step; arrows only look."""

    closed = Signal()

    def __init__(self, editor: Editor, themes: Themes, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("history")
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("History"))
        self._editor, self._over = editor, over
        self._model = Steps(editor, self)
        self.list = QListView(self)
        self.list.setObjectName("history-list")
        self.list.setAccessibleName(self.tr("Steps of the document"))
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setStyleSheet("QListView { background: transparent; }")
        self.list.setItemDelegate(Row(self._model, themes, self.list))
        self.list.clicked.connect(lambda index: self._jump(index.row()))
        self.list.installEventFilter(self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 6, 8, 8)
        rows.setSpacing(4)
        rows.addLayout(self._head())
        rows.addWidget(self.list, 1)
        Latest(editor.changed, lambda _: self.refresh(), self)
        over.installEventFilter(self)
        self.hide()

    def _head(self) -> QHBoxLayout:
        line = QHBoxLayout()
        title = QLabel(self.tr("History"))
        title.setProperty("role", "title")
        title.setContentsMargins(6, 0, 0, 0)
        close = QPushButton("✕")
        close.setObjectName("history-close")
        close.setProperty("segment", True)
        close.setProperty("sign", True)
        close.setFixedSize(26, 26)
        close.setToolTip(self.tr("Close (Esc)"))
        close.setAccessibleName(self.tr("Close the history"))
        close.clicked.connect(self.shut)
        line.addWidget(title, 1)
        line.addWidget(close)
        return line

    def toggle(self) -> None:
        if self.isHidden():
            self.open()
        else:
            self.shut()

    def open(self) -> None:
        self.show()
        self.raise_()
        self.refresh()
        self.list.setFocus()

    def shut(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def refresh(self) -> None:
        """Nothing is made while nobody looks."""
        if self.isHidden():
            return
        self._model.refresh()
        here = self._model.index(self._editor.position, 0)
        self.list.setCurrentIndex(here)
        self.list.scrollTo(here)
        self._place()

    def _jump(self, row: int) -> None:
        self._editor.jump(row)
        self.refresh()

    def _place(self) -> None:
        """The upper left corner of the canvas, as tall as its steps need and the canvas has room for."""
        wanted = self._model.rowCount() * ROW + 54
        room = self._over.height() - 2 * EDGE
        self.setGeometry(EDGE, EDGE, WIDTH, max(min(wanted, room, 460), 96))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.shut()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        pressed = watched is self.list and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in enter:
            self._jump(self.list.currentIndex().row())
            return True
        return False


class Steps(QAbstractListModel):
    """Row 0 is the document before the first step; row n is the document after n of them."""

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._labels: tuple[str, ...] = ()
        self._at = 0
        self._saved: int | None = None

    def refresh(self) -> None:
        self.beginResetModel()
        editor = self._editor
        self._labels, self._at, self._saved = editor.history, editor.position, editor.saved_at
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return len(self._labels) + 1

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._words(row)}, {self.state(row)}"
        return None

    def _words(self, row: int) -> str:
        if row:
            words = self._labels[row - 1]
        elif self._editor.forgotten:
            words = self.tr("Earlier: {n} older steps are not kept").format(n=self._editor.forgotten)
        else:
            words = self.tr("As it was opened")
        return self.tr("{step} · saved").format(step=words) if row == self._saved else words

    def state(self, row: int) -> str:
        if row == self._at:
            return self.tr("where you are")
        return self.tr("done") if row < self._at else self.tr("undone")

    def ahead(self, row: int) -> int:
        """How far it lies before the step where the document is; below 0: behind."""
        return row - self._at


class Row(QStyledItemDelegate):
    """What is done in the colour of text, what was undone in grey, and a dot where the document is. A style
    sheet's colour would win over the model's."""

    def __init__(self, steps: Steps, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._steps, self._themes = steps, themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(WIDTH - 40, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, ahead = self._themes.theme, self._steps.ahead(index.row())
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("accent", 56))
            painter.drawRoundedRect(box, 5, 5)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box, 5, 5)
        if ahead == 0:
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(QPointF(box.left() + 11, box.center().y()), 3.5, 3.5)
        painter.setFont(font(BODY, QFont.Weight.DemiBold if ahead == 0 else QFont.Weight.Normal))
        painter.setPen(theme.colour("neutral" if ahead > 0 else "text"))
        room = box.adjusted(24, 0, -6, 0)
        words = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()
