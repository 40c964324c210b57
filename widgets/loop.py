"""One loop that is Qt's and asyncio's at once, fonts and styles, and an orderly end. Imported after the first
paint of the window."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import qasync

from app.basics.threads import give_way, take_short_turns
from widgets.desktop import Shell
from widgets.theme import apply, load_fonts

THREADS = 8
SCREEN_GONE = 1
FONTS = Path(__file__).parent.parent / "resources" / "fonts"

Furnish = Callable[[Shell], Coroutine[Any, Any, int | None]]
"""Fills the window, and returns the exit code when it has been closed and everything is put away."""


def live(shell: Shell, furnish: Furnish) -> int:
    """Runs the loop until the window is closed and `furnish` has put everything away."""
    take_short_turns()
    load_fonts(FONTS)
    apply(shell.app, shell.themes.theme, shell.window)
    loop = qasync.QEventLoop(shell.app)
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="tagloom", initializer=give_way)
    loop.set_default_executor(pool)
    with loop:
        code = _awaited(loop, furnish(shell))
        loop.run_until_complete(loop.shutdown_asyncgens())
    pool.shutdown(wait=True)
    sys.stdout.flush()
    return code or 0


def _awaited(loop: Any, work: Coroutine[Any, Any, int | None]) -> int | None:
    task = loop.create_task(work)
    try:
        code: int | None = loop.run_until_complete(task)
    except RuntimeError:
        if task.done():
            raise
        # Qt has stopped its loop by itself: its screen is gone (`widgets.last_words` has said so and kept
        # what was not saved), and nothing can be waited for any more.
        logging.shutdown()
        os._exit(SCREEN_GONE)
    return code
