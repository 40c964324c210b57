"""Dialogs that are awaited. Never `exec()`: a nested loop inside a coroutine leaves its task hanging."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from app.studio.parts import Consent
from widgets.dialogs.file_chooser import chooser_of, put_by, start_in
from widgets.messages import listed


async def answer_of(dialog: QDialog) -> int:
    """Opens a dialog and waits for `QDialog.DialogCode`, without stopping the window. It is gone then."""
    try:
        return await _code_of(dialog)
    finally:
        dialog.deleteLater()


async def _code_of(dialog: QDialog) -> int:
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def answered(code: int) -> None:
        if not future.done():
            future.set_result(code)

    dialog.finished.connect(answered)
    dialog.open()
    try:
        return await future
    finally:
        dialog.finished.disconnect(answered)


async def consent_of(parent: QWidget, consent: Consent) -> bool:
    """The question before money is spent."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(spoken("Spend money?"))
    rows = _rows(dialog)
    rows.addWidget(_words(consent.question, "title"))
    for upload in consent.uploads:
        rows.addWidget(_words(upload, "muted"))
    buttons = QDialogButtonBox()
    spend = buttons.addButton(spoken("Run and spend"), QDialogButtonBox.ButtonRole.AcceptRole)
    spend.setProperty("kind", "primary")
    buttons.addButton(spoken("Not now"), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    rows.addWidget(buttons)
    return await answer_of(dialog) == QDialog.DialogCode.Accepted


Choices = tuple[tuple[str, str, QDialogButtonBox.ButtonRole], ...]
"""Words, what they stand for, role; the first is what Enter chooses."""


async def saving_of(parent: QWidget, name: str) -> str:
    """What to do with changes that are not saved: `save`, `discard` or `cancel`."""
    tr = parent.tr
    return await _choice_of(
        parent,
        "saving",
        tr("Save changes?"),
        (tr("{name} has changes that are not saved.").format(name=name),),
        (
            (tr("Save"), "save", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Do not save"), "discard", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ),
        otherwise="cancel",
    )


async def replacing_of(parent: QWidget, fault: Fault) -> str:
    """What to do where a document's file is not what it was, or another window has it: `save-as`, `anyway` or
    `cancel`."""
    tr = parent.tr
    return await _choice_of(
        parent,
        "saving",
        tr("Save?"),
        (fault.title, fault.advice),
        (
            (tr("Save as…"), "save-as", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Save anyway"), "anyway", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ),
        otherwise="cancel",
    )


async def leaving_of(parent: QWidget, running: int, waiting: int, silent: int = 0) -> str:
    """What to do with work under way when the window closes: `leave` (collected next time), `wait`, `stop`
    or `stay`. `silent`: so many of those under way come in the vendor's answer itself, or never."""
    tr = parent.tr
    waited = tr(
        "{n} of them cannot be collected later: their vendor answers with the picture itself. Left alone or "
        "stopped, Tagloom goes out of sight and ends once they have come."
    ).format(n=silent)
    return await _choice_of(
        parent,
        "leaving",
        tr("Pictures are being made"),
        (
            tr("{running} under way and {waiting} waiting.").format(running=running, waiting=waiting),
            tr(
                "Left alone, what is under way comes home at the next start, for nothing more; what waits "
                "is kept in the queue and sends nothing by itself. Stopped, what has begun may be charged."
            ),
            *((waited,) if silent else ()),
        ),
        (
            (tr("Leave, collect next time"), "leave", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Wait, then close"), "wait", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Stop all"), "stop", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Stay"), "stay", QDialogButtonBox.ButtonRole.RejectRole),
        ),
        otherwise="stay",
    )


async def losing_of(parent: QWidget, titles: tuple[str, ...]) -> str:
    """What to do with pictures that no disk has taken when the window closes: `save`, `leave` or `stay`."""
    tr = parent.tr
    return await _choice_of(
        parent,
        "losing",
        tr("Pictures are only in memory"),
        (
            tr("No disk has taken: {titles}.").format(titles=listed(titles)),
            tr(
                "They are paid for. Save them where there is room. If you leave, the next start asks their "
                "vendor again, for nothing more, as long as it keeps them."
            ),
        ),
        (
            (tr("Save…"), "save", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Leave them"), "leave", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Stay"), "stay", QDialogButtonBox.ButtonRole.RejectRole),
        ),
        otherwise="stay",
    )


async def again_of(parent: QWidget, title: str, about: str) -> bool:
    """Whether what may have been charged is to be sent a second time."""
    tr = parent.tr
    answer = await _choice_of(
        parent,
        "again",
        tr("Send again?"),
        (title, about),
        (
            (tr("Not now"), "no", QDialogButtonBox.ButtonRole.RejectRole),
            (tr("Send again"), "yes", QDialogButtonBox.ButtonRole.DestructiveRole),
        ),
        otherwise="no",
    )
    return answer == "yes"


async def deleting_of(parent: QWidget, words: str) -> bool:
    """Whether what was removed from the library is to be deleted for good."""
    tr = parent.tr
    answer = await _choice_of(
        parent,
        "deleting",
        tr("Delete for good?"),
        (
            words,
            tr("What a document uses stays, and what has a star. The others cannot be had back."),
        ),
        (
            (tr("Not now"), "no", QDialogButtonBox.ButtonRole.RejectRole),
            (tr("Delete for good"), "yes", QDialogButtonBox.ButtonRole.DestructiveRole),
        ),
        otherwise="no",
    )
    return answer == "yes"


async def taken_of(parent: QWidget, names: tuple[str, ...]) -> str:
    """What to do with names that files have already: `number`, `replace`, `skip` or `cancel`."""
    tr = parent.tr
    shown = listed(names[:5]) + ("…" if len(names) > 5 else "")
    return await _choice_of(
        parent,
        "taken",
        tr("Names are taken"),
        (tr("There is already: {names}.").format(names=shown),),
        (
            (tr("Number the new ones"), "number", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Replace"), "replace", QDialogButtonBox.ButtonRole.DestructiveRole),
            (tr("Leave them out"), "skip", QDialogButtonBox.ButtonRole.AcceptRole),
            (tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ),
        otherwise="cancel",
    )


async def _choice_of(
    parent: QWidget, name: str, title: str, words: tuple[str, ...], choices: Choices, *, otherwise: str
) -> str:
    """Which of `choices` was made; `otherwise` where the dialog was closed."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    rows = _rows(dialog)
    for place, text in enumerate(words):
        rows.addWidget(_words(text, "muted" if place else "title"))
    answer = [otherwise]

    def choose(what: str) -> None:
        answer[0] = what
        dialog.accept()

    buttons = QDialogButtonBox()
    for place, (label, what, role) in enumerate(choices):
        button = buttons.addButton(label, role)
        button.setObjectName(f"{name}-{what}")
        button.setDefault(place == 0)
        button.clicked.connect(lambda _=False, what=what: choose(what))
    rows.addWidget(buttons)
    code = await answer_of(dialog)
    return answer[0] if code == QDialog.DialogCode.Accepted else otherwise


async def files_of(parent: QWidget, title: str, folder: str, filters: str, *, many: bool) -> list[str]:
    """Files to open, chosen by hand; none where the dialog was closed."""
    dialog = chooser_of(parent)
    mode = QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile
    dialog.setFileMode(mode)
    dialog.setNameFilter(filters)
    return await _chosen_in(dialog, title, folder)


async def folder_of(parent: QWidget, title: str, start: str) -> str:
    """A folder, chosen by hand; empty where the dialog was closed."""
    dialog = chooser_of(parent)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    chosen = await _chosen_in(dialog, title, start)
    return chosen[0] if chosen else ""


async def target_of(
    parent: QWidget, title: str, start: str, filters: str, *, ending: str = ".tagloom"
) -> str:
    """A file to write, called `ending` where its name has none; empty where the dialog was closed."""
    dialog = chooser_of(parent)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(filters)
    dialog.setDefaultSuffix(ending.removeprefix("."))
    chosen = await _chosen_in(dialog, title, start)
    return chosen[0] if chosen else ""


async def _chosen_in(dialog: QFileDialog, title: str, start: str) -> list[str]:
    dialog.setWindowTitle(title)
    start_in(dialog, start)
    try:
        accepted = await _code_of(dialog) == QDialog.DialogCode.Accepted
        return dialog.selectedFiles() if accepted else []
    finally:
        put_by(dialog)


def _rows(dialog: QDialog) -> QVBoxLayout:
    rows = QVBoxLayout(dialog)
    rows.setContentsMargins(20, 18, 20, 16)
    rows.addStrut(380)  # a least width of the dialog itself would let its buttons be cut off
    rows.setSpacing(12)
    return rows


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
