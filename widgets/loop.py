"""One loop that is Qt's and asyncio's at once, fonts and styles, and an orderly end. Imported after the first
paint of the window."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import qasync
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from app.basics.heaps import share_heaps
from app.basics.threads import give_way, take_short_turns
from widgets.desktop import Again, Shell
from widgets.last_words import SCREEN_GONE
from widgets.mishaps import Mishaps
from widgets.theme import apply, load_fonts

THREADS = 8
_LAST = 1.0
"""Seconds."""
RESOURCES = Path(__file__).parent.parent / "resources"
FONTS = RESOURCES / "fonts"
ICON_SIZES = (16, 24, 32, 48, 64, 128, 256)

Furnish = Callable[[Shell], Coroutine[Any, Any, int | Again | None]]
"""Fills the window, and returns the exit code when it has been closed and everything is put away."""


def own_icon() -> QIcon:
    """Of the window, where no desktop file gives one. Read when it is drawn."""
    icon = QIcon()
    for size in ICON_SIZES:
        icon.addFile(str(RESOURCES / "icons" / f"tagloom-{size}.png"), QSize(size, size))
    return icon


def live(shell: Shell, furnish: Furnish) -> int:
    """Runs the loop until the window is closed and `furnish` has put everything away. What nobody catches
    meanwhile is heard."""
    share_heaps()
    take_short_turns()
    load_fonts(FONTS)
    shell.app.setWindowIcon(own_icon())
    apply(shell.app, shell.themes.theme, shell.window)
    loop = qasync.QEventLoop(shell.app)
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="tagloom", initializer=give_way)
    loop.set_default_executor(pool)
    mishaps = Mishaps()
    mishaps.install(loop)
    with loop:
        code = _awaited(loop, furnish(replace(shell, mishaps=mishaps)))
        loop.run_until_complete(_the_rest())
        loop.run_until_complete(loop.shutdown_asyncgens())
    pool.shutdown(wait=True)
    sys.stdout.flush()
    mishaps.remove()
    if isinstance(code, Again):
        _start_again(code)
    return code or 0


async def _the_rest() -> None:
    """What is left is somebody's last step, as the end of a line that was just cut: it is ended in order, as
    `asyncio.run` does, and not waited for for ever."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    if rest:
        await asyncio.wait(rest, timeout=_LAST)


def _awaited(loop: Any, work: Coroutine[Any, Any, int | Again | None]) -> int | Again | None:
    task = loop.create_task(work)
    try:
        code: int | Again | None = loop.run_until_complete(task)
    except RuntimeError:
        if task.done():
            raise
        # Qt has stopped its loop by itself: its screen is gone (`widgets.last_words` has said so and kept
        # what was not saved), and nothing can be waited for any more.
        logging.shutdown()
        os._exit(SCREEN_GONE)
    return code


def _start_again(again: Again) -> NoReturn:
    """The same words, the same process number; no file or lock of ours is handed on (PEP 446)."""
    environment = {**again.environment, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
