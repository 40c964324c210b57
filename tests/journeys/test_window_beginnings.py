"""The window's first second: closed before it is furnished, and a home that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from widgets.desktop import open_shell
shell = open_shell()
{early}
from app.studio.carried import carried_text
from widgets.cannot_begin import cannot_begin
from widgets.canvas.handling import take_in_hand
from widgets.first_look import begin
from widgets.furnish import furnish
from widgets.loop import live
doors = lambda: take_in_hand, lambda: furnish, lambda: cannot_begin
sys.exit(live(shell, lambda shell: begin(shell, carried_text, *doors)))
"""
CLOSE = "shell.window.close()"
READ = """
def read():
    for box in shell.window.findChildren(QMessageBox):
        print("box:", box.text(), box.informativeText(), flush=True)
        box.accept()
timer = QTimer(interval=100)
timer.timeout.connect(read)
timer.start()
"""


def started(home: Path, early: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TAGLOOM_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", START.format(early=early)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_closed_before_it_is_furnished_it_ends(tmp_path: Path) -> None:
    done = started(tmp_path / "home", CLOSE)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("early", [CLOSE, READ])
def test_a_home_that_cannot_be_used_is_said(tmp_path: Path, early: str) -> None:
    home = tmp_path / "home"
    home.write_text("a file, not a folder")
    done = started(home, early)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert str(home) in done.stderr
    assert ("box: Tagloom cannot write" in done.stdout) == (early == READ)
