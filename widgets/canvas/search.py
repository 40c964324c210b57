"""The search over the canvas: a child of the view, not a popup, so that input methods work in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.basics.words import spoken
from app.nodes.declare import Family, Kinds, NodeKind
from widgets.canvas.easel import Easel
from widgets.parts.fuzzy import best

WIDTH, HEIGHT = 300, 366
_ROW, _TOLD = 34, 44
_ID = Qt.ItemDataRole.UserRole


class Search(QFrame):
    """`chosen` carries a kind's id. Esc and a click elsewhere close it with nothing."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, kinds: Kinds, easel: Easel, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._kinds = kinds
        self._recent: list[str] = []
        self._offered: Sequence[str] = ()
        self.setProperty("role", "card")
        self.setObjectName("canvas-search")
        self.setAccessibleName(self.tr("Add a node"))
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("Search nodes…"))
        self.line.setAccessibleName(self.tr("Search nodes"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Nodes found"))
        self.list.viewport().setAutoFillBackground(False)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Row(kinds, easel, self.list))
        self.told = QLabel(self)
        self.told.setObjectName("search-told")
        self.told.setProperty("role", "caption")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.setFixedHeight(_TOLD)
        self.told.setContentsMargins(6, 0, 6, 0)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        rows.addWidget(self.line)
        rows.addWidget(self.list)
        rows.addWidget(self.told)
        self.list.currentItemChanged.connect(lambda item, _: self._tell(item))
        self.line.textChanged.connect(self._find)
        self.line.returnPressed.connect(self.accept)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda item: self._choose(str(item.data(_ID))))
        self.hide()

    def open_at(self, at: QPoint, offered: Sequence[str]) -> None:
        """At a point of the view, inside it, with the kinds that may be chosen."""
        self._offered = offered
        room = self._over.rect().adjusted(8, 8, -8, -8)
        tall = min(HEIGHT, len(offered) * _ROW + self.line.sizeHint().height() + _TOLD + 32)
        place = QRect(at - QPoint(20, 24), QSize(WIDTH, tall))
        place.moveRight(min(place.right(), room.right()))
        place.moveBottom(min(place.bottom(), room.bottom()))
        place.moveLeft(max(place.left(), room.left()))
        place.moveTop(max(place.top(), room.top()))
        self.setGeometry(place)
        self.line.clear()
        self._find("")
        self.show()
        self.raise_()
        self.line.setFocus()

    def found(self) -> list[str]:
        """The ids that are listed, best first."""
        return [str(self.list.item(row).data(_ID)) for row in range(self.list.count())]

    def accept(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._choose(str(item.data(_ID)))

    def close_empty(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _choose(self, kind: str) -> None:
        self._recent = [kind, *(one for one in self._recent if one != kind)]
        self.hide()
        self.chosen.emit(kind)
        self.closed.emit()

    def _find(self, text: str) -> None:
        """Recent kinds come first where nothing is typed."""
        order = [id for id in self._recent if id in self._offered]
        order += [id for id in self._offered if id not in order]
        choices = [
            (id, (spoken(one.title), one.title, id, *one.words))
            for id, one in ((id, self._kinds[id]) for id in order)
        ]
        self.list.clear()
        for id in best(text, choices):
            item = QListWidgetItem(spoken(self._kinds[id].title))
            item.setData(_ID, id)
            item.setToolTip(spoken(self._kinds[id].help).strip())
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, _short(self._kinds[id]))
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _tell(self, item: QListWidgetItem | None) -> None:
        """What the kind under the choice is for."""
        self.told.setText(_short(self._kinds[str(item.data(_ID))]) if item is not None else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the line keeps the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
            key = Qt.Key(event.key())
            if key in step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step[key]) % self.list.count())
                return True
            if key == Qt.Key.Key_Escape:
                self.close_empty()
                return True
        if event.type() == QEvent.Type.FocusOut and watched is self.line and self.isVisible():
            self.close_empty()
        return False


def _short(kind: NodeKind) -> str:
    """A line or two: a model's summary, of others the first sentence of their help."""
    if kind.card is not None:
        return spoken(kind.card.summary)
    words = spoken(kind.help)
    ends = [at for end in (". ", "。") if (at := words.find(end)) >= 0]
    return words[: min(ends) + 1] if ends else words


class _Row(QStyledItemDelegate):
    """A dot in the colour of what the kind gives, its title, its price."""

    def __init__(self, kinds: Kinds, easel: Easel, parent: QWidget) -> None:
        super().__init__(parent)
        self._kinds, self._easel = kinds, easel

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 40, _ROW)

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Room for the dot."""
        super().initStyleOption(option, index)
        option.text = f"      {option.text}"

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        kit = self._easel.kit
        kind = self._kinds[str(index.data(_ID))]
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(kit.colour(dot_role(kind)))
        painter.drawEllipse(QPoint(rect.left() + 14, rect.center().y() + 1), 5, 5)
        if kind.card is not None and kind.card.credits is not None:
            painter.setPen(kit.colour("muted"))
            painter.setFont(kit.pill)
            painter.drawText(
                rect.adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                str(kind.card.credits),
            )  # fmt: skip
        painter.restore()


def dot_role(kind: NodeKind) -> str:
    """The role of the theme for a kind's dot."""
    if kind.family == Family.MODELS:
        return "model"
    if kind.family == Family.INPUTS and kind.shape.outputs:
        return "prompt" if kind.shape.outputs[0].type == "prompt" else "image"
    return "accent" if kind.family == Family.INPUTS else "neutral"
