"""What nobody has caught: in slots, threads and the loop. It is heard here, written to the log, and told to
whoever listens; the window goes on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

if TYPE_CHECKING:  # they cost more than the window: `equip` brings them
    from app.basics.recent import Line, Recent

MOST_WAITING = 20
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logging.getLogger("tagloom.mishaps")
log_qt = logging.getLogger("qt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """`where` completes "An error arose in …"."""

    error: BaseException
    where: str


class Mishaps(QObject):
    """From `install` to `remove`, for the whole process: made by `widgets.loop` alone. What comes while
    nobody listens waits, oldest first."""

    _heard = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._recent: Recent | None = None
        self._redact: Callable[[str], str] = lambda text: ""
        self._waiting: list[Mishap] = []
        self._listener: Callable[[Mishap], None] | None = None
        self._ends: list[Callable[[], object]] = []
        self._heard.connect(self._tell)  # queued, where it comes from another thread

    @property
    def lines(self) -> tuple[Line, ...]:
        """The last lines of the log."""
        return self._recent.lines if self._recent is not None else ()

    def listen(self, listener: Callable[[Mishap], None]) -> Callable[[], None]:
        """Who is told from now on, of what has waited first. Gives back what ends it."""
        self._listener = listener
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            listener(one)

        def end() -> None:
            self._listener = None

        return end

    def take(self) -> tuple[Mishap, ...]:
        """What waits."""
        waiting, self._waiting = self._waiting, []
        return tuple(waiting)

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook, threading.excepthook = self._of_slot, self._of_thread
        sys.unraisablehook = self._of_rubbish
        loop.set_exception_handler(self._of_loop)
        before = qInstallMessageHandler(_of_qt)

        def undo() -> None:
            qInstallMessageHandler(before)
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks

        self._ends.append(undo)

    def equip(self, recent: Recent, redact: Callable[[str], str], stream: Callable[[str], Any]) -> None:
        """Once there is time for it: the last lines of the log are kept, what is printed is printed without
        keys (until then only its kind is), and in a program without a console it goes to `stream(name)`."""
        self._recent, self._redact = recent, redact
        root, streams = logging.getLogger(), (sys.stderr, sys.stdout)
        root.addHandler(recent)
        if sys.stderr is None:
            sys.stderr = stream("stderr")
        if sys.stdout is None:
            sys.stdout = stream("stdout")

        def undo() -> None:
            sys.stderr, sys.stdout = streams
            root.removeHandler(recent)

        self._ends.append(undo)

    def remove(self) -> None:
        while self._ends:
            self._ends.pop()()

    def hear(self, error: BaseException, where: str) -> None:
        """From any thread."""
        log.error("An error arose in %s", where, exc_info=error)
        self._heard.emit(Mishap(error=error, where=where))

    def _tell(self, mishap: object) -> None:
        assert isinstance(mishap, Mishap)
        if self._listener is not None:
            self._listener(mishap)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(mishap)

    def _print(self, error: BaseException) -> None:
        """For a terminal, as Python would, but without keys."""
        text = self._redact("".join(traceback.format_exception(error))) or f"{type(error).__name__}\n"
        with contextlib.suppress(OSError, ValueError):  # nobody reads there any more
            print(text, end="", file=sys.stderr, flush=True)

    def _of_slot(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._print(error)
        if isinstance(error, Exception):
            self.hear(error, "the window")

    def _of_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._print(told.exc_value)
        if isinstance(told.exc_value, Exception):
            self.hear(told.exc_value, "a thread")

    def _of_rubbish(self, told: sys.UnraisableHookArgs) -> None:
        """While something is thrown away: worth a line, and nobody's trouble."""
        if told.exc_value is not None:
            self._print(told.exc_value)
        log.warning("An error could not be raised", exc_info=told.exc_value)

    def _of_loop(self, loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
        error = told.get("exception")
        if isinstance(error, Exception):
            self.hear(error, "the background")
        else:
            work = task.get_coro() if isinstance(task := told.get("task"), asyncio.Task) else None
            log.error("The loop complains: %s (%s)", told.get("message"), getattr(work, "__qualname__", "-"))


def _of_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Into the log, and where Qt would have said it."""
    log_qt.log(_LEVELS.get(kind, logging.WARNING), "%s", text)
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)
