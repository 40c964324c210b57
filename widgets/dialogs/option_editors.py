"""The field in which a setting is changed, chosen once from the kind that the setting declares."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.basics.money import Money, from_usd, show_usd
from app.basics.words import spoken
from app.preferences.kinds import Cap, File, Folder, Names, Number, YesNo
from app.preferences.options import Option
from widgets.dialogs.file_chooser import Chooser

WIDTH = 240
_PAUSE = 400
"""Milliseconds after the last letter until what was typed holds."""


class Editor(QWidget):
    """`wanted` carries what is chosen; `refused` why what stands there is no value. `field` takes the
    keyboard."""

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, option: Option[Any], field: QWidget) -> None:
        super().__init__()
        self.option, self.field = option, field
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.row.addWidget(field, 1)
        field.setAccessibleName(spoken(option.title))
        field.setAccessibleDescription(spoken(option.help))
        self.setFocusProxy(field)

    def show_value(self, value: Any) -> None:
        """Without telling that it is wanted."""
        raise NotImplementedError

    def flush(self) -> None:
        """What is typed and not taken yet is taken now."""


class Switch(Editor):
    def __init__(self, option: Option[Any]) -> None:
        self._box = QCheckBox()
        super().__init__(option, self._box)
        self._box.toggled.connect(self._toggled)
        self._box.clicked.connect(lambda: self.wanted.emit(self._box.isChecked()))
        self._toggled(False)

    def _toggled(self, on: bool) -> None:
        self._box.setText(self.tr("On") if on else self.tr("Off"))

    def show_value(self, value: Any) -> None:
        self._box.setChecked(bool(value))


class Combo(QComboBox):
    """With an arrow, which the style sheet takes away."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(0, 0, -10, 0), right, "▾")


class Choices(Editor):
    def __init__(self, option: Option[Any]) -> None:
        self._box = Combo()
        super().__init__(option, self._box)
        self._box.view().setAccessibleName(spoken(option.title))
        for choice in option.choices:
            self._box.addItem(option.label(choice), choice)
        self._box.activated.connect(lambda _: self.wanted.emit(self._box.currentData()))
        only_with_the_keyboard(self._box, self)

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class Spin(Editor):
    def __init__(self, option: Option[Any], kind: Number) -> None:
        self._box, self._kind = QDoubleSpinBox(), kind
        super().__init__(option, self._box)
        step = kind.step * kind.shown
        self._box.setDecimals(0 if step == int(step) else 2)
        self._box.setRange(kind.least * kind.shown, kind.most * kind.shown)
        self._box.setSingleStep(step)
        self._box.setSuffix(f" {kind.unit}" if kind.unit else "")
        self._box.setKeyboardTracking(False)
        self._box.lineEdit().setTextMargins(8, 0, 8, 0)
        for sign, step_by, name in (
            ("−", -1, self.tr("{option}: less")),
            ("+", 1, self.tr("{option}: more")),
        ):
            self.row.addWidget(self._stepper(sign, step_by, name.format(option=spoken(option.title))))
        self._box.valueChanged.connect(lambda value: self.wanted.emit(value / kind.shown))
        only_with_the_keyboard(self._box, self)

    def _stepper(self, sign: str, step_by: int, name: str) -> QToolButton:
        """For the mouse; the keyboard has its arrows."""
        made = QToolButton()
        made.setText(sign)
        made.setAccessibleName(name)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setAutoRepeat(True)
        made.clicked.connect(lambda: self._box.stepBy(step_by))
        return made

    def show_value(self, value: Any) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value * self._kind.shown)
        self._box.blockSignals(False)

    def flush(self) -> None:
        self._box.interpretText()


class Written(Editor):
    """A line of text. What is typed holds after a moment, with Enter, or when the keyboard leaves."""

    def __init__(self, option: Option[Any]) -> None:
        self.line = QLineEdit()
        super().__init__(option, self.line)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._take)
        self.line.textEdited.connect(lambda _: self._timer.start())
        self.line.editingFinished.connect(self.flush)

    def show_value(self, value: Any) -> None:
        """A text that says the same already stays as it was typed."""
        if not self._timer.isActive() and self._says(value) is False:
            self.line.setText(self.text_of(value))

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._take()

    def text_of(self, value: Any) -> str:
        return str(value)

    def value_of(self, text: str) -> Any:
        """:raises ValueError: with words for people: it is none"""
        return text

    def _says(self, value: Any) -> bool:
        try:
            return bool(self.value_of(self.line.text()) == value)
        except ValueError:
            return False

    def _take(self) -> None:
        try:
            value = self.value_of(self.line.text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self.wanted.emit(value)


class Amount(Written):
    """Credits or dollars; nothing is no limit."""

    def __init__(self, option: Option[Any], kind: Cap) -> None:
        self._money = kind.money
        super().__init__(option)
        self.line.setPlaceholderText(self.tr("no limit"))
        unit = QLabel("$" if kind.money else self.tr("credits"))
        unit.setProperty("role", "muted")
        self.row.insertWidget(0 if kind.money else 1, unit)

    def text_of(self, value: Any) -> str:
        if value is None:
            return ""
        return show_usd(Money(value)).removeprefix("$") if self._money else f"{value}"

    def value_of(self, text: str) -> Any:
        text = text.strip().removeprefix("$").replace(",", "").replace(" ", "").replace("\u202f", "")
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and 0 <= amount < 10**9:
            if self._money:
                return from_usd(amount)
            if amount == int(amount):
                return int(amount)
        raise ValueError(
            self.tr("This is no amount: give dollars such as 2.50, or leave it empty for no limit.")
            if self._money
            else self.tr("This is no number of credits: give a whole one, or leave it empty for no limit.")
        )


class Place(Written):
    """A folder or a file, typed or chosen."""

    def __init__(self, option: Option[Any]) -> None:
        super().__init__(option)
        self.line.setPlaceholderText(self.tr("not set"))
        self.browse = QPushButton(self.tr("Browse…"))
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName(self.tr("{option}: browse").format(option=spoken(option.title)))
        self.browse.clicked.connect(self._choose)
        self.row.addWidget(self.browse)

    def value_of(self, text: str) -> Any:
        try:
            path = Path(text.strip()).expanduser()
        except RuntimeError:  # ~ of somebody whom this computer does not know
            path = Path(text)
        if text.strip() and not path.is_absolute():
            raise ValueError(
                self.tr("This is no full path: choose the file with “Browse…”.")
                if isinstance(self.option.read, File)
                else self.tr("This is no full path: choose the folder with “Browse…”.")
            )
        return str(path) if text.strip() else ""

    def _choose(self) -> None:
        dialog = Chooser(self, spoken(self.option.title), self.line.text())
        if isinstance(self.option.read, File):
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        else:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()

    def chosen(self, folder: str) -> None:
        self._timer.stop()
        self.line.setText(folder)
        self.wanted.emit(folder)


class Taken(Editor):
    """A list from which something can be taken."""

    def __init__(self, option: Option[Any]) -> None:
        self.list = QListWidget()
        super().__init__(option, self.list)
        self.list.setMaximumHeight(96)
        self.take = QPushButton(self.tr("Remove"))
        self.take.setAutoDefault(False)
        self.take.setAccessibleName(self.tr("{option}: remove").format(option=spoken(option.title)))
        self.take.clicked.connect(self._remove)
        self.list.installEventFilter(self)
        self.list.currentRowChanged.connect(lambda row: self.take.setEnabled(row >= 0))
        self.none = QLabel(self.tr("None yet"))
        self.none.setProperty("role", "muted")
        self.row.addWidget(self.none)
        side = QVBoxLayout()
        side.addWidget(self.take)
        side.addStretch()
        self.row.addLayout(side)

    def show_value(self, value: Any) -> None:
        row = self.list.currentRow()
        self.list.clear()
        self.list.addItems([str(one) for one in value])
        self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
        for part in (self.list, self.take):
            part.setVisible(self.list.count() > 0)
        self.none.setVisible(self.list.count() == 0)
        wanted = self.list if self.list.count() else None
        self.setFocusProxy(wanted)  # type: ignore[arg-type]  # takes None, too: a hidden one stops Tab for good

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            names = [self.list.item(at).text() for at in range(self.list.count())]
            self.list.setFocus()
            self.wanted.emit((*names[:row], *names[row + 1 :]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        deletes = event.type() == QEvent.Type.KeyPress and getattr(event, "key", int)() == Qt.Key.Key_Delete
        if deletes:
            self._remove()
        return deletes


def editor_for(option: Option[Any]) -> Editor:
    """The one place where a field is chosen. Of a kind that it does not know it is a line of text."""
    if option.choices:
        return Choices(option)
    match option.read:
        case YesNo():
            return Switch(option)
        case Number() as kind:
            return Spin(option, kind)
        case Cap() as kind:
            return Amount(option, kind)
        case Folder():
            return Place(option)
        case Names():
            return Taken(option)
    return Written(option)


def only_with_the_keyboard(box: QWidget, parent: QObject) -> None:
    """The wheel scrolls the page; it changes nothing that merely lies under the pointer."""
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(_Wheel(parent))


class _Wheel(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False
