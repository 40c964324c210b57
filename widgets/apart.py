"""Another window of this program, in a process of its own: what one does cannot take the other along."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment

import app
from app.basics.handing import APART, TOKENS


def program() -> tuple[str, ...]:
    """How this program is started once more. A frozen one is its own command."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-m", "app")


def open_apart(files: Sequence[str] = ()) -> bool:
    """A window with these files, or an empty one; it stays when this one ends. Whether it was started."""
    command, *words = program()
    process = QProcess()
    process.setProgram(command)
    process.setArguments([*words, APART, *files])
    process.setWorkingDirectory(str(Path(app.__file__).resolve().parents[1]))
    environment = QProcessEnvironment.systemEnvironment()
    for name in TOKENS:  # of this window's own start
        environment.remove(name)
    process.setProcessEnvironment(environment)
    for null in (process.setStandardInputFile, process.setStandardOutputFile, process.setStandardErrorFile):
        null(os.devnull)
    return bool(process.startDetached()[0])
