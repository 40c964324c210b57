"""The list under the cursor: after an @ tags with photograph and file, after a { a table's columns with what
stands in them. A child widget, not a popup, so that
an input method keeps working in the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets.parts.tag_chip import PAD, chip_words, paint_chip
from widgets.theme import BODY, COLUMN, Themes, font

ROW = 40
THUMBNAIL = 30
AnyIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChoice:
    """A tag that may be called: its colour's slot, the photograph it names, and that one's title. With the
    slot `COLUMN` a column, and its cell."""

    tag: str
    slot: int
    title: str = ""
    picture: QImage | None = None


class Completion(QListView):
    """`chosen` carries the tag. The editor forwards the keys; the mouse works by itself."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, themes: Themes) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("completion")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Tags"))
        self._tags = _Tags(self)
        self.setModel(self._tags)
        self.setItemDelegate(_Row(self, themes))
        self.setUniformItemSizes(True)
        self.clicked.connect(lambda index: self.chosen.emit(self._tags.choice(index).tag))
        self.hide()

    def offer(self, choices: Sequence[TagChoice], at: QPoint) -> None:
        """Shows the choices below a point of the parent; nothing to choose hides it."""
        if not choices:
            self.hide()
            return
        self._tags.show(choices)
        parent = self._room
        width = min(260, max(parent.width() - 8, 160))
        height = ROW * min(len(choices), 5) + 10
        x = min(at.x(), max(parent.width() - width - 4, 0))
        below = at.y() + 4
        y = below if below + height <= parent.height() else max(at.y() - height - 24, 0)
        self.setGeometry(x, y, width, height)
        self.setCurrentIndex(self._tags.index(0, 0))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        row = (self.currentIndex().row() + by) % self._tags.rowCount()
        self.setCurrentIndex(self._tags.index(row, 0))

    def current(self) -> str:
        return self._tags.choice(self.currentIndex()).tag


class _Tags(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._choices: tuple[TagChoice, ...] = ()

    def show(self, choices: Sequence[TagChoice]) -> None:
        self.beginResetModel()
        self._choices = tuple(choices)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return len(self._choices)

    def choice(self, index: AnyIndex) -> TagChoice:
        return self._choices[index.row()]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        choice = self._choices[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{chip_words(choice.tag, choice.slot)} {choice.title}".strip()
        return chip_words(choice.tag, choice.slot) if role == Qt.ItemDataRole.DisplayRole else None


class _Row(QStyledItemDelegate):
    def __init__(self, view: Completion, themes: Themes) -> None:
        super().__init__(view)
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(160, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = self._themes.theme
        model = index.model()
        assert isinstance(model, _Tags)
        choice = model.choice(index)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent", 56))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 6, 6)
        left = box.left() + 8
        if choice.picture is not None and not choice.picture.isNull():
            target = QRectF(left, box.center().y() - THUMBNAIL / 2, THUMBNAIL, THUMBNAIL)
            painter.drawImage(target, choice.picture, _square(choice.picture))
        left += 0 if choice.slot == COLUMN else THUMBNAIL + 8
        painter.setFont(font(BODY, QFont.Weight.DemiBold))
        width = QFontMetricsF(painter.font()).horizontalAdvance(chip_words(choice.tag, choice.slot)) + 2 * PAD
        paint_chip(painter, QRectF(left, box.center().y() - 10, width, 20), choice.tag, choice.slot, theme)
        painter.setFont(font())
        painter.setPen(theme.colour("muted"))
        rest = QRectF(left + width + 8, box.top(), box.right() - left - width - 14, box.height())
        words = QFontMetricsF(painter.font()).elidedText(
            choice.title, Qt.TextElideMode.ElideRight, rest.width()
        )
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()


def _square(image: QImage) -> QRectF:
    side = min(image.width(), image.height())
    return QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
