"""Silence is a condition of every test: threads, tasks, timers and Qt messages left behind fail it."""

from __future__ import annotations

import asyncio
import asyncio.runners
import gc
import logging
import sys
import threading
import time
from collections.abc import Iterable

GRACE = 2.0
"""Seconds that a thread gets to end after its test."""
TASK_GRACE = 0.25
"""Seconds that tasks get to end by themselves before their loop is closed."""


# --- threads ------------------------------------------------------------------------------------


FOR_GOOD = frozenset({"fsspecIO"})
"""Threads that a library begins once for the whole process, in whichever test is the first to ask it."""


def threads_now() -> set[threading.Thread]:
    """The living Python threads, without those that Qt or C code lent to Python for a moment."""
    alive = (one for one in threading.enumerate() if not isinstance(one, threading._DummyThread))
    return {one for one in alive if one.name not in FOR_GOOD}


def threads_left(before: Iterable[threading.Thread], grace: float = GRACE) -> list[str]:
    """Names of threads that were not there before and do not end within the grace, in seconds."""
    known = set(before)
    deadline = time.monotonic() + grace
    for one in threads_now() - known:
        one.join(max(0.0, deadline - time.monotonic()))
    return sorted(one.name for one in threads_now() - known)


# --- tasks --------------------------------------------------------------------------------------


class TaskWatch(logging.Handler):
    """Hears of tasks that are still pending when their loop closes, and of exceptions nobody fetched."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []
        self._cancel = asyncio.runners._cancel_all_tasks  # type: ignore[attr-defined]

    def install(self) -> None:
        """From now on: asyncio's log, and the end of every asyncio.Runner (so of asyncio.run as well)."""
        logging.getLogger("asyncio").addHandler(self)
        asyncio.runners._cancel_all_tasks = self._cancel_all  # type: ignore[attr-defined]

    def take(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard

    def emit(self, record: logging.LogRecord) -> None:
        """Called by `logging`; asyncio says a lost exception or a destroyed task as an error."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f" ({record.exc_info[1]!r})"
        self.heard.append(text)

    def _cancel_all(self, loop: asyncio.AbstractEventLoop) -> None:
        pending = asyncio.all_tasks(loop)
        # A run that ends with an exception (Ctrl-C, a failed test) may leave its tasks to be cancelled.
        if pending and sys.exc_info()[0] is None:
            _, late = loop.run_until_complete(asyncio.wait(pending, timeout=TASK_GRACE))
            self.heard.extend(f"task left running: {task.get_name()} {task.get_coro()!r}" for task in late)
        self._cancel(loop)


# --- Qt: only where a test has loaded it --------------------------------------------------------


class QtMessages:
    """Qt's warnings outside of what pytest-qt hears: from the end of the test to the end of its clean-up."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def install(self) -> None:
        """Under pytest-qt's own handler, which puts this one back after each test."""
        core = sys.modules.get("PySide6.QtCore")
        if core is None:
            return
        quiet = {core.QtMsgType.QtDebugMsg, core.QtMsgType.QtInfoMsg}

        def hear(kind: object, _context: object, text: str) -> None:
            if kind not in quiet:
                self.heard.append(text)

        core.qInstallMessageHandler(hear)

    def take(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard


def running_timers() -> dict[int, str]:
    """Living, active QTimers by identity, with whose they are; empty without a Qt application.

    Objects that were told to go by `deleteLater` go first: without a running event loop nobody else
    would ever do it.
    """
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return {}
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    alive = sys.modules["shiboken6"].isValid
    timers = [one for one in gc.get_objects() if isinstance(one, core.QTimer)]
    return {id(one): _whose(one) for one in timers if alive(one) and one.isActive()}


def _whose(timer: object) -> str:
    parent = timer.parent()  # type: ignore[attr-defined]
    owner = type(parent).__name__ if parent is not None else "nobody"
    return f"QTimer every {timer.interval()} ms of {owner}"  # type: ignore[attr-defined]
