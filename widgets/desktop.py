"""The Qt program: one QApplication, one loop that is Qt's and asyncio's at once, an orderly end.

The window is painted first, empty; the canvas and the engine are imported while it is already there.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from widgets.main_window import MainWindow
from widgets.theme import Themes, apply, load_fonts

THREADS = 8
FONTS = Path(__file__).parent.parent / "resources" / "fonts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What is there before anything heavy: the program, its empty window, its look."""

    app: QApplication
    window: MainWindow
    themes: Themes
    files: tuple[str, ...]


Furnish = Callable[[Shell], Awaitable[None]]
"""Fills the window, and returns when it has been closed and everything is put away."""


def open_shell(words: Sequence[str]) -> Shell:
    """The window, painted. The caller then imports what fills it and calls `live`."""
    app = QApplication(["tagloom"])
    app.setApplicationName("Tagloom")
    app.setApplicationDisplayName("Tagloom")
    app.setDesktopFileName("tagloom")
    app.setQuitOnLastWindowClosed(False)
    app.setStyle("Fusion")
    load_fonts(FONTS)
    themes = Themes(app)
    apply(app, themes.theme)
    window = MainWindow()
    painted = _FirstPaint(window)
    window.show()
    while not painted.seen:
        app.processEvents()
    return Shell(app=app, window=window, themes=themes, files=tuple(words))


class _FirstPaint(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.seen = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.seen = True
            watched.removeEventFilter(self)
        return False


def live(shell: Shell, furnish: Furnish) -> int:
    """Runs the loop until the window is closed and `furnish` has put everything away."""
    qasync: Any = importlib.import_module("qasync")  # after the first paint: it costs 40 ms
    loop = qasync.QEventLoop(shell.app)
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="tagloom")
    loop.set_default_executor(pool)
    with loop:
        loop.run_until_complete(furnish(shell))
        loop.run_until_complete(loop.shutdown_asyncgens())
    pool.shutdown(wait=True)
    sys.stdout.flush()
    return 0
