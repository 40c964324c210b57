"""The rows of a batch as a table: as many as there are, held a page at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QWidget

from app.studio.batch_values import BatchRow, Standing
from widgets.batch.thumbs import Thumbs
from widgets.batch.words import cost_words, row_mark, standing_words
from widgets.messages import told
from widgets.parts.picture_source import PictureSource
from widgets.theme import Themes

AnyIndex = QModelIndex | QPersistentModelIndex
PAGE = 200
PAGES = 12
"""What is scrolled past longest ago is forgotten beyond so many pages."""


class Column(IntEnum):
    NUMBER = 0
    PICTURE = 1
    TITLE = 2
    STANDING = 3
    COST = 4
    WORDS = 5


_RIGHT = (Column.NUMBER, Column.COST)


class RowsModel(QAbstractTableModel):
    """`page_wanted` carries the question's number and the place of the first row wanted; `take` brings them.
    `seen` says which rows are on the screen, `side` how many px a picture may have."""

    page_wanted = Signal(int, int)

    def __init__(
        self,
        pictures: PictureSource,
        themes: Themes,
        *,
        seen: Callable[[], range],
        side: Callable[[], int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._themes, self._seen = themes, seen
        self._marks: dict[Standing, QIcon] = {}
        self._count, self.question = 0, 0
        self._pages: OrderedDict[int, list[BatchRow]] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._places: dict[str, int] = {}
        """Key → place, of the rows that are held."""
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        self._thumbs = Thumbs(pictures, side, self._on_screen, self._picture_came, self)
        themes.changed.connect(self._marks.clear)

    # --- what is shown ---

    def begin(self, count: int) -> None:
        """Another question: everything anew, from the top."""
        self.beginResetModel()
        self.question += 1
        self._count = count
        self._forget()
        self.endResetModel()

    def refresh(self, count: int) -> None:
        """The same question, asked later: what is on the screen stays until its page has come again."""
        self.question += 1
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        self._stale = set(self._pages)
        self._asked.clear()
        self._asking.start()

    def take(self, question: int, first: int, rows: Sequence[BatchRow]) -> None:
        """A page that was wanted; one of an older question is not for us."""
        if question != self.question:
            return
        page = first // PAGE
        self._asked.discard(page)
        self._stale.discard(page)
        self._pages[page] = list(rows)
        self._pages.move_to_end(page)
        while len(self._pages) > PAGES:
            gone, old = self._pages.popitem(last=False)
            self._stale.discard(gone)
            for row in old:
                self._places.pop(row.key, None)
        self._places |= {row.key: first + at for at, row in enumerate(rows)}
        if rows:
            self._tell(first, min(first + len(rows), self._count) - 1)

    def change(self, row: BatchRow) -> None:
        """A row that is held has become another."""
        place = self._places.get(row.key)
        page = self._pages.get(place // PAGE) if place is not None else None
        if place is None or page is None or place % PAGE >= len(page):
            return
        page[place % PAGE] = row
        if place < self._count:
            self._tell(place, place)

    def _tell(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1), [])

    def _forget(self) -> None:
        for held in (self._pages, self._stale, self._asked, self._places):
            held.clear()

    @property
    def held(self) -> int:
        """How many pages."""
        return len(self._pages)

    # --- rows ---

    def row(self, place: int) -> BatchRow | None:
        """None where its page has not come yet; it is asked for."""
        number = place // PAGE
        page = self._pages.get(number)
        if page is None or number in self._stale:
            if number not in self._asked and not self._asking.isActive():
                self._asking.start()
        else:
            self._pages.move_to_end(number)
        return page[place % PAGE] if page is not None and place % PAGE < len(page) else None

    def place_of(self, key: str) -> int:
        """-1 where it is not held."""
        return self._places.get(key, -1)

    def _ask(self) -> None:
        """For what is on the screen now: what was scrolled past is not asked for."""
        seen = self._seen()
        if not len(seen):
            return
        for page in range(seen.start // PAGE, (seen.stop - 1) // PAGE + 1):
            if page not in self._asked and (page not in self._pages or page in self._stale):
                self._asked.add(page)
                self.page_wanted.emit(self.question, page * PAGE)

    def _on_screen(self) -> list[BatchRow]:
        known = (self._pages.get(place // PAGE, [])[place % PAGE :][:1] for place in self._seen())
        return [row for rows in known for row in rows]

    def image(self, place: int) -> QImage | None:
        """Of the row's first picture; None where it has none, or until it is there."""
        row = self.row(place)
        return self._thumbs.image(row.picture) if row is not None and row.picture is not None else None

    def _picture_came(self) -> None:
        seen = self._seen()
        if len(seen):
            first, last = seen.start, min(seen.stop, self._count) - 1
            self.dataChanged.emit(self.index(first, Column.PICTURE), self.index(last, Column.PICTURE), [])

    # --- for the view ---

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.NUMBER: self.tr("Row"),
            Column.PICTURE: self.tr("Picture"),
            Column.TITLE: self.tr("Product"),
            Column.STANDING: self.tr("State"),
            Column.COST: self.tr("Paid"),
            Column.WORDS: self.tr("What happened"),
        }[Column(section)]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self.row(index.row()), Column(index.column())
        if row is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and column is Column.TITLE else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                words = self._text(row, column)
                return f"{words}\n{row.about}" if column is Column.TITLE and row.about else words or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._text(row, column) or (self.tr("picture") if row.picture else "")
            case Qt.ItemDataRole.DecorationRole if column is Column.STANDING:
                return self._mark(row.standing)
            case Qt.ItemDataRole.TextAlignmentRole if column in _RIGHT:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _mark(self, standing: Standing) -> QIcon:
        if standing not in self._marks:
            self._marks[standing] = row_mark(standing, self._themes.theme, 2.0)
        return self._marks[standing]

    def _text(self, row: BatchRow, column: Column) -> str:
        return {
            Column.NUMBER: str(row.number),
            Column.PICTURE: "",
            Column.TITLE: row.title,
            Column.STANDING: standing_words(row.standing),
            Column.COST: cost_words(row),
            Column.WORDS: row.words,
        }[column]

    def described(self, place: int) -> str:
        """A row in one sentence, for who listens."""
        row = self.row(place)
        if row is None:
            return ""
        parts = (row.title, row.about, standing_words(row.standing), cost_words(row), row.words)
        return told(one for one in parts if one)
