"""The left panel: search, node kinds by family with their price, templates.

A row is pressed or dragged onto the canvas; Enter and Space press it from the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.basics.words import say, spoken
from app.nodes.declare import Family, Kinds, NodeKind
from app.preferences.templates import OwnTemplate
from app.studio.desk import Template
from widgets.parts.sized import sized
from widgets.theme import Themes

KIND_MIME = "application/x-tagloom-kind"
"""What a dragged row carries: the kind's id in UTF-8."""
ROW = 30
DOT = 8


class Palette(QScrollArea):
    """`kind_wanted` carries a kind's id, `template_wanted` a template's; `own_wanted` and `own_removed` the
    title of one of the artist's own templates."""

    kind_wanted = Signal(str)
    template_wanted = Signal(str)
    own_wanted = Signal(str)
    own_removed = Signal(str)
    search_wanted = Signal()

    def __init__(self, kinds: Kinds, templates: Sequence[Template], themes: Themes) -> None:
        super().__init__()
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Node kinds and templates"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QFrame()
        inside.setProperty("role", "panel")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(12, 12, 12, 12)
        self._rows.setSpacing(2)
        self._rows.addWidget(self._search())
        self._themes = themes
        titles = {
            Family.INPUTS: self.tr("INPUTS"),
            Family.MODELS: self.tr("MODELS"),
            Family.OUTPUTS: self.tr("OUTPUTS"),
            Family.LAYOUT: self.tr("LAYOUT"),
        }
        for family, title in titles.items():
            self._family(title, [kind for kind in kinds.values() if kind.family == family])
        self._caption(self.tr("TEMPLATES"))
        for template in templates:
            row = Row(spoken(template.title), "", "", spoken(template.summary), themes)
            row.pressed.connect(lambda id=template.id: self.template_wanted.emit(id))
            self._rows.addWidget(row)
        self._own: list[OwnRow] = []
        self._end = self._rows.count()
        self._rows.addStretch(1)
        self.setWidget(inside)

    def show_own(self, templates: Sequence[OwnTemplate]) -> None:
        """The artist's own templates, below the others."""
        for row in self._own:
            row.hide()
            row.deleteLater()
        self._own = []
        for place, one in enumerate(templates):
            row = OwnRow(one.title, one.summary, self._themes)
            row.pressed.connect(lambda title=one.title: self.own_wanted.emit(title))
            row.removed.connect(lambda title=one.title: self.own_removed.emit(title))
            self._rows.insertWidget(self._end + place, row)
            self._own.append(row)

    def _search(self) -> QPushButton:
        self._button = button = QPushButton()
        button.setObjectName("palette-search")
        button.setProperty("command", "add")
        button.setAccessibleName(self.tr("Search nodes"))
        button.setToolTip(self.tr("Search all nodes"))
        button.setMinimumHeight(36)
        inside = QHBoxLayout(button)
        inside.setContentsMargins(10, 0, 8, 0)
        words = QLabel(self.tr("Search nodes…"))
        words.setProperty("role", "muted")
        self._key = key = QLabel()
        key.setProperty("role", "pill")
        key.hide()
        for label in (words, key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        key.setFixedHeight(20)
        inside.addWidget(words, 1)
        inside.addWidget(key, 0, Qt.AlignmentFlag.AlignVCenter)
        button.clicked.connect(self.search_wanted)
        return button

    def show_key(self, key: str) -> None:
        """The first key of the search; empty for none."""
        words = self.tr("Search all nodes")
        self._button.setToolTip(f"{words} ({key})" if key else words)
        self._key.setText(key)
        self._key.setVisible(bool(key))

    def _caption(self, text: str) -> None:
        label = QLabel(text)
        label.setProperty("role", "caption")
        label.setContentsMargins(0, 14, 0, 4)
        self._rows.addWidget(label)

    def say_anew(self, again: Callable[[str], str]) -> None:
        """After the language was switched: rows draw their words themselves."""
        for row in self.findChildren(Row):
            row.update()

    def _family(self, title: str, kinds: Sequence[NodeKind]) -> None:
        if not kinds:
            return
        self._caption(title)
        for kind in kinds:
            price = str(kind.card.credits) if kind.card and kind.card.credits is not None else ""
            row = Row(spoken(kind.title), role_of(kind), price, spoken(kind.help), self._themes, drag=kind.id)
            row.pressed.connect(lambda id=kind.id: self.kind_wanted.emit(id))
            row.setProperty("guide", f"kind-{kind.id}")
            self._rows.addWidget(row)


def role_of(kind: NodeKind) -> str:
    """The colour role of a kind's dot."""
    if kind.card is not None:
        return "model"
    if kind.family == Family.INPUTS and kind.shape.outputs:
        return "prompt" if kind.shape.outputs[0].type == "prompt" else "image"
    return "accent" if kind.family == Family.INPUTS else "neutral"


class Row(QWidget):
    """One line: a dot, a title, a price."""

    pressed = Signal()

    def __init__(
        self, title: str, role: str, price: str, tip: str, themes: Themes, *, drag: str = ""
    ) -> None:
        super().__init__()
        self._title, self._role, self._price, self._themes, self._drag = title, role, price, themes, drag
        self._from: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tip)
        self.setAccessibleName(say("{title}, {price} credits", title=title, price=price) if price else title)
        self.setAccessibleDescription(tip)
        self.setMinimumHeight(ROW)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme.colour("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(box, 7, 7)
        left = 10.0
        if self._role:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(self._role))
            painter.drawEllipse(QRectF(left, (self.height() - DOT) / 2, DOT, DOT))
            left += DOT + 9
        right = self._paint_price(painter) if self._price else self.width() - 8.0
        painter.setPen(theme.colour("text"))
        painter.setFont(sized())
        room = QRectF(left, 0, right - left - 6, self.height())
        title = spoken(self._title)  # in the language of now
        words = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _paint_price(self, painter: QPainter) -> float:
        theme = self._themes.theme
        painter.setFont(sized(11))
        width = painter.fontMetrics().horizontalAdvance(self._price) + 16
        pill = QRectF(self.width() - width - 8, (self.height() - 18) / 2, width, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("pill"))
        painter.drawRoundedRect(pill, 9, 9)
        painter.setPen(theme.colour("muted"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._price)
        return pill.left()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None or not self._drag:
            return
        if (event.position().toPoint() - self._from).manhattanLength() < 8:
            return
        self._from = None
        data = QMimeData()
        data.setData(KIND_MIME, self._drag.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()
        self._from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class OwnRow(Row):
    """A template of the artist's own: it is put into the document, or taken away by the cross or Delete."""

    removed = Signal()

    def __init__(self, title: str, summary: str, themes: Themes) -> None:
        tip = self.tr("Put your template into this document: {summary}").format(summary=summary)
        super().__init__(title, "accent", "", tip, themes)
        self._tip = tip
        self.setAccessibleDescription(self.tr("{tip}. Delete removes it.").format(tip=tip))
        self.setMouseTracking(True)

    def _cross(self) -> QRectF:
        return QRectF(self.width() - 28, (self.height() - 22) / 2, 22, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not (self.underMouse() or self.hasFocus()):
            return
        painter = QPainter(self)
        painter.setPen(self._themes.theme.colour("muted"))
        painter.setFont(sized(12))
        painter.drawText(self._cross(), Qt.AlignmentFlag.AlignCenter, "✕")
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._cross().contains(event.position())
        self.setToolTip(self.tr("Remove this template") if over else self._tip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is not None and self._cross().contains(event.position()):
            self._from = None
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)
