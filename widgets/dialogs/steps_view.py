"""The steps of the way to a vendor, each with its sign, its words and its time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.studio.reach import Step, StepName, StepState

SIGNS: Mapping[StepState, tuple[str, str]] = {
    StepState.WORKING: ("…", "muted"),
    StepState.GOOD: ("✓", "good"),
    StepState.WARNING: ("!", "warning"),
    StepState.BAD: ("✕", "error"),
    StepState.NONE: ("–", "muted"),
}
"""A sign and the role of its colour, which is never the only sign."""


class StepsView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._shown: dict[StepName, tuple[QLabel, ...]] = {}
        self.hide()

    def tell(self, step: Step) -> None:
        """In place of what was said of the same step before; one with no words is taken away."""
        self._remove(step.name)
        if not step.words and step.state is not StepState.WORKING:
            return
        sign, role = SIGNS[step.state]
        words = " ".join(part for part in (step.words, step.advice) if part)
        took = self.tr("{ms} ms").format(ms=round(step.seconds * 1000)) if step.seconds else ""
        title = self._titles()[step.name]
        row = list(StepName).index(step.name)
        labels = tuple(_label(text) for text in (sign, title, words, took))
        labels[0].setProperty("role", role)
        labels[2].setProperty("role", role if step.state in (StepState.BAD, StepState.WARNING) else "")
        for column in (1, 3):
            labels[column].setProperty("role", "muted")
        labels[2].setWordWrap(True)
        labels[2].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        labels[2].setAccessibleName(f"{title} {sign} {words}")
        for column, label in enumerate(labels):
            self._grid.addWidget(label, row, column)
            if column != 2:
                self._grid.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        self._shown[step.name] = labels
        self.show()

    def clear(self) -> None:
        for name in tuple(self._shown):
            self._remove(name)
        self.hide()

    def stop(self) -> None:
        """Nobody works at a step any more."""
        for name, labels in tuple(self._shown.items()):
            if labels[0].text() == SIGNS[StepState.WORKING][0]:
                self._remove(name)

    def said(self) -> str:
        return "\n".join(" ".join(one.text() for one in labels) for labels in self._shown.values())

    def _remove(self, name: StepName) -> None:
        for label in self._shown.pop(name, ()):
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()

    def _titles(self) -> Mapping[StepName, str]:
        return {
            StepName.PROXY: self.tr("Proxy"),
            StepName.NAME: self.tr("Name (DNS)"),
            StepName.CONNECTION: self.tr("Connection (TCP)"),
            StepName.CERTIFICATE: self.tr("Certificate (TLS)"),
            StepName.ANSWER: self.tr("Answer (HTTP)"),
            StepName.KEY: self.tr("Key"),
            StepName.BALANCE: self.tr("Balance"),
        }


def _label(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
