"""Dialogs that are awaited. Never `exec()`: a nested loop inside a coroutine leaves its task hanging."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from app.basics.faults import Fault
from app.studio.parts import Consent


async def answer_of(dialog: QDialog) -> int:
    """Opens a dialog and waits for `QDialog.DialogCode`, without stopping the window."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answered(code: int) -> None:
        if not future.done():
            future.set_result(code)

    dialog.finished.connect(answered)
    dialog.open()
    try:
        return await future
    finally:
        dialog.deleteLater()


async def consent_of(parent: QWidget, consent: Consent) -> bool:
    """The question before money is spent."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(dialog.tr("Spend money?"))
    rows = _rows(dialog)
    rows.addWidget(_words(consent.question, "title"))
    for upload in consent.uploads:
        rows.addWidget(_words(upload, "muted"))
    buttons = QDialogButtonBox()
    spend = buttons.addButton(dialog.tr("Run and spend"), QDialogButtonBox.ButtonRole.AcceptRole)
    spend.setProperty("kind", "primary")
    buttons.addButton(dialog.tr("Not now"), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    rows.addWidget(buttons)
    return await answer_of(dialog) == QDialog.DialogCode.Accepted


async def saving_of(parent: QWidget, name: str) -> str:
    """What to do with changes that are not saved: `save`, `discard` or `cancel`."""
    tr = parent.tr
    return await _choice_of(
        parent,
        tr("Save changes?"),
        (tr("{name} has changes that are not saved.").format(name=name),),
        (
            (tr("Save"), "save", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Do not save"), "discard", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ),
    )


async def replacing_of(parent: QWidget, fault: Fault) -> str:
    """What to do where a document's file is not what it was, or another window has it: `save-as`, `anyway` or
    `cancel`."""
    tr = parent.tr
    return await _choice_of(
        parent,
        tr("Save?"),
        (fault.title, fault.advice),
        (
            (tr("Save as…"), "save-as", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Save anyway"), "anyway", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ),
    )


async def _choice_of(
    parent: QWidget,
    title: str,
    words: tuple[str, ...],
    choices: tuple[tuple[str, str, QDialogButtonBox.ButtonRole], ...],
) -> str:
    """Which of `choices` (words, name, role) was made; `cancel` where the dialog was closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    rows = _rows(dialog)
    for place, text in enumerate(words):
        rows.addWidget(_words(text, "muted" if place else "title"))
    answer = ["cancel"]

    def choose(what: str) -> None:
        answer[0] = what
        dialog.accept()

    buttons = QDialogButtonBox()
    for label, what, role in choices:
        button = buttons.addButton(label, role)
        button.setObjectName(f"saving-{what}")
        button.clicked.connect(lambda _=False, what=what: choose(what))
    rows.addWidget(buttons)
    code = await answer_of(dialog)
    return answer[0] if code == QDialog.DialogCode.Accepted else "cancel"


async def files_of(parent: QWidget, title: str, folder: str, filters: str, *, many: bool) -> list[str]:
    """Files to open, chosen by hand; none where the dialog was closed."""
    dialog = QFileDialog(parent, title, folder, filters)
    mode = QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile
    dialog.setFileMode(mode)
    accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted
    return dialog.selectedFiles() if accepted else []


async def target_of(parent: QWidget, title: str, start: str, filters: str, *, suffix: str = "tagloom") -> str:
    """A file to write; empty where the dialog was closed."""
    dialog = QFileDialog(parent, title, start, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted
    chosen = dialog.selectedFiles() if accepted else []
    return chosen[0] if chosen else ""


def _rows(dialog: QDialog) -> QVBoxLayout:
    dialog.setMinimumWidth(420)
    rows = QVBoxLayout(dialog)
    rows.setContentsMargins(20, 18, 20, 16)
    rows.setSpacing(12)
    return rows


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
