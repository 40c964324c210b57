"""What windows that died had not saved: both versions with their times, and the choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.document.copies import LeftCopy

MOST_HEIGHT = 420


class Choice(StrEnum):
    OPEN = "open"
    KEEP = "keep"
    LATER = "later"


class RecoveryDialog(QDialog):
    """One copy at most is opened: a window has one document. Closed without an answer, all is for later."""

    def __init__(self, copies: Sequence[LeftCopy], parent: QWidget, known: str = "") -> None:
        """`known`: what is known of how Tagloom ended."""
        super().__init__(parent)
        self.setObjectName("recovery-dialog")
        self.setWindowTitle(self.tr("Changes that were not saved"))
        self.setMinimumWidth(520)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(12)
        rows.addWidget(_label(self.tr("Tagloom ended before these changes were saved."), "title"))
        if known:
            rows.addWidget(_label(known, "muted"))
        rows.addWidget(
            _label(
                self.tr(
                    "A copy of them was kept. Nothing is lost by choosing: a copy that you do not open stays "
                    "on this computer for 30 days, and a file is never changed until you save."
                ),
                "muted",
            )
        )
        self._cards = [_CopyCard(copy) for copy in copies]
        for card in self._cards:
            card.opening.connect(self._only_one)
        rows.addWidget(_scrolled(self._cards))
        buttons = QDialogButtonBox()
        go_on = buttons.addButton(self.tr("Continue"), QDialogButtonBox.ButtonRole.AcceptRole)
        go_on.setObjectName("recovery-continue")
        go_on.setProperty("kind", "primary")
        later = buttons.addButton(self.tr("Not now"), QDialogButtonBox.ButtonRole.RejectRole)
        later.setObjectName("recovery-all-later")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        rows.addWidget(buttons)
        if self._cards:
            self._cards[0].choose(Choice.OPEN)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """For each copy, in order."""
        if self.result() != QDialog.DialogCode.Accepted:
            return tuple(Choice.LATER for _ in self._cards)
        return tuple(card.choice for card in self._cards)

    def _only_one(self, opening: object) -> None:
        for card in self._cards:
            if card is not opening and card.choice is Choice.OPEN:
                card.choose(Choice.LATER)


class _CopyCard(QFrame):
    """`opening` carries the card itself when its copy is chosen to be opened."""

    opening = Signal(object)

    def __init__(self, copy: LeftCopy) -> None:
        super().__init__()
        self.setProperty("role", "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(6)
        rows.addWidget(_label(copy.name, "title"))
        if copy.path is not None:
            rows.addWidget(_label(str(copy.path), "caption"))
        rows.addWidget(_label(self._file_words(copy), "muted"))
        rows.addWidget(_label(self.tr("The copy: kept {time}.").format(time=_time(copy.kept)), "muted"))
        self._group = QButtonGroup(self)
        self._buttons = {
            Choice.OPEN: QRadioButton(self.tr("Open the copy")),
            Choice.KEEP: QRadioButton(self._keep_words(copy)),
            Choice.LATER: QRadioButton(self.tr("Decide later")),
        }
        for choice, button in self._buttons.items():
            button.setObjectName(f"recovery-{choice}")
            button.setAccessibleDescription(copy.name)
            self._group.addButton(button)
            rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons[Choice.LATER].setChecked(True)
        self._buttons[Choice.OPEN].toggled.connect(self._on_open)

    @property
    def choice(self) -> Choice:
        return next(choice for choice, button in self._buttons.items() if button.isChecked())

    def choose(self, choice: Choice) -> None:
        self._buttons[choice].setChecked(True)

    def _on_open(self, on: bool) -> None:
        if on:
            self.opening.emit(self)

    def _file_words(self, copy: LeftCopy) -> str:
        if copy.path is None:
            return self.tr("The file: there is none, it was never saved.")
        if copy.saved is None:
            return self.tr("The file: it is not there any more.")
        return self.tr("The file: saved {time}.").format(time=_time(copy.saved))

    def _keep_words(self, copy: LeftCopy) -> str:
        return self.tr("Keep the file") if copy.saved is not None else self.tr("Put the copy away")


def _time(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def _scrolled(cards: Sequence[QWidget]) -> QScrollArea:
    inside = QWidget()
    rows = QVBoxLayout(inside)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(10)
    for card in cards:
        rows.addWidget(card)
    rows.addStretch(1)
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the choices in it have the keyboard, and scroll it along
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setMinimumHeight(min(MOST_HEIGHT, inside.sizeHint().height() + 8))
    return area
