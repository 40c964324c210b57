"""What is wrong and what is well with a node, each mistake with its fix."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.basics.words import joined, spoken
from app.document.problems import Fix, Problem, Severity


class CheckList(QWidget):
    """`fix_chosen` carries (Problem, Fix)."""

    fix_chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checks")
        self.setAccessibleName(self.tr("Checks"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)
        self._shown: tuple[object, ...] = ()

    def show_checks(self, problems: Sequence[Problem], well: Sequence[str]) -> None:
        """`well` are sentences about what is right."""
        wanted = (*((one.code, one.where, one.title) for one in problems), *well)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        ordered = sorted(problems, key=lambda one: one.severity is not Severity.ERROR)
        for problem in ordered:
            self._rows.addWidget(self._problem(problem))
        for words in well:
            self._rows.addWidget(_card("✓", "good", words, ""))

    def _problem(self, problem: Problem) -> QFrame:
        error = problem.severity is Severity.ERROR
        card = _card(
            "●" if error else "○",
            "error" if error else "muted",
            spoken(problem.title),
            spoken(problem.advice),
        )
        layout = card.layout()
        if problem.fixes and isinstance(layout, QVBoxLayout):
            line = QHBoxLayout()
            line.setContentsMargins(18, 0, 0, 0)
            for fix in problem.fixes:
                line.addWidget(self._button(problem, fix))
            line.addStretch(1)
            layout.addLayout(line)
        return card

    def _button(self, problem: Problem, fix: Fix) -> QPushButton:
        button = QPushButton(spoken(fix.label))
        button.setProperty("kind", "link")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.fix_chosen.emit(problem, fix))
        return button


def _card(mark: str, role: str, title: str, advice: str) -> QFrame:
    card = QFrame()
    card.setProperty("role", "field")
    rows = QVBoxLayout(card)
    rows.setContentsMargins(10, 8, 10, 8)
    rows.setSpacing(4)
    line = QHBoxLayout()
    line.setSpacing(8)
    sign = QLabel(mark)
    sign.setProperty("role", role)
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    words = QLabel(title)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setWordWrap(True)
    line.addWidget(sign)
    line.addWidget(words, 1)
    rows.addLayout(line)
    if advice:
        more = QLabel(advice)
        more.setProperty("role", "caption")
        more.setTextFormat(Qt.TextFormat.PlainText)
        more.setWordWrap(True)
        more.setContentsMargins(18, 0, 0, 0)
        rows.addWidget(more)
    card.setAccessibleName(joined(title, advice))
    return card
