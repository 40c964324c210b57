"""The list of rows: ten thousand of one height, painted without a widget each."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.studio.batch_values import BatchRow, Standing
from widgets.batch.model import AnyIndex, Column, RowsModel
from widgets.batch.words import ROLE, standing_words
from widgets.parts.picture_source import PictureSource, filling
from widgets.parts.sized import sized, times
from widgets.parts.state_mark import SIDE
from widgets.theme import BODY, Themes

TALL, THUMB_WIDE, THUMB_TALL = 40, 52, 34
_WIDTHS = {
    Column.NUMBER: 58,
    Column.PICTURE: 66,
    Column.TITLE: 310,
    Column.STANDING: 142,
    Column.COST: 96,
}
DOINGS = {
    Qt.Key.Key_Return: "open",
    Qt.Key.Key_Enter: "open",
    Qt.Key.Key_R: "retry",
    Qt.Key.Key_F: "front",
    Qt.Key.Key_O: "folder",
    Qt.Key.Key_Slash: "search",
    Qt.Key.Key_Escape: "leave",
}
"""Keys while the list has the keyboard, and what they do."""


class RowsTable(QTableView):
    """`doing` carries the name of what is to be done with the rows that are chosen (`DOINGS`)."""

    doing = Signal(str)
    moved = Signal()
    """Others are chosen."""
    menu_wanted = Signal(QPoint)

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("batch-rows")
        self.setAccessibleName(self.tr("Rows of the batch"))
        self._themes = themes
        self.empty = ""
        """What is said where there is nothing."""
        self.rows = RowsModel(pictures, themes, seen=self.seen, side=self._side, parent=self)
        self.setModel(self.rows)
        self.setItemDelegate(_Cell(self, themes))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._head()
        for changed in (self.rows.modelReset, self.rows.rowsInserted, self.rows.rowsRemoved):
            changed.connect(self._show_head)
        self._show_head()
        self.doubleClicked.connect(lambda _: self.doing.emit("open"))
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())

    def _head(self) -> None:
        down = self.verticalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(times(TALL))
        down.setDefaultSectionSize(times(TALL))
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setStretchLastSection(True)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, times(width))

    def _show_head(self) -> None:
        """Over nothing it says nothing; else what it says has room, in every language."""
        across = self.horizontalHeader()
        across.setVisible(self.rows.rowCount() > 0)
        letters = QFontMetrics(sized(BODY))
        for column in _WIDTHS:
            needed = across.sectionSizeHint(column)
            if column is Column.STANDING:
                words = max(letters.horizontalAdvance(standing_words(one)) for one in Standing)
                needed = max(needed, words + times(SIDE) + 3 * times(8))
            if across.isVisible() and self.columnWidth(column) < needed:
                self.setColumnWidth(column, needed)

    # --- what is there ---

    def seen(self) -> range:
        """The rows on the screen."""
        count, tall = self.rows.rowCount(), max(1, self.verticalHeader().defaultSectionSize())
        first = self.verticalScrollBar().value() // tall
        last = first + self.viewport().height() // tall + 2
        return range(min(first, count), min(last, count))

    def _side(self) -> int:
        return round(times(THUMB_WIDE) * self.devicePixelRatioF())

    def chosen(self) -> tuple[BatchRow, ...]:
        """Those that are held, in their order."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = (self.rows.row(place) for place in places)
        return tuple(row for row in rows if row is not None)

    def current(self) -> BatchRow | None:
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def go_to(self, place: int) -> None:
        """A row into the middle, chosen."""
        index = self.rows.index(place, Column.TITLE)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    # --- hands ---

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason):
            self.choose_one()

    def choose_one(self) -> None:
        """By the keyboard something is chosen at once: the current one, else the first."""
        if self.rows.rowCount() and not self.selectionModel().hasSelection():
            current = self.currentIndex()
            self.go_to(current.row() if current.isValid() else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        name = DOINGS.get(Qt.Key(event.key())) if plain else None
        if name is None:
            super().keyPressEvent(event)
        else:
            event.accept()
            self.doing.emit(name)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys here; words are for the field above."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.rows.rowCount() or not self.empty:
            return
        painter = QPainter(self.viewport())
        painter.setPen(self._themes.theme.colour("muted"))
        painter.setFont(sized(BODY))
        box = self.viewport().rect().adjusted(24, 12, -24, -12)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.empty)
        if self.hasFocus():
            painter.setPen(self._themes.theme.colour("accent"))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()


class _Cell(QStyledItemDelegate):
    def __init__(self, view: RowsTable, themes: Themes) -> None:
        super().__init__(view)
        self._view, self._themes = view, themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(times(80), times(TALL))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Sign and words in the colour of the state, which a style sheet would paint over."""
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        words, sign = shown.text, shown.icon
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, self._themes.theme.colour("accent", 50))
        cell = option.rect.adjusted(times(8), 0, -times(8), 0)
        if index.column() == Column.PICTURE:
            self._thumb(painter, option.rect, index.row())
        if not sign.isNull():
            side = times(SIDE)
            place = QRect(cell.left(), cell.center().y() - side // 2, side, side)
            sign.paint(painter, place)
            cell.setLeft(cell.left() + side + times(8))
        painter.setFont(sized(BODY))
        painter.setPen(self._themes.theme.colour(self._role(index)))
        fitted = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, shown.displayAlignment, fitted)
        if index.column() == Column.TITLE:
            self._about(painter, cell, fitted, index.row())
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == Column.TITLE:
            painter.setPen(self._themes.theme.colour("accent"))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))

    def _about(self, painter: QPainter, cell: QRect, title: str, place: int) -> None:
        """What else the row says of the product, behind its name, as far as there is room."""
        row = self._view.rows.row(place)
        left = painter.fontMetrics().horizontalAdvance(title) + times(10)
        if row is None or not row.about or left > cell.width() - times(40):
            return
        room = cell.adjusted(left, 0, 0, 0)
        painter.setPen(self._themes.theme.colour("muted"))
        fitted = painter.fontMetrics().elidedText(row.about, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitted)

    def _role(self, index: AnyIndex) -> str:
        row = self._view.rows.row(index.row())
        if row is not None and index.column() == Column.STANDING:
            return ROLE[row.standing]
        wrong = row is not None and row.standing in (Standing.FAILED, Standing.WRONG, Standing.UNKNOWN)
        return (
            "text"
            if index.column() == Column.TITLE or (wrong and index.column() == Column.WORDS)
            else "muted"
        )

    def _thumb(self, painter: QPainter, cell: QRect, place: int) -> None:
        row = self._view.rows.row(place)
        if row is None or row.picture is None:
            return
        box = QRectF(0, 0, times(THUMB_WIDE), times(THUMB_TALL))
        box.moveCenter(QRectF(cell).center())
        image = self._view.rows.image(place)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(box, 4, 4)
        painter.setClipPath(shape)
        if image is None or image.isNull():
            painter.fillRect(box, self._themes.theme.colour("line"))
        else:
            painter.drawImage(box, image, filling(image, box.width() / box.height()))
        painter.restore()
