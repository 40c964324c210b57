"""The photographs of a model: each with its tag, its size and ratio, and what is done where the ratio does
not fit. Rows are dragged into another order; a tag goes with its photograph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QColorDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.document.values import End, Fit
from widgets.parts.picture_source import PictureSource, Thumbnail
from widgets.parts.sized import sized, times
from widgets.theme import BODY, Themes

ROW, FITTED = 64, 150
"""Heights of a row, without and with its fit."""
COLUMN = 42
GAP = 6
STEP = 0.02
"""How far an arrow key moves the point of a crop, of the photograph's side."""


WRONG_WIDTH = 190
"""px of a reason beside its photograph; the whole of it is told by the tooltip and at the photograph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRow:
    """What a row shows. `wrong` is why the photograph cannot go as it is; empty where it can."""

    source: End
    target: End
    tag: str
    slot: int
    title: str
    path: Path | None
    pixels: tuple[int, int] | None
    fit: Fit
    wrong: str = ""


class References(QListWidget):
    """`tag_typed` (source, target, tag), `fit_chosen` (source, target, Fit), `unlinked` (source, target),
    `reordered` (old place, new place)."""

    tag_typed = Signal(object, object, str)
    fit_chosen = Signal(object, object, object)
    unlinked = Signal(object, object)
    reordered = Signal(int, int)

    def __init__(self, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self.setObjectName("references")
        self.setAccessibleName(self.tr("References and tags"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(0)
        self._pictures, self._themes = pictures, themes
        self._rows: tuple[ReferenceRow, ...] = ()
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.model().rowsMoved.connect(self._moved)
        themes.changed.connect(self._recolour)

    def show_rows(self, rows: Sequence[ReferenceRow]) -> None:
        if tuple(rows) == self._rows and self.count() == len(rows):
            return
        focused = self._focused()
        self._rows = tuple(rows)
        self.clear()
        for place, row in enumerate(self._rows):
            item = QListWidgetItem()
            card = _Row(row, self._pictures, self._themes, self)
            item.setSizeHint(QSize(200, (FITTED if row.fit.mode != "none" else ROW) + GAP))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"@{row.tag} {row.title}")
            self.addItem(item)
            self.setItemWidget(item, _spaced(card))
            if place == focused:
                card.tag.setFocus()
        self.setFixedHeight(sum(self.item(at).sizeHint().height() for at in range(self.count())))
        self.setVisible(bool(self._rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.doItemsLayout()  # rows keep the width they were made with otherwise

    def _recolour(self) -> None:
        rows, self._rows = self._rows, ()
        self.show_rows(rows)

    def _focused(self) -> int | None:
        for place in range(self.count()):
            found = self.itemWidget(self.item(place)).findChildren(_Row)
            if any(card.tag.hasFocus() for card in found):
                return place
        return None

    def _moved(self, _parent: QModelIndex, start: int, _end: int, _to: QModelIndex, row: int) -> None:
        place = row - 1 if row > start else row
        self._rows = ()  # what is shown is rebuilt from the document
        self.reordered.emit(start, place)


def _spaced(card: QWidget) -> QWidget:
    """A card with the gap to the next one below it."""
    whole = QWidget()
    rows = QVBoxLayout(whole)
    rows.setContentsMargins(0, 0, 0, GAP)
    rows.addWidget(card)
    return whole


class _Row(QFrame):
    def __init__(self, row: ReferenceRow, pictures: PictureSource, themes: Themes, owner: References) -> None:
        super().__init__()
        self.setProperty("role", "field")
        self._row, self._owner = row, owner
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 7, 8, 7)
        rows.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(10)
        thumbnail = Thumbnail(pictures, COLUMN, COLUMN)
        thumbnail.show_picture(row.path)
        top.addWidget(thumbnail)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._tag_line(themes), 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self._facts())
        top.addLayout(words, 1)
        top.addLayout(self._buttons())
        rows.addLayout(top)
        if row.fit.mode != "none":
            fit = FitEditor(row, pictures, themes)
            fit.chosen.connect(lambda fit: owner.fit_chosen.emit(row.source, row.target, fit))
            rows.addWidget(fit)

    def _tag_line(self, themes: Themes) -> QLineEdit:
        self.tag = QLineEdit(self._row.tag)
        self.tag.setObjectName("tag")
        self.tag.setPlaceholderText(self.tr("tag"))
        self.tag.setAccessibleName(self.tr("Tag of {title}").format(title=self._row.title))
        self.tag.setMaximumHeight(times(24))
        colours = themes.theme.tag(self._row.slot)
        if self._row.tag:
            self.tag.setStyleSheet(
                f"color: {colours.text}; background: {colours.ground}; font-weight: 600; padding: 1px 6px;"
            )
        self.tag.setFixedWidth(self._wide(self._row.tag))
        self.tag.textEdited.connect(lambda text: self.tag.setFixedWidth(self._wide(text)))
        self.tag.editingFinished.connect(self._typed)
        return self.tag

    def _wide(self, text: str) -> int:
        """As wide as the tag, so that it looks like the chip it is."""
        bold = sized(BODY, QFont.Weight.DemiBold)
        return max(44, min(round(QFontMetricsF(bold).horizontalAdvance(text)) + 20, 150))

    def _typed(self) -> None:
        text = self.tag.text().strip().lstrip("@＠")
        if self.tag.isModified() and text != self._row.tag:
            self.tag.setModified(False)
            self._owner.tag_typed.emit(self._row.source, self._row.target, text)

    def _facts(self) -> QLabel:
        row = self._row
        if row.wrong:
            label = QLabel()
            short = label.fontMetrics().elidedText(row.wrong, Qt.TextElideMode.ElideRight, WRONG_WIDTH)
            label.setText(short)
            label.setToolTip(row.wrong)
            label.setProperty("role", "error")
        else:
            size = f"{row.pixels[0]} × {row.pixels[1]}" if row.pixels else self.tr("not made yet")
            ratio = (
                self.tr("ratio {ratio} ✓").format(ratio=f"{row.pixels[0] / row.pixels[1]:.2f}")
                if row.pixels
                else ""
            )
            label = QLabel(" · ".join(part for part in (size, ratio) if part))
            label.setProperty("role", "caption")
        if not row.wrong:
            label.setToolTip(row.title)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label

    def _buttons(self) -> QHBoxLayout:
        row = self._row
        line = QHBoxLayout()
        line.setSpacing(2)
        remove = QPushButton("✕")
        remove.setProperty("kind", "quiet")
        remove.setProperty("sign", True)
        remove.setFixedSize(24, 24)
        remove.setToolTip(self.tr("Unlink this photograph"))
        remove.setAccessibleName(self.tr("Unlink {title}").format(title=row.title))
        remove.clicked.connect(lambda: self._owner.unlinked.emit(row.source, row.target))
        line.addWidget(remove)
        return line


class FitEditor(QWidget):
    """Pad with a colour, or crop around a point that is dragged on the photograph. `chosen` carries a Fit."""

    chosen = Signal(object)

    def __init__(self, row: ReferenceRow, pictures: PictureSource, themes: Themes) -> None:
        super().__init__()
        self._fit = row.fit
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        if row.fit.mode == "crop":
            focus = FocusPicture(row.fit.focus, pictures, row.path, themes)
            focus.chosen.connect(
                lambda point: self.chosen.emit(Fit(mode="crop", color=row.fit.color, focus=point))
            )
            line.addWidget(focus)
        buttons = QVBoxLayout()
        for mode, title in (
            ("pad", self.tr("Pad")),
            ("crop", self.tr("Crop")),
            ("none", self.tr("As it is")),
        ):
            button = QPushButton(title)
            button.setProperty("segment", True)
            button.setCheckable(True)
            button.setChecked(row.fit.mode == mode)
            button.clicked.connect(lambda _=False, mode=mode: self._mode(mode))
            buttons.addWidget(button)
        line.addLayout(buttons)
        if row.fit.mode == "pad":
            colour = QPushButton(row.fit.color)
            colour.setToolTip(self.tr("The colour beside the photograph"))
            colour.clicked.connect(self._choose_colour)
            line.addWidget(colour)
        line.addStretch(1)

    def _mode(self, mode: str) -> None:
        if mode in ("none", "pad", "crop"):
            self.chosen.emit(Fit(mode=mode, color=self._fit.color, focus=self._fit.focus))  # type: ignore[arg-type]

    def _choose_colour(self) -> None:
        dialog = QColorDialog(QColor(self._fit.color), self)
        dialog.colorSelected.connect(
            lambda colour: self.chosen.emit(Fit(mode="pad", color=colour.name(), focus=self._fit.focus))
        )
        dialog.open()


class FocusPicture(Thumbnail):
    """The photograph with the point that a crop keeps; drag it, or move it with the arrow keys."""

    chosen = Signal(object)

    def __init__(
        self, focus: tuple[float, float], pictures: PictureSource, path: Path | None, themes: Themes
    ) -> None:
        super().__init__(pictures, 120, 76)
        self._focus, self._themes = focus, themes
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Point to keep when cropping"))
        self.setToolTip(self.tr("Drag to what must stay in the picture"))
        self.show_picture(path)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().mid())
        box = self._box()
        if self.image is not None and not self.image.isNull():
            painter.drawImage(box, self.image)
        point = QPointF(box.x() + self._focus[0] * box.width(), box.y() + self._focus[1] * box.height())
        for width, colour in ((4.0, QColor("#000000")), (2.0, self._themes.theme.colour("accent"))):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(point, 7, 7)
        painter.end()

    def _box(self) -> QRectF:
        """The whole photograph inside the widget."""
        room = QRectF(self.rect())
        if self.image is None or self.image.isNull():
            return room
        scale = min(room.width() / self.image.width(), room.height() / self.image.height())
        width, height = self.image.width() * scale, self.image.height() * scale
        return QRectF((room.width() - width) / 2, (room.height() - height) / 2, width, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        box = self._box()
        x = min(max((event.position().x() - box.x()) / box.width(), 0.0), 1.0)
        y = min(max((event.position().y() - box.y()) / box.height(), 0.0), 1.0)
        self._focus = (round(x, 3), round(y, 3))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self._focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-STEP, 0.0),
            Qt.Key.Key_Right: (STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -STEP),
            Qt.Key.Key_Down: (0.0, STEP),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        x, y = (min(max(at + by, 0.0), 1.0) for at, by in zip(self._focus, step, strict=True))
        self._focus = (round(x, 3), round(y, 3))
        self.update()
        self.chosen.emit(self._focus)
