"""A quiet question over the canvas: it waits until it is answered, and is in nobody's way meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

WIDEST = 480
ABOVE = 16
"""Px from the edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`name` is the button's, for tests and screen readers' maps."""

    name: str
    words: str
    what: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    title: str
    words: str
    answers: tuple[Answer, ...]


class Notice(QFrame):
    """One question at a time; what comes meanwhile waits. It never takes the keyboard by itself."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("notice")
        self.setProperty("role", "card")
        self._over = over
        self._waiting: list[Question] = []
        self._buttons: list[QPushButton] = []
        self._title, self._words = QLabel(), QLabel()
        self._title.setProperty("role", "title")
        for label in (self._title, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(6)
        rows.addWidget(self._title)
        rows.addWidget(self._words)
        self._line = QHBoxLayout()
        self._line.addStretch(1)
        rows.addLayout(self._line)
        over.installEventFilter(self)
        self.hide()

    @property
    def question(self) -> Question | None:
        """What is asked now."""
        return self._waiting[0] if self._waiting else None

    def ask(self, question: Question) -> None:
        self._waiting.append(question)
        if len(self._waiting) == 1:
            self._show()

    def _show(self) -> None:
        question = self._waiting[0]
        self._title.setText(question.title)
        self._words.setText(question.words)
        self._words.setVisible(bool(question.words))
        self.setAccessibleName(f"{question.title} {question.words}".strip())
        for old in self._buttons:
            self._line.removeWidget(old)
            old.deleteLater()
        self._buttons = [self._button(one) for one in question.answers]
        self.lay()
        self.show()
        self.raise_()

    def _button(self, answer: Answer) -> QPushButton:
        button = QPushButton(answer.words)
        button.setObjectName(answer.name)
        button.clicked.connect(lambda: self._answered(answer))
        self._line.addWidget(button)
        return button

    def _answered(self, answer: Answer) -> None:
        self._waiting.pop(0)
        self.hide()
        self._over.setFocus()
        if self._waiting:
            self._show()
        answer.what()

    def lay(self) -> None:
        """In the lower corner where the minimap is not."""
        self.setFixedWidth(max(200, min(WIDEST, self._over.width() - 32)))
        self.adjustSize()
        self.move(ABOVE, self._over.height() - self.height() - ABOVE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.lay()
        return False
