"""The single fields of the Export dialog, each with its choices in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.document.name_template import FIELDS, ROW, TAG
from app.imaging.measures import PrintSize, Unit
from widgets.dialogs.option_editors import only_with_the_keyboard

E = TypeVar("E", bound=StrEnum)
_MOST = 99_999.0


def standing_off(box: QAbstractSpinBox) -> None:
    """Its text keeps off the border, which its sheet cannot say; the wheel passes over it."""
    box.lineEdit().setTextMargins(8, 0, 8, 0)
    only_with_the_keyboard(box, box)


class Choice(QComboBox):
    """One of an enumeration."""

    def __init__(self, name: str, accessible: str, rows: Sequence[tuple[StrEnum, str]]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.view().setAccessibleName(accessible)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        only_with_the_keyboard(self, self)
        for value, words in rows:
            self.addItem(words, value.value)

    def value(self, kind: type[E]) -> E:
        return kind(self.currentData())

    def show_value(self, value: StrEnum) -> None:
        self.setCurrentIndex(self.findData(value.value))


class SizeRow(QWidget):
    """Width and height that the picture fits within; 0 is free."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.width_box = self._side("export-width", self.tr("Width"))
        self.height_box = self._side("export-height", self.tr("Height"))
        self.unit = Choice(
            "export-unit",
            self.tr("Unit of the size"),
            (
                (Unit.PX, self.tr("px")),
                (Unit.MM, self.tr("mm")),
                (Unit.CM, self.tr("cm")),
                (Unit.INCH, self.tr("inch")),
            ),
        )
        self.unit.setMinimumContentsLength(3)
        row.addWidget(self.width_box, 2)
        row.addWidget(QLabel("×"))
        row.addWidget(self.height_box, 2)
        row.addWidget(self.unit, 1)
        self.setFocusProxy(self.width_box)
        self.unit.currentIndexChanged.connect(self._measured)

    def _side(self, name: str, accessible: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        standing_off(box)
        box.setRange(0, _MOST)
        box.setDecimals(0)
        box.setSpecialValueText(self.tr("as it is"))
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.setMinimumWidth(66)
        box.valueChanged.connect(lambda _: self.changed.emit())
        return box

    def _measured(self) -> None:
        for box in (self.width_box, self.height_box):
            box.setDecimals(0 if self.unit.value(Unit) is Unit.PX else 2)
        self.changed.emit()

    def value(self) -> PrintSize | None:
        width, height = self.width_box.value() or None, self.height_box.value() or None
        if width is None and height is None:
            return None
        return PrintSize(width=width, height=height, unit=self.unit.value(Unit))

    def show_value(self, size: PrintSize | None) -> None:
        self.unit.show_value(size.unit if size else Unit.PX)
        self._measured()
        self.width_box.setValue((size.width if size else None) or 0)
        self.height_box.setValue((size.height if size else None) or 0)


class NameRow(QWidget):
    """The template, and a menu of all that can stand in it."""

    changed = Signal()

    def __init__(self, tags: Iterable[str], columns: Iterable[str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = QLineEdit()
        self.line.setObjectName("export-name")
        self.line.setAccessibleName(self.tr("Name of the files"))
        self.line.textChanged.connect(lambda _: self.changed.emit())
        row.addWidget(self.line, 1)
        self.more = QToolButton()
        self.more.setObjectName("export-fields")
        self.more.setText("{ }")
        self.more.setAccessibleName(self.tr("Put in what is known of a picture"))
        self.more.setToolTip(self.tr("Put in what is known of a picture"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        for field in (*FIELDS, *(f"{TAG}{one}" for one in tags)):
            self._offer(field, self._words(field))
        for column in columns:
            self._offer(f"{ROW}{column}" if column in FIELDS else column, self.tr("the table's column"))
        self.more.setMenu(self.menu)
        row.addWidget(self.more)
        self.setFocusProxy(self.line)

    def _offer(self, field: str, words: str) -> None:
        action = QAction(f"{{{field}}}   {words}".replace("&", "&&"), self.menu)
        action.setData(field)
        action.triggered.connect(lambda *_: self.line.insert(f"{{{field}}}"))
        action.triggered.connect(lambda *_: self.line.setFocus())
        self.menu.addAction(action)

    def _words(self, field: str) -> str:
        known = {
            "document": self.tr("the document's name"),
            "node": self.tr("the node's id"),
            "title": self.tr("the node's title"),
            "seed": self.tr("the seed"),
            "model": self.tr("the model"),
            "ratio": self.tr("the ratio, as 16x9"),
            "date": self.tr("today"),
            "n": self.tr("its number in this export"),
        }
        return known.get(field) or self.tr("the file of the photograph with this tag")
