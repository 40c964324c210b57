"""One loop that is Qt's and asyncio's at once, fonts and styles, and an orderly end. Imported after the first
paint of the window."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import qasync
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from app.basics.threads import give_way, take_short_turns
from widgets.desktop import Shell
from widgets.theme import apply, load_fonts

THREADS = 8
RESOURCES = Path(__file__).parent.parent / "resources"
FONTS = RESOURCES / "fonts"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)

Furnish = Callable[[Shell], Awaitable[int | None]]
"""Fills the window, and returns the exit code when it has been closed and everything is put away."""


def own_icon() -> QIcon:
    """Of the window, where no desktop file gives one. Read when it is drawn."""
    icon = QIcon()
    for size in ICON_SIZES:
        icon.addFile(str(RESOURCES / "icons" / f"tagloom-{size}.png"), QSize(size, size))
    return icon


def live(shell: Shell, furnish: Furnish) -> int:
    """Runs the loop until the window is closed and `furnish` has put everything away."""
    take_short_turns()
    load_fonts(FONTS)
    shell.app.setWindowIcon(own_icon())
    apply(shell.app, shell.themes.theme, shell.window)
    loop = qasync.QEventLoop(shell.app)
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="tagloom", initializer=give_way)
    loop.set_default_executor(pool)
    with loop:
        code: int | None = loop.run_until_complete(furnish(shell))
        loop.run_until_complete(loop.shutdown_asyncgens())
    pool.shutdown(wait=True)
    sys.stdout.flush()
    return code or 0
