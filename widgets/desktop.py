"""The Qt program and its window, painted empty before anything heavy is imported: see `widgets.loop`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from app.basics.handing import Start
from widgets.main_window import MainWindow
from widgets.theme import Themes, palette
from widgets.watch import Watch, watch_of_process

if TYPE_CHECKING:  # it is imported after the first paint
    from widgets.mishaps import Mishaps


class Program(QApplication):
    """Says what the desktop wants of it: `quit_wanted` where Qt would stop its loop by itself, which is ours
    to end; `file_wanted` a document, as macOS hands it over."""

    quit_wanted = Signal()
    file_wanted = Signal(str)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            event.ignore()
            self.quit_wanted.emit()
            return True
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_wanted.emit(event.file())
            return True
        return super().event(event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """What is there before anything heavy: the program, its empty window, its look. `mishaps` comes with the
    loop (`widgets.loop`)."""

    app: QApplication
    window: MainWindow
    themes: Themes
    start: Start
    watch: Watch
    mishaps: Mishaps | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The program is to be started anew in its place, in this environment."""

    environment: Mapping[str, str]


ALONE = Start(files=(), door=None)
"""A window that nobody hands anything to."""


def open_shell(start: Start = ALONE) -> Shell:
    """The window, painted in its colour. The caller then imports what fills it and calls `loop.live`."""
    _leave_sources_unread()
    app = Program(["tagloom"])
    app.setApplicationName("Tagloom")
    app.setApplicationDisplayName("Tagloom")
    app.setDesktopFileName("tagloom")
    app.setQuitOnLastWindowClosed(False)
    app.setStyle("Fusion")
    themes = Themes(app)
    app.setPalette(palette(themes.theme))
    window = themes.window = MainWindow()
    app.quit_wanted.connect(window.close)
    painted = _FirstPaint(window)
    window.show()
    while not painted.seen:
        app.processEvents()
    watch = watch_of_process()
    watch.say("painted")
    return Shell(app=app, window=window, themes=themes, start=start, watch=watch)


def _leave_sources_unread() -> None:
    """PySide6 reads the whole source of every module that is imported after it to find its own name there, in
    case somebody wants methods in snake_case: a tenth of our start. Nobody does here; it is told to ignore
    every module. Where a version has no such function, nothing happens."""
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", lambda module: False)  # noqa: B010 - mypy does not know it


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
