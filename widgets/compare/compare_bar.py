"""The bar below a comparison: its modes, which picture is A and B, what the mode has, the zoom."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout

from widgets.compare.comparison import Comparison, Mode
from widgets.messages import keyed, percent

_LETTERS = 12
_ROOMY = 700
"""Px from which on there is room for the zoom."""


class CompareBar(QFrame):
    """Signals say what is wanted; `show_state` shows what is."""

    mode_wanted = Signal(object)
    swap_wanted = Signal()
    chosen = Signal(int, bool)
    """A place among the pictures, and whether it is to be A."""
    tune_wanted = Signal(int)
    by_itself_wanted = Signal()
    loupe_wanted = Signal()
    fit_wanted = Signal()
    real_wanted = Signal()
    close_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "status")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(5)
        self._choices = QFrame()
        column.addLayout(self._first_row())
        column.addWidget(self._choices)
        self._fill_choices()
        self.say()

    def _first_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(5)
        self.modes = {mode: self._button(f"compare-{mode}", checkable=True) for mode in Mode}
        for mode, button in self.modes.items():
            button.clicked.connect(partial(self._want, mode))
            row.addWidget(button)
        self.swap = self._button("compare-swap", self.swap_wanted.emit)
        self.less = self._button("compare-less", lambda: self.tune_wanted.emit(-1))
        self.tuned = QLabel()
        self.tuned.setObjectName("compare-tuned")
        self.tuned.setProperty("role", "caption")
        self.tuned.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.more = self._button("compare-more", lambda: self.tune_wanted.emit(1))
        self.by_itself = self._button("compare-by-itself", self.by_itself_wanted.emit, checkable=True)
        self.loupe = self._button("compare-loupe", self.loupe_wanted.emit, checkable=True)
        self.fit = self._button("compare-fit", self.fit_wanted.emit)
        self.real = self._button("compare-real", self.real_wanted.emit)
        self.zoom = QLabel()
        self.zoom.setObjectName("compare-zoom")
        self.zoom.setProperty("role", "caption")
        self.leave = self._button("compare-close", self.close_wanted.emit)
        row.addSpacing(8)
        for one in (self.swap, self.less, self.tuned, self.more, self.by_itself):
            row.addWidget(one)
        row.addStretch(1)
        for one in (self.zoom, self.loupe, self.fit, self.real, self.leave):
            row.addWidget(one)
        return row

    def _fill_choices(self) -> None:
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        self.a, self.b = QComboBox(), QComboBox()
        for letter, box in (("A", self.a), ("B", self.b)):
            name = QLabel(letter)
            name.setProperty("role", "title")
            name.setBuddy(box)
            box.setObjectName(f"compare-{letter.lower()}")
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(_LETTERS)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.view().setAccessibleName(letter)
            box.activated.connect(partial(self._choose, letter == "A"))
            row.addWidget(name)
            row.addWidget(box, 1)

    def _button(
        self, name: str, what: Callable[[], object] | None = None, *, checkable: bool = False
    ) -> QToolButton:
        """Tab reaches it; a click leaves the keyboard where it is."""
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("segment", True)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if what is not None:
            button.clicked.connect(lambda *_: what())
        return button

    def _want(self, mode: Mode, *_: object) -> None:
        self.mode_wanted.emit(mode)

    def _choose(self, first: bool, place: int) -> None:
        self.chosen.emit(place, first)

    # --- showing ---

    def say(self) -> None:
        """All words, in the language of now."""
        for mode, words, key in (
            (Mode.WIPE, self.tr("Wipe"), "W"),
            (Mode.SIDE, self.tr("Side by side"), "S"),
            (Mode.DIFFERENCE, self.tr("Difference"), "D"),
            (Mode.BLINK, self.tr("Blink"), "B"),
        ):
            _named(self.modes[mode], words, keyed(words, key))
        _named(self.swap, "⇄", keyed(self.tr("Swap A and B"), "X"))
        self.less.setText("−")
        self.more.setText("+")
        self.less.setAccessibleName(self.tr("Weaker"))
        self.more.setAccessibleName(self.tr("Stronger"))
        _named(self.by_itself, self.tr("By itself"), keyed(self.tr("Blink by itself"), "P"))
        _named(self.loupe, self.tr("Loupe"), self.tr("Loupe: hold Z, or press L"))
        _named(self.fit, self.tr("Fit"), keyed(self.tr("Fit"), "F"))
        _named(self.real, "1:1", keyed(self.tr("Real pixels"), "1"))
        _named(self.leave, "✕", keyed(self.tr("Close"), "Esc"))
        for name, box in (("A", self.a), ("B", self.b)):
            box.setAccessibleName(self.tr("Picture {letter}").format(letter=name))
        self.swap.setAccessibleName(self.tr("Swap A and B"))
        self.real.setAccessibleName(self.tr("Real pixels"))
        self.leave.setAccessibleName(self.tr("Close"))

    def show_state(self, state: Comparison, *, by_itself: bool) -> None:
        for mode, button in self.modes.items():
            button.setChecked(mode is state.mode)
        differing, blinking = state.mode is Mode.DIFFERENCE, state.mode is Mode.BLINK
        self.swap.setVisible(state.mode is not Mode.SIDE)
        for one in (self.less, self.tuned, self.more):
            one.setVisible(differing or blinking)
        self.tuned.setText(
            f"× {state.factor}" if differing else self.tr("{n} s").format(n=f"{state.period / 1000:g}")
        )
        self.less.setToolTip(keyed(self.tr("Weaker") if differing else self.tr("Slower"), "["))
        self.more.setToolTip(keyed(self.tr("Stronger") if differing else self.tr("Faster"), "]"))
        for one in (self.less, self.more):
            one.setAccessibleName(one.toolTip())
        self.by_itself.setVisible(blinking)
        self.by_itself.setChecked(by_itself)
        self._choices.setVisible(len(state.shown) > 2 and state.mode is not Mode.SIDE)
        self._show_choices(state)

    def _show_choices(self, state: Comparison) -> None:
        words = [f"{place}  {one.words}" for place, one in enumerate(state.shown, start=1)]
        for box, place in ((self.a, state.a), (self.b, state.b)):
            with QSignalBlocker(box):
                if [box.itemText(at) for at in range(box.count())] != words:
                    box.clear()
                    box.addItems(words)
                box.setCurrentIndex(place)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.zoom.setVisible(self.width() >= _ROOMY)

    def show_zoom(self, scale: float) -> None:
        """`scale` is in device pixels for a pixel."""
        self.zoom.setText(percent(scale))


def _named(button: QToolButton, text: str, tip: str) -> None:
    button.setText(text)
    button.setToolTip(tip)
