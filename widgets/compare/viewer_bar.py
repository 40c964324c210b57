"""The bar below a picture that is looked at: its words, the way through the list, what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from widgets.messages import keyed

HEIGHT = 44


class ViewerBar(QFrame):
    step_wanted = Signal(int)
    loupe_wanted = Signal()
    tones_wanted = Signal()
    fit_wanted = Signal()
    real_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self._told = ""
        self.words = QLabel()
        self.words.setProperty("role", "caption")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.back = self._button("look-back", lambda: self.step_wanted.emit(-1))
        self.on = self._button("look-on", lambda: self.step_wanted.emit(1))
        self.loupe = self._button("look-loupe", self.loupe_wanted.emit, checkable=True)
        self.tones = self._button("look-tones", self.tones_wanted.emit, checkable=True)
        self.fit = self._button("look-fit", self.fit_wanted.emit)
        self.real = self._button("look-real", self.real_wanted.emit)
        self.leave = self._button("look-close", self.close_wanted.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(5)
        for one in (self.back, self.on):
            row.addWidget(one)
        row.addWidget(self.words, 1)
        for one in (self.loupe, self.tones, self.fit, self.real, self.leave):
            row.addWidget(one)
        self.say()

    def _button(self, name: str, what: Callable[[], object], *, checkable: bool = False) -> QToolButton:
        """Tab reaches it; a click leaves the keyboard where it is."""
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("segment", True)
        button.setCheckable(checkable)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda *_: what())
        return button

    def say(self) -> None:
        """All words, in the language of now."""
        for button, text, words, key in (
            (self.back, "‹", self.tr("Picture before"), "←"),
            (self.on, "›", self.tr("Next picture"), "→"),
            (self.loupe, self.tr("Loupe"), self.tr("Loupe: hold Z, or press L"), ""),
            (self.tones, self.tr("Histogram"), self.tr("Histogram"), "H"),
            (self.fit, self.tr("Fit"), self.tr("Fit"), "F"),
            (self.real, "1:1", self.tr("Real pixels"), "1"),
            (self.leave, "✕", self.tr("Close"), "Esc"),
        ):
            button.setText(text)
            button.setToolTip(keyed(words, key))
            button.setAccessibleName(words)

    def show_place(self, place: int, count: int) -> None:
        """The picture's place in its list, from 0."""
        for one in (self.back, self.on):
            one.setVisible(count > 1)
        self.back.setEnabled(place > 0)
        self.on.setEnabled(place < count - 1)

    def show_words(self, words: str) -> None:
        self._told = words
        self.words.setToolTip(words)
        room = max(0, self.words.width() - 8)
        self.words.setText(self.words.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.say()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_words(self._told)
