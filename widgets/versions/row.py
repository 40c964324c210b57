"""The versions of a node as small pictures, newest first: starred, rejected, kept, and the one it shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.studio.versions import Version
from widgets.parts.picture_source import PictureSource, filling
from widgets.parts.sized import sized
from widgets.theme import CAPTION, Theme, Themes

CELL, PICTURE = QSize(84, 62), QSize(80, 48)
SIDE = 2 * 80
"""Px of the pictures that are asked for: enough for a screen at 200 %."""
MOST_ROWS = 2
AnyIndex = QModelIndex | QPersistentModelIndex


class Row(QListView):
    """`chosen` when another version is looked at, `used` on Enter or a double click."""

    chosen = Signal()
    used = Signal()

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("versions-row")
        self.setAccessibleName(self.tr("Versions, newest first"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.entries = Entries(pictures, self)
        self.setModel(self.entries)
        self.setItemDelegate(_Cell(self, themes))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.activated.connect(lambda _: self.used.emit())
        themes.changed.connect(lambda _: self.viewport().update())

    def show_versions(self, versions: Sequence[Version], shown: int | None, lock: str) -> None:
        """What was looked at stays so; whoever looked at what the node shows goes on with it."""
        before, here = self.entries.versions, self.currentIndex()
        held = {before[one.row()].operation for one in self.selectedIndexes()}
        at = before[here.row()].operation if here.isValid() else ""
        followed = here.isValid() and here.row() == self.entries.shown
        self.entries.show(versions, shown, lock)
        self._grow()
        places = [place for place, one in enumerate(versions) if one.operation in held]
        known = next((place for place in places if versions[place].operation == at), None)
        self.select(shown or 0 if known is None or (followed and len(places) == 1) else known)
        for place in places if len(places) > 1 else ():
            flag = self.selectionModel().SelectionFlag.Select
            self.selectionModel().select(self.entries.index(place, 0), flag)

    def _grow(self) -> None:
        """As high as its pictures need, up to `MOST_ROWS`."""
        across = max(self.viewport().width() // (CELL.width() + 4), 1)
        rows = -(-len(self.entries.versions) // across)
        self.setFixedHeight(min(max(rows, 1), MOST_ROWS) * (CELL.height() + 4) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def select(self, place: int) -> None:
        if 0 <= place < self.entries.rowCount():
            index = self.entries.index(place, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def places(self) -> tuple[int, ...]:
        """Those that are selected, the newest first."""
        return tuple(sorted(one.row() for one in self.selectedIndexes()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are commands, not a search in the list."""
        if event.text().isalnum() and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            event.ignore()
            return
        super().keyPressEvent(event)


class Entries(QAbstractListModel):
    def __init__(self, pictures: PictureSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._images: dict[str, QImage] = {}
        self.versions: tuple[Version, ...] = ()
        self.shown: int | None = None
        self.lock = ""

    def show(self, versions: Sequence[Version], shown: int | None, lock: str) -> None:
        self.beginResetModel()
        self.versions, self.shown, self.lock = tuple(versions), shown, lock
        here = {one.sha256 for one in versions}
        self._images = {key: image for key, image in self._images.items() if key in here}
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return len(self.versions)

    def image(self, place: int) -> QImage | None:
        """Asked for when it is painted first."""
        version = self.versions[place]
        known = self._images.get(version.sha256)
        if known is None:
            self._images[version.sha256] = QImage()
            self._pictures.picture(version.path, SIDE, lambda image: self._arrived(version.sha256, image))
        return self._images.get(version.sha256)

    def _arrived(self, sha256: str, image: QImage) -> None:
        self._images[sha256] = image
        for place, one in enumerate(self.versions):
            if one.sha256 == sha256:
                self.dataChanged.emit(self.index(place, 0), self.index(place, 0), [])

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(index.row())
        return None

    def _words(self, place: int) -> str:
        version = self.versions[place]
        seed = self.tr("seed {seed}").format(seed=version.seed) if version.seed is not None else ""
        parts = (
            self.tr("{n} of {count}").format(n=len(self.versions) - place, count=len(self.versions)),
            seed,
            self.tr("shown by the node") if place == self.shown else "",
            self.tr("starred") if version.marks.star else "",
            self.tr("rejected") if version.marks.rejected else "",
            self.tr("kept") if version.sha256 == self.lock else "",
            self.tr("draft") if version.draft else "",
        )
        return " · ".join(one for one in parts if one)


class _Cell(QStyledItemDelegate):
    def __init__(self, row: Row, themes: Themes) -> None:
        super().__init__(row)
        self._row, self._themes = row, themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, entries = self._themes.theme, self._row.entries
        version, image = entries.versions[index.row()], entries.image(index.row())
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = option.rect.topLeft()
        box = QRectF(place.x() + 2, place.y() + 2, PICTURE.width(), PICTURE.height())
        shape = QPainterPath()
        shape.addRoundedRect(box, 5, 5)
        painter.fillPath(shape, theme.colour("card"))
        if image is not None and not image.isNull():
            painter.setClipPath(shape)
            painter.setOpacity(0.3 if version.marks.rejected else 1.0)
            painter.drawImage(box, image, filling(image, box.width() / box.height()))
            painter.setOpacity(1.0)
            painter.setClipping(False)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ring = "accent" if selected else "line"
        painter.setPen(QPen(theme.colour(ring), 2.4 if selected else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        self._signs(painter, box, version, index.row() == entries.shown, version.sha256 == entries.lock)
        painter.restore()

    def _signs(self, painter: QPainter, box: QRectF, version: Version, shown: bool, kept: bool) -> None:
        """Letters and signs, since colour is never the only one: below what the node shows a bar, in the
        corners star, rejection and lock."""
        theme = self._themes.theme
        painter.setFont(sized(CAPTION))
        signs = (
            ("★", "prompt", version.marks.star),
            ("✕", "error", version.marks.rejected),
        )
        left = box.left() + 3
        for sign, role, there in signs:
            if there:
                spot = QRectF(left, box.top() + 3, 17, 16)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("window", 225))
                painter.drawRoundedRect(spot, 4, 4)
                painter.setPen(theme.colour(role))
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, sign)
                left += 19
        if kept:
            _lock(painter, QRectF(left, box.top() + 3, 17, 16), theme)
        if shown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            bar = QRectF(box.left() + 22, box.bottom() + 4, box.width() - 44, 4)
            painter.drawRoundedRect(bar, 2, 2)


def _lock(painter: QPainter, spot: QRectF, theme: Theme) -> None:
    """Drawn: few faces have the sign."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("window", 225))
    painter.drawRoundedRect(spot, 4, 4)
    middle = spot.center()
    painter.setBrush(theme.colour("prompt"))
    painter.drawRoundedRect(QRectF(middle.x() - 4, middle.y() - 1, 8, 6), 1.5, 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("prompt"), 1.4))
    painter.drawArc(QRectF(middle.x() - 2.6, middle.y() - 5, 5.2, 8), 0, 180 * 16)
