"""One editor for each type of parameter. Each shows a value, and tells one that was chosen by hand."""

from __future__ import annotations

import secrets
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.basics.words import spoken
from app.catalogue.cards import Choice, Parameter, ParameterType
from app.document.values import Value
from widgets.parts.ratio_picture import RatioButton, ratio_of
from widgets.theme import Themes

_MOST_NUMBER = 1_000_000


class Field(QWidget):
    """A caption, what stands at its right, and the editor below. `chosen` carries (parameter id, value)."""

    chosen = Signal(str, object)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self.setObjectName(f"field-{parameter.id}")
        self.setToolTip(spoken(parameter.help))  # of all that stands in it and has none of its own
        self.setWhatsThis(f"<b>{escape(spoken(parameter.title))}</b><p>{escape(spoken(parameter.help))}</p>")
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(6)
        self.top = top = QHBoxLayout()
        caption = QLabel(spoken(parameter.title))
        caption.setProperty("role", "muted")
        self.beside = QLabel()
        self.beside.setProperty("role", "caption")
        top.addWidget(caption, 1)
        top.addWidget(self.beside)
        self.rows.addLayout(top)

    def show_value(self, value: Value) -> None:
        raise AssertionError("every field shows its value")

    def show_mixed(self) -> None:
        """Several nodes that differ: no value is shown, and one that is chosen is for all of them."""
        self.beside.setText(self.tr("Mixed"))
        self.setAccessibleDescription(self.tr("The selected nodes differ here"))

    def show_same(self, value: Value) -> None:
        """Several nodes that agree."""
        self.beside.setText("")
        self.setAccessibleDescription("")
        self.show_value(value)

    def tell(self, value: Value) -> None:
        self.chosen.emit(self.parameter.id, value)


class ChoiceField(Field):
    """Segments: drawn ratios where every choice is one, else titles with their notes."""

    def __init__(self, parameter: Parameter, themes: Themes) -> None:
        super().__init__(parameter)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        drawn = all(ratio_of(one.value) for one in parameter.choices)
        for place, choice in enumerate(parameter.choices):
            button = RatioButton(choice.value, spoken(choice.note), themes) if drawn else _segment(choice)
            button.clicked.connect(lambda _=False, value=choice.value: self.tell(value))
            self._group.addButton(button)
            self._buttons[choice.value] = button
            columns = 6 if drawn else 3
            grid.addWidget(button, place // columns, place % columns)
        self.rows.addLayout(grid)
        self.setAccessibleName(spoken(parameter.title))

    def show_value(self, value: Value) -> None:
        button = self._buttons.get(str(value))
        if button is None:
            self._show_none()  # what the card does not offer: the checks say so
        else:
            button.setChecked(True)

    def show_mixed(self) -> None:
        super().show_mixed()
        self._show_none()

    def _show_none(self) -> None:
        self._group.setExclusive(False)
        for one in self._buttons.values():
            one.setChecked(False)
        self._group.setExclusive(True)


def _segment(choice: Choice) -> QPushButton:
    button = QPushButton(
        f"{spoken(choice.title)} · {spoken(choice.note)}" if choice.note else spoken(choice.title)
    )
    button.setCheckable(True)
    button.setProperty("segment", True)
    button.setMinimumHeight(28)
    return button


class SeedField(Field):
    """Empty: a new seed each run. The die throws one and keeps it; the lock keeps the one last used."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._last: int | None = None
        self._line = QLineEdit()
        self._line.setObjectName("seed")
        self._line.setPlaceholderText(self.tr("New one each run"))
        self._line.setAccessibleName(spoken(parameter.title))
        self._line.setValidator(QRegularExpressionValidator(r"\d{0,12}|\{[^{}]{0,200}\}?", self))
        self._line.editingFinished.connect(self._typed)
        self._die = _small(self.tr("Throw"), self.tr("A new seed, kept from now on"), "seed-die")
        self._die.clicked.connect(lambda: self.tell(secrets.randbelow((parameter.maximum or 0) + 1)))
        self._lock = _small(self.tr("Keep"), "", "seed-lock")
        self._lock.setCheckable(True)
        self._lock.clicked.connect(self._toggle)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._line, 1)
        row.addWidget(self._die)
        row.addWidget(self._lock)
        self.rows.addLayout(row)

    def show_value(self, value: Value) -> None:
        fixed = value is not None
        text = str(value) if fixed else ""
        if self._line.text() != text and not (self._line.hasFocus() and self._line.isModified()):
            self._line.setText(text)
        self._lock.setChecked(fixed)
        self._show_lock(fixed)
        self.beside.setText(self.tr("Fixed") if fixed else self.tr("New each run"))

    def show_mixed(self) -> None:
        super().show_mixed()
        _empty(self._line, self.tr("Mixed"))
        self._lock.setChecked(False)
        self._show_lock(False)

    def show_same(self, value: Value) -> None:
        super().show_same(value)
        self._line.setPlaceholderText(self.tr("New one each run"))

    def show_last(self, seed: int | None) -> None:
        """The seed of the picture that the node shows; what the lock keeps."""
        self._last = seed
        self._show_lock(self._lock.isChecked())

    def _show_lock(self, fixed: bool) -> None:
        self._lock.setEnabled(fixed or self._last is not None)
        self._lock.setToolTip(
            self.tr("Draw a new seed each run again")
            if fixed
            else self.tr("Keep seed {seed}, the last one used").format(seed=self._last)
            if self._last is not None
            else self.tr("After a run, keeps the seed that was used")
        )

    def _toggle(self) -> None:
        self.tell(self._last if self._lock.isChecked() else None)

    def _typed(self) -> None:
        text = self._line.text().strip()
        if not text and not self._line.isModified() and self._line.placeholderText() == self.tr("Mixed"):
            return  # only passed through: the nodes still differ
        self._line.setModified(False)
        self.tell(text if text.startswith("{") else int(text) if text else None)


def _small(text: str, tip: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setProperty("segment", True)
    button.setMinimumHeight(30)
    return button


class LineField(Field):
    """One line of text; told when it is finished, and while it is typed through `typing`."""

    typing = Signal(str, object)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._line = QLineEdit()
        self._line.setObjectName(parameter.id)
        self._line.setAccessibleName(spoken(parameter.title))
        self._line.editingFinished.connect(self._done)
        self._line.textEdited.connect(lambda text: self.typing.emit(parameter.id, text))
        self.rows.addWidget(self._line)

    def show_value(self, value: Value) -> None:
        text = "" if value is None else str(value)
        if self._line.text() != text and not (self._line.hasFocus() and self._line.isModified()):
            self._line.setText(text)

    def show_mixed(self) -> None:
        super().show_mixed()
        _empty(self._line, self.tr("Mixed"))

    def show_same(self, value: Value) -> None:
        super().show_same(value)
        self._line.setPlaceholderText("")

    def _done(self) -> None:
        if self._line.isModified():
            self._line.setModified(False)
            self.tell(self._line.text())


class NumberField(Field):
    """A whole number within its bounds, by keys or arrows; told when it is finished."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._low = parameter.minimum if parameter.minimum is not None else 0
        self._high = parameter.maximum if parameter.maximum is not None else _MOST_NUMBER
        self._spin = Spin()
        self._spin.setObjectName(parameter.id)
        self._spin.setAccessibleName(spoken(parameter.title))
        self._spin.setKeyboardTracking(False)
        self._spin.setRange(self._low, self._high)
        self._spin.valueChanged.connect(self._changed)
        self.rows.addWidget(self._spin)

    def show_value(self, value: Value) -> None:
        self._show(self._low, value if isinstance(value, int) else self._low)

    def show_mixed(self) -> None:
        """One below the least stands for the words; a step up from it is the least for all of them."""
        super().show_mixed()
        self._show(self._low - 1, self._low - 1)

    def _show(self, low: int, value: int) -> None:
        blocked = self._spin.blockSignals(True)
        self._spin.setSpecialValueText(self.tr("Mixed") if low < self._low else "")
        self._spin.setRange(low, self._high)
        self._spin.setValue(value)
        self._spin.blockSignals(blocked)

    def _changed(self, value: int) -> None:
        if value >= self._low:
            self.tell(value)


class Spin(QSpinBox):
    """The wheel scrolls the panel, and changes nothing that somebody only passes over."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(8, 0, 8, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _empty(line: QLineEdit, words: str) -> None:
    """Nothing but the words behind it, unless somebody is writing there."""
    line.setPlaceholderText(words)
    if not (line.hasFocus() and line.isModified()):
        line.clear()


class ChooseFile(Field):
    """A path, and a button for the file dialog. `none` is said where nothing is chosen."""

    browse = Signal()

    def __init__(self, parameter: Parameter, none: str) -> None:
        super().__init__(parameter)
        self._none = none
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self._name.setWordWrap(True)
        button = QPushButton(self.tr("Choose…"))
        button.setObjectName("choose-file")
        button.clicked.connect(self.browse)
        row = QHBoxLayout()
        row.addWidget(self._name, 1)
        row.addWidget(button)
        self.rows.addLayout(row)

    def show_value(self, value: Value) -> None:
        self._name.setText(str(value or self._none))


class NoteField(Field):
    """Several lines of text."""

    typing = Signal(str, object)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(parameter)
        self._text = QPlainTextEdit()
        self._text.setAccessibleName(spoken(parameter.title))
        self._text.setTabChangesFocus(True)
        self._text.textChanged.connect(self._typed)
        self._quiet = False
        self.rows.addWidget(self._text)

    def show_value(self, value: Value) -> None:
        if self._text.toPlainText() != str(value or ""):
            self._quiet = True
            self._text.setPlainText(str(value or ""))
            self._quiet = False

    def show_mixed(self) -> None:
        super().show_mixed()
        self._text.setPlaceholderText(self.tr("Mixed. What you write here replaces the words of all."))
        self.show_value("")

    def show_same(self, value: Value) -> None:
        super().show_same(value)
        self._text.setPlaceholderText("")

    def _typed(self) -> None:
        if not self._quiet:
            self.typing.emit(self.parameter.id, self._text.toPlainText())


def heading(text: str) -> QLabel:
    label = QLabel(text.upper())
    label.setProperty("role", "caption")
    return label


def field_of(parameter: Parameter, themes: Themes) -> Field:
    """The editor of a parameter's type."""
    match parameter.type:
        case ParameterType.CHOICE:
            return ChoiceField(parameter, themes)
        case ParameterType.SEED:
            return SeedField(parameter)
        case ParameterType.INTEGER:
            return NumberField(parameter)
        case ParameterType.TEXT if parameter.id == "text":
            return NoteField(parameter)
        case _:
            return LineField(parameter)
