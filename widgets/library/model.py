"""The pictures that were found, and as many small images of them as are seen."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.library.assets import Marks
from app.library.query import Hit
from widgets.messages import listed
from widgets.parts.picture_source import PictureSource

AnyIndex = QModelIndex | QPersistentModelIndex
BUDGET = 48 << 20
"""Bytes of the images that are ready to be painted."""
AT_ONCE = 4
"""Pictures that are decoded at the same time: what is scrolled past is not begun."""
PATIENCE_MS = 4_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def made_at(hit: Hit) -> datetime:
    """In the time of the artist's own clock."""
    return (_EPOCH + timedelta(microseconds=hit.made)).astimezone()


class Hits(QAbstractListModel):
    """`room` says how many px an image may fill, `seen` which rows are on the screen."""

    def __init__(
        self,
        pictures: PictureSource,
        place: Callable[[Hit], Path],
        room: Callable[[], QSize],
        seen: Callable[[], range],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._pictures, self._place, self._room, self._seen = pictures, place, room, seen
        self._hits: list[Hit] = []
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[str, float] = {}
        self._given_up: set[str] = set()
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask)
        self._waiting = QTimer(self, interval=PATIENCE_MS // 4)
        self._waiting.timeout.connect(self._give_up)

    # --- what is shown ---

    @property
    def hits(self) -> Sequence[Hit]:
        return self._hits

    def hit(self, index: AnyIndex) -> Hit:
        return self._hits[index.row()]

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """The same again leaves what is chosen as it is."""
        if self._hits and self._hits == list(hits):
            return
        self.beginResetModel()
        self._hits = list(hits)
        self._given_up.clear()
        self.endResetModel()

    def add(self, hits: Sequence[Hit]) -> None:
        """Older ones, at the end."""
        if hits:
            count = len(self._hits)
            self.beginInsertRows(QModelIndex(), count, count + len(hits) - 1)
            self._hits += hits
            self.endInsertRows()

    def come(self, hits: Sequence[Hit]) -> None:
        """The newest that match: those that are not there yet."""
        known = {one.sha256 for one in self._hits}
        fresh = [one for one in hits if one.sha256 not in known]
        for hit in reversed(fresh):
            older = (at for at, one in enumerate(self._hits) if _order(one) < _order(hit))
            row = next(older, len(self._hits))
            self.beginInsertRows(QModelIndex(), row, row)
            self._hits.insert(row, hit)
            self.endInsertRows()

    def mark(self, changed: Mapping[str, Marks], *, removed: bool) -> None:
        """Stars and rejections are seen at once; what was removed or put back leaves where the other is
        shown."""
        gone = [sha256 for sha256, marks in changed.items() if (marks.removed is not None) is not removed]
        self.drop(gone)
        for row, hit in enumerate(self._hits):
            if (marks := changed.get(hit.sha256)) is not None:
                self._hits[row] = Hit(
                    *(hit.sha256, hit.suffix, hit.width, hit.height, hit.made, hit.draft),
                    *(marks.star, marks.rejected),
                )
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0), [])

    def drop(self, hashes: Collection[str]) -> None:
        gone = frozenset(hashes)
        if not gone:
            return
        for row in range(len(self._hits) - 1, -1, -1):
            if self._hits[row].sha256 in gone:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._hits[row]
                self.endRemoveRows()

    def row_of(self, sha256: str) -> int:
        """-1 where it is not shown."""
        return next((row for row, hit in enumerate(self._hits) if hit.sha256 == sha256), -1)

    # --- for the view ---

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._hits)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole) and index.isValid():
            return self._words(self._hits[index.row()])
        return None

    def _words(self, hit: Hit) -> str:
        when = f"{made_at(hit):%Y-%m-%d %H:%M}"
        words = [f"{hit.width} × {hit.height}", when]
        words += [self.tr("draft")] if hit.draft else []
        words += [self.tr("starred")] if hit.star else []
        words += [self.tr("rejected")] if hit.rejected else []
        return listed(words)

    # --- images ---

    def image(self, row: int) -> QImage | None:
        """As it is painted; None until it is there."""
        hit = self._hits[row]
        known = self._images.get(hit.sha256)
        if known is not None:
            self._images.move_to_end(hit.sha256)
        elif not self._asking.isActive():
            self._asking.start()
        return known

    def known_image(self, sha256: str) -> QImage | None:
        return self._images.get(sha256)

    def forget_images(self) -> None:
        """The room has changed."""
        self._images.clear()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        return self._bytes

    def _ask(self) -> None:
        """For what is on the screen now, from the top: what was scrolled past is not begun."""
        for row in self._seen():
            if len(self._under_way) >= AT_ONCE:
                return
            hit = self._hits[row]
            known = (self._images, self._under_way, self._given_up)
            if not any(hit.sha256 in one for one in known):
                self._begin(hit)

    def _begin(self, hit: Hit) -> None:
        self._under_way[hit.sha256] = time.monotonic()
        room = self._room()
        side = max(room.width(), room.height())
        self._pictures.picture(self._place(hit), side, lambda image: self._arrived(hit.sha256, image, room))
        if self._under_way and not self._waiting.isActive():
            self._waiting.start()

    def _give_up(self) -> None:
        """A file that cannot be read never calls back: it must not hold up the others."""
        late = time.monotonic() - PATIENCE_MS / 1000
        for sha256 in [one for one, begun in self._under_way.items() if begun < late]:
            del self._under_way[sha256]
            self._given_up.add(sha256)
        if not self._under_way:
            self._waiting.stop()
            self._asking.start()

    def _arrived(self, sha256: str, image: QImage, room: QSize) -> None:
        self._under_way.pop(sha256, None)
        self._given_up.discard(sha256)
        if not self._asking.isActive():
            self._asking.start()
        if room != self._room() or image.isNull():
            return
        size = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() < image.width():
            image = image.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._images[sha256] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > BUDGET and len(self._images) > 1:
            _, gone = self._images.popitem(last=False)
            self._bytes -= gone.sizeInBytes()
        for row in self._seen():
            if row < len(self._hits) and self._hits[row].sha256 == sha256:
                self.dataChanged.emit(self.index(row, 0), self.index(row, 0), [])
                return


def _order(hit: Hit) -> tuple[int, str]:
    return hit.made, hit.sha256
