"""The grid of pictures: ten thousand of one size, painted without a widget each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.library.query import Hit
from widgets.library.model import AnyIndex, Hits
from widgets.parts.picture_source import PictureSource
from widgets.parts.sized import sized
from widgets.theme import BODY, CAPTION, Theme, Themes

CELL = QSize(140, 110)
AIR = 4
"""Px around a picture within its cell."""
_STAR = QPolygonF(
    [
        QPointF(x, y)
        for x, y in (
            *((0.0, -1.0), (0.24, -0.33), (0.95, -0.31), (0.38, 0.12), (0.59, 0.81), (0.0, 0.4)),
            *((-0.59, 0.81), (-0.38, 0.12), (-0.95, -0.31), (-0.24, -0.33)),
        )
    ]
)
DOINGS = {
    Qt.Key.Key_S: "star",
    Qt.Key.Key_X: "reject",
    Qt.Key.Key_Delete: "remove",
    Qt.Key.Key_Backspace: "remove",
    Qt.Key.Key_U: "undo",
    Qt.Key.Key_R: "reference",
    Qt.Key.Key_C: "canvas",
    Qt.Key.Key_Space: "look",
    Qt.Key.Key_Return: "look",
    Qt.Key.Key_Enter: "look",
    Qt.Key.Key_Slash: "search",
    Qt.Key.Key_Escape: "leave",
}
"""Keys while the grid has the keyboard, and what they do."""


class Grid(QListView):
    """`doing` carries the name of what is to be done with what is chosen (`DOINGS`); `carried_off` the
    pictures that are dragged away, their images and whether Shift was held."""

    doing = Signal(str)
    moved = Signal()
    """Another picture is the current one, or others are chosen."""
    carried_off = Signal(list, list, bool)
    menu_wanted = Signal(QPoint)

    def __init__(self, pictures: PictureSource, place: Callable[[Hit], Path], themes: Themes) -> None:
        super().__init__()
        self.setObjectName("library-grid")
        self.setAccessibleName(self.tr("Pictures of the library"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.verticalScrollBar().setSingleStep(CELL.height() // 3)
        self._themes = themes
        self._ratio = 0.0
        self.empty = ""
        """What is said where there is nothing."""
        self.hits = Hits(pictures, place, self.room, self.seen, self)
        self.setModel(self.hits)
        self.setItemDelegate(_Card(self, themes))
        self.doubleClicked.connect(lambda _: self.doing.emit("look"))
        self.selectionModel().selectionChanged.connect(lambda *_: self.moved.emit())
        self.selectionModel().currentChanged.connect(lambda *_: self.moved.emit())

    def chosen(self) -> tuple[Hit, ...]:
        """In the order in which they are shown."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return tuple(self.hits.hits[row] for row in rows)

    def current(self) -> Hit | None:
        index = self.currentIndex()
        return self.hits.hit(index) if index.isValid() else None

    def room(self) -> QSize:
        """Device px that a picture may fill."""
        return (QSize(CELL.width() - 2 * AIR, CELL.height() - 2 * AIR)) * self.devicePixelRatioF()

    def seen(self) -> range:
        """The rows that are on the screen, and a line above and below."""
        across = max(1, self.viewport().width() // CELL.width())
        top = self.verticalScrollBar().value()
        first = max(0, top // CELL.height() - 1)
        last = (top + self.viewport().height()) // CELL.height() + 2
        return range(first * across, min(last * across, self.hits.rowCount()))

    # --- hands ---

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason):
            self.choose_one()

    def choose_one(self) -> None:
        """By the keyboard something is chosen at once: the current one, else the first."""
        if self.hits.rowCount() and not self.selectionModel().hasSelection():
            index = self.currentIndex() if self.currentIndex().isValid() else self.hits.index(0, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

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

    def startDrag(self, actions: Qt.DropAction) -> None:
        chosen = list(self.chosen())
        if chosen:
            images = [self.hits.known_image(one.sha256) for one in chosen[:4]]
            held = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
            self.carried_off.emit(chosen, [one for one in images if one is not None], bool(held))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is looked at stays on the screen."""
        index = self.currentIndex()
        seen = index.isValid() and index.row() in self.seen()
        super().resizeEvent(event)
        if seen:
            self.scrollTo(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ratio != self.devicePixelRatioF():  # the window was moved to another screen
            self._ratio = self.devicePixelRatioF()
            self.hits.forget_images()
        super().paintEvent(event)
        if self.hits.rowCount() == 0 and self.empty:
            painter = QPainter(self.viewport())
            painter.setPen(self._themes.theme.colour("muted"))
            painter.setFont(sized(BODY))
            box = self.viewport().rect().adjusted(24, 24, -24, -24)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self.empty)
            if self.hasFocus():
                painter.setPen(self._themes.theme.colour("accent"))
                painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
            painter.end()


class _Card(QStyledItemDelegate):
    def __init__(self, view: Grid, themes: Themes) -> None:
        super().__init__(view)
        self._view, self._themes = view, themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = self._themes.theme
        hits = self._view.hits
        row = index.row()
        hit, image = hits.hits[row], hits.image(row)
        cell: QRect = option.rect
        box = QRectF(cell.adjusted(AIR, AIR, -AIR, -AIR))
        if image is None:
            painter.fillRect(_fitted(box, hit.width, hit.height), theme.colour("card"))
        else:
            self._picture(painter, box, image, hit)
        inside = _fitted(box, hit.width, hit.height)
        if hit.star or hit.rejected or hit.draft:
            self._signs(painter, inside, hit, theme)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(inside.adjusted(0, 0, -1, -1))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.colour("muted"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(cell).adjusted(0.5, 0.5, -1.5, -1.5))

    def _picture(self, painter: QPainter, box: QRectF, image: QImage, hit: Hit) -> None:
        """Pixel for pixel where it was made for this screen."""
        ratio = self._view.devicePixelRatioF()
        width, height = image.width() / ratio, image.height() / ratio
        left = round((box.center().x() - width / 2) * ratio) / ratio
        top = round((box.center().y() - height / 2) * ratio) / ratio
        if hit.rejected:
            painter.setOpacity(0.3)
        painter.drawImage(QRectF(left, top, width, height), image)
        painter.setOpacity(1.0)

    def _signs(self, painter: QPainter, box: QRectF, hit: Hit, theme: Theme) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, sign = QColor(0, 0, 0, 170), QColor("white")
        at = box.topRight() + QPointF(-13, 13)
        if hit.star or hit.rejected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawEllipse(at, 9, 9)
        if hit.star:
            painter.setBrush(QColor("#f5d52d"))
            painter.translate(at)
            painter.scale(6.5, 6.5)
            painter.drawPolygon(_STAR)
            painter.resetTransform()
        elif hit.rejected:
            painter.setPen(QPen(sign, 1.8))
            for across in (1, -1):
                painter.drawLine(at + QPointF(-3.5, -3.5 * across), at + QPointF(3.5, 3.5 * across))
        if hit.draft:
            painter.setFont(sized(CAPTION))
            words = self._view.tr("draft")
            width = painter.fontMetrics().horizontalAdvance(words) + 12
            height = painter.fontMetrics().height() + 2
            pill = QRectF(box.left() + 4, box.bottom() - height - 4, min(width, box.width() - 8), height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawRoundedRect(pill, height / 2, height / 2)
            painter.setPen(sign)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()


def _fitted(box: QRectF, width: int, height: int) -> QRectF:
    """The place of a picture of that ratio in the box."""
    if width <= 0 or height <= 0:
        return box
    scale = min(box.width() / width, box.height() / height, 1.0)
    placed = QRectF(0, 0, max(width * scale, 8), max(height * scale, 8))
    placed.moveCenter(box.center())
    return placed
