"""What is said where a session cannot begin, and the ways on: another folder for Tagloom's things, or drafts
alone in a folder that goes with the session."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QWidget

from app.basics.faults import Bug, DiskTrouble, Fault
from app.basics.reports import Report, facts_of_program, report_of_error
from app.preferences.keys import DRAFTS_ONLY
from widgets.desktop import Again, Shell


def tr(text: str) -> str:
    return QCoreApplication.translate("cannot_begin", text)


async def cannot_begin(shell: Shell, error: BaseException) -> Again | None:
    """Title and advice: for a terminal, and over the window for as long as somebody looks at it. None where
    there is no way on, or none was taken."""
    report = None if isinstance(error, Fault) else _report(shell, error)
    fault = error if isinstance(error, Fault) else _bug(error)
    print(fault.sentence(), file=sys.stderr, flush=True)
    if not shell.window.isVisible():
        return None
    box = QMessageBox(QMessageBox.Icon.Critical, "Tagloom", fault.title, parent=shell.window)
    box.setInformativeText(fault.advice)
    if report is not None:
        box.setDetailedText(report.short)
    elsewhere: QAbstractButton | None = None
    drafts: QAbstractButton | None = None
    if isinstance(fault, DiskTrouble):
        elsewhere = _button(box, tr("Choose another folder…"), "begin-elsewhere")
        drafts = _button(box, tr("Go on with drafts only"), "begin-drafts")
        words = tr(
            "Choose where Tagloom keeps its things this time, or go on without keys: free drafts only, in a "
            "folder that may be gone after this session. Documents can be saved wherever there is room."
        )
        box.setInformativeText(f"{fault.advice}\n\n{words}")
    box.setDefaultButton(box.addButton(tr("Quit"), QMessageBox.ButtonRole.RejectRole))
    while True:
        await _closed(box)
        if drafts is not None and box.clickedButton() is drafts:
            return _drafts()
        if elsewhere is None or box.clickedButton() is not elsewhere:
            return None
        if chosen := await _folder_of(shell.window):
            return Again(environment={**os.environ, "TAGLOOM_HOME": str(chosen)})


def _button(box: QMessageBox, words: str, name: str) -> QAbstractButton:
    button = box.addButton(words, QMessageBox.ButtonRole.ActionRole)
    button.setObjectName(name)
    return button


def _drafts() -> Again | None:
    """Nothing that costs money is begun where no ledger lasts."""
    try:
        folder = tempfile.mkdtemp(prefix="tagloom-")
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
        return None
    return Again(environment={**os.environ, "TAGLOOM_HOME": folder, DRAFTS_ONLY: "1"})


async def _folder_of(parent: QWidget) -> Path | None:
    dialog = QFileDialog(parent, tr("A folder for Tagloom's things"), str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    done = asyncio.Event()
    dialog.finished.connect(done.set)
    dialog.open()
    await done.wait()
    chosen = dialog.selectedFiles() if dialog.result() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


async def _closed(box: QMessageBox) -> None:
    done = asyncio.Event()
    box.finished.connect(done.set)
    box.open()
    await done.wait()


def _report(shell: Shell, error: BaseException) -> Report:
    lines = shell.mishaps.lines if shell.mishaps is not None else ()
    return report_of_error(error, "the start", when=datetime.now(UTC), facts=facts_of_program(), lines=lines)


def _bug(error: BaseException) -> Bug:
    return Bug(
        tr("Tagloom could not start: something went wrong inside it."),
        advice=tr("Nothing was sent to anybody. Please tell the project's people what the details say."),
        code="bug.start",
        detail=repr(error),
    )
