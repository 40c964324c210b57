"""The rows of the outline as Qt wants them. A node's inputs are made when somebody looks for them; of a
change only the rows that differ are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.document.values import Document
from widgets.outline.rows import Key, Row, Sight, arranged, has_inputs, inputs, link_of, row_of, tr

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()
_RUNS = 200
"""From so many separate places of change on, the rows are told anew as a whole."""


@dataclass(slots=True, kw_only=True, eq=False)
class Item:
    """A row that was made. `below` None: its rows have not been looked for."""

    key: Key | None
    above: Item | None = None
    place: int = 0
    number: int = 0
    below: list[Item] | None = None


class OutlineModel(QAbstractItemModel):
    """`retitled` carries a key and the title (of a link: the tag) that was typed."""

    retitled = Signal(object, str)

    def __init__(self, sight: Sight, parent: QObject) -> None:
        super().__init__(parent)
        self.sight = sight
        self._count = 0
        self._start()

    def _start(self) -> None:
        self._items: dict[Key, Item] = {}
        self._numbers: dict[int, Item] = {}
        self._top = Item(key=None, below=[])
        held = arranged(self.sight)
        self._top.below = self._made(self._top, held.pop(None))
        for key, keys in held.items():
            assert key is not None
            frame = self._items[key]
            frame.below = self._made(frame, keys)

    def _made(self, above: Item, keys: Iterable[Key]) -> list[Item]:
        made = []
        for place, key in enumerate(keys):
            self._count += 1
            item = Item(key=key, above=above, place=place, number=self._count)
            self._items[key] = self._numbers[item.number] = item
            made.append(item)
        return made

    def _forget(self, item: Item) -> None:
        for one in item.below or ():
            self._forget(one)
        if item.key is not None and self._items.get(item.key) is item:
            del self._items[item.key]
        self._numbers.pop(item.number, None)

    # --- what Qt asks ---

    def _at(self, index: Index) -> Item:
        return self._numbers.get(index.internalId(), self._top) if index.isValid() else self._top

    def key(self, index: Index) -> Key | None:
        return self._at(index).key

    def index_of(self, key: Key) -> QModelIndex:
        item = self._items.get(key)
        return self._index(item) if item is not None else QModelIndex()

    def _index(self, item: Item) -> QModelIndex:
        return QModelIndex() if item is self._top else self.createIndex(item.place, 0, item.number)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        below = self._at(parent).below or []
        return self._index(below[row]) if column == 0 and 0 <= row < len(below) else QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        above = self._at(index).above
        return self._index(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self._at(parent).below or ())

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 1

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        item = self._at(parent)
        if item.below is not None or item.key is None:
            return bool(item.below)
        return has_inputs(self.sight, item.key)

    def canFetchMore(self, parent: Index) -> bool:
        item = self._at(parent)
        return item.below is None and item.key is not None and has_inputs(self.sight, item.key)

    def fetchMore(self, parent: Index) -> None:
        item = self._at(parent)
        if item.key is None or item.below is not None:
            return
        keys = inputs(self.sight, item.key.id)
        self.beginInsertRows(self._index(item), 0, len(keys) - 1)
        item.below = self._made(item, keys)
        self.endInsertRows()

    def row(self, index: Index) -> Row:
        key = self.key(index)
        return row_of(self.sight, key) if key is not None else Row(title="", told="")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ROW:
            return self.row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row(index).title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.row(index).whole
        if role == Qt.ItemDataRole.EditRole:
            return self._edited(index)
        return None

    def _edited(self, index: Index) -> str:
        key = self.key(index)
        link = link_of(self.sight.document, key) if key is not None else None
        return link.tag if link is not None else self.row(index).title

    def flags(self, index: Index) -> Qt.ItemFlag:
        key = self.key(index)
        if key is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.can_edit(key) else flags

    def can_edit(self, key: Key) -> bool:
        """Titles; of a link, its tag where that input has tags."""
        if key.what != "link" or key.target is None:
            return key.what != "input"
        node = self.sight.document.nodes.get(key.target.node)
        kind = self.sight.kinds.get(node.kind) if node else None
        socket = kind.shape.input(key.target.socket) if kind else None
        return socket is not None and socket.tagged

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        key = self.key(index)
        if key is None or str(value) == self._edited(index):
            return False
        self.retitled.emit(key, str(value).strip())
        return True

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return tr("Outline") if role == Qt.ItemDataRole.DisplayRole else None

    # --- what changes ---

    def show(self, sight: Sight) -> None:
        """Another look. What is the same by identity is not looked at."""
        before, self.sight = self.sight, sight
        old, new = before.document, sight.document
        if old is not new:
            if not self._rearrange(old, new):
                return
            for item in [one for one in self._items.values() if one.below is not None]:
                if item.key is not None and item.key.what == "node":
                    self._change(item, inputs(sight, item.key.id))
        self._tell(self._differing(before, sight))

    def _rearrange(self, old: Document, new: Document) -> bool:
        """The nodes and frames that there are, each in its place; False where all was told anew."""
        if old.nodes is new.nodes and old.frames is new.frames and old.layout is new.layout:
            return True
        held = arranged(self.sight)
        tops = held.pop(None)
        now: dict[Item, Sequence[Key]] = {self._top: tops}
        now |= {
            self._items[key]: keys for key, keys in held.items() if key is not None and key in self._items
        }
        known = {key for keys in now.values() for key in keys}
        moved = any(
            key in self._items and self._items[key].above is not item
            for item, keys in now.items()
            for key in keys
        )
        gone = sum(one not in known for one in self._items if one.what != "link" and one.what != "input")
        new_ones = sum(one not in self._items for one in known)
        if (
            moved
            or any(key not in self._items and keys for key, keys in held.items())
            or gone + new_ones > _RUNS
        ):
            self.beginResetModel()
            self._start()
            self.endResetModel()
            return False
        for item, keys in now.items():
            self._change(item, keys)
        return True

    def _change(self, item: Item, keys: Sequence[Key]) -> None:
        """The rows below one: what is gone is taken out, what is new is put in, what is left is ordered."""
        below = item.below
        if below is None or [one.key for one in below] == list(keys):
            return
        wanted = set(keys)
        last = len(below) - 1
        while last >= 0:
            first = last
            while first >= 0 and below[first].key not in wanted:
                first -= 1
            if first < last:
                self.beginRemoveRows(self._index(item), first + 1, last)
                gone = below[first + 1 : last + 1]
                del below[first + 1 : last + 1]
                for one in gone:
                    self._forget(one)
                _number(below, first + 1)
                self.endRemoveRows()
            last = first - 1

        self._order(item, below, [key for key in keys if key in self._items])
        place = 0
        while place < len(keys):
            new = tuple(takewhile(lambda key: key not in self._items, islice(keys, place, None)))
            if new:
                self.beginInsertRows(self._index(item), place, place + len(new) - 1)
                made = self._made(item, new)
                for one in made:
                    one.below = [] if one.key is not None and one.key.what == "frame" else None
                below[place:place] = made
                _number(below, place)
                self.endInsertRows()
            place += max(1, len(new))

    def _order(self, item: Item, below: list[Item], keys: Sequence[Key]) -> None:
        if [one.key for one in below] == list(keys):
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        items = [self._at(index) for index in held]
        places = {key: place for place, key in enumerate(keys)}
        below.sort(key=lambda one: places[one.key] if one.key is not None else 0)
        _number(below, 0)
        self.changePersistentIndexList(held, [self._index(one) for one in items])
        self.layoutChanged.emit()

    def _differing(self, before: Sight, after: Sight) -> set[Key]:
        """Rows that may say something else. Rows of inputs name what feeds them, so both ends count."""
        ids: set[str] = set()
        old, new = before.document, after.document
        if old.nodes is not new.nodes:
            changed = {id for id, node in new.nodes.items() if old.nodes.get(id) is not node}
            ids |= changed
        if old.links is not new.links:
            had, has = {id(one): one for one in old.links}, {id(one): one for one in new.links}
            for one in (*(had[it] for it in had.keys() - has), *(has[it] for it in has.keys() - had)):
                ids |= {one.source.node, one.target.node}
        for these, those in ((before.run.nodes, after.run.nodes), (before.problems, after.problems)):
            if these is not those:
                ids |= {id for id in {*these, *those} if these.get(id) is not those.get(id)}
        ids |= before.stale ^ after.stale
        keys = {Key("node", id) for id in ids}
        if old.frames is not new.frames:
            keys |= {Key("frame", id) for id, one in new.frames.items() if old.frames.get(id) is not one}
        return keys

    def _tell(self, keys: Iterable[Key]) -> None:
        for key in keys:
            item = self._items.get(key)
            if item is None:
                continue
            at = self._index(item)
            self.dataChanged.emit(at, at, [])
            feeds = self.sight.document.links.out_of(key.id) if key.what == "node" else ()
            fed = [self._items.get(Key("node", link.target.node)) for link in feeds]
            for one in (item, *(other for other in fed if other is not None)):
                if one.below and one.key is not None and one.key.what == "node":
                    first, last = self._index(one.below[0]), self._index(one.below[-1])
                    self.dataChanged.emit(first, last, [])

    def opened(self) -> tuple[Key, ...]:
        """The nodes whose inputs somebody has looked for."""
        return tuple(key for key, item in self._items.items() if key.what == "node" and item.below)


def _number(items: list[Item], start: int) -> None:
    for place in range(start, len(items)):
        items[place].place = place
