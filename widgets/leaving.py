"""How a session ends: by the artist, who is asked; or by the system, which waits for no answer."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QCloseEvent, QSessionManager
from PySide6.QtWidgets import QApplication

from app.basics.faults import Fault
from widgets.desktop import Program
from widgets.dialogs.asking import leaving_of, losing_of
from widgets.workbench import Workbench

SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
LOGOUT_MS = 60_000
"""So long after the desktop said that it ends, closing asks nothing; later, the logout was stopped."""
log = logging.getLogger("tagloom.leaving")


class Leaving(QObject):
    """Sets `closed` when nothing stands in the way any more.

    Closed by the artist: unsaved changes are asked about, and so is what is under way. By a signal or with
    the desktop's session: what is not saved is in its recovery copy before anything else, and what waits or
    runs is kept as for *Leave, collect next time*.
    """

    def __init__(self, bench: Workbench, closed: asyncio.Event) -> None:
        super().__init__(bench)
        self._bench, self._closed = bench, closed
        self._asking = self._may = False
        self._ending = QTimer(self, singleShot=True, interval=LOGOUT_MS)
        bench.window.closing.connect(self.on_close)
        app = QApplication.instance()
        if isinstance(app, Program):
            app.commitDataRequest.connect(self.on_logout)
        self._ear = SignalEar(self.at_once, self)

    def stop(self) -> None:
        """Signals mean what they meant before."""
        self._ear.stop()

    def on_close(self, event: QCloseEvent) -> None:
        if self._may or self._ending.isActive():
            event.accept()
            self._closed.set()
            return
        event.ignore()
        if not self._asking:
            self._asking = True
            self._bench.tasks.start(self._ask())

    def on_logout(self, manager: QSessionManager | None = None) -> None:
        """The desktop's session ends; after this call the process may be gone at any moment."""
        self._bench.studio.safekeeping.keep_now()
        self._ending.start()

    def at_once(self, why: str) -> None:
        """No questions, and what is not saved stays as a recovery copy."""
        if self._may:
            return
        log.warning("Ended by %s; what was not saved is offered at the next start", why)
        self._bench.studio.safekeeping.keep_now()
        self._may = True
        self._bench.window.close()
        self._closed.set()

    async def _ask(self) -> None:
        try:
            self._may = (
                await self._bench.files.may_leave()
                and await self._work_may_be_left()
                and await self._pictures_may_be_left()
            )
        finally:
            self._asking = False
        if self._may:
            self._bench.studio.safekeeping.give_up()
            self._bench.window.close()

    async def _work_may_be_left(self) -> bool:
        """What is under way is left to be collected next time, waited for, or stopped."""
        studio, batches = self._bench.studio, self._bench.batching.batches
        while studio.runs.busy or batches.busy:
            running, waiting = studio.at_work + batches.running, len(studio.lineup.waiting)
            waiting = max(waiting, batches.waiting)  # rows in flight may wait in the queue, too
            match await leaving_of(self._bench.window, running, waiting, silent=studio.runs.silent):
                case "leave":
                    return True
                case "wait":
                    await studio.runs.settled()
                    await batches.settled()
                case "stop":
                    await batches.stop()
                    studio.cancel()
                    await studio.runs.settled()
                    await batches.settled()
                case _:
                    return False
        return True

    async def _pictures_may_be_left(self) -> bool:
        """What no disk has taken is saved elsewhere, or left to be fetched again."""
        while held := self._bench.studio.only_in_memory:
            match await losing_of(self._bench.window, tuple(one.title for one in held)):
                case "save":
                    for one in held:
                        try:
                            await self._bench.remedies.save_elsewhere(one)
                        except Fault as fault:
                            self._bench.say(fault)
                case "leave":
                    return True
                case _:
                    return False
        return True


class SignalEar(QObject):
    """Hears the first of `SIGNALS` within Qt's loop; after it a second one ends the process as ever. Where
    the system has no such signals (Windows) nothing is heard: there a session ends by `on_logout`."""

    def __init__(self, told: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._told = told
        self._before: dict[int, Any] = {}
        self._notifier: QSocketNotifier | None = None
        if sys.platform == "win32":
            return
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        self._waking = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for name in SIGNALS:
            number = getattr(signal, name)
            self._before[number] = signal.signal(number, _heard)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)

    def _wake(self) -> None:
        numbers = self._read.recv(64)
        known = [number for number in numbers if number in self._before]
        if known:
            self._restore()
            self._told(signal.Signals(known[0]).name)

    def _restore(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()

    def stop(self) -> None:
        """May be called twice."""
        notifier, self._notifier = self._notifier, None
        if notifier is not None:
            notifier.setEnabled(False)
            self._restore()
            signal.set_wakeup_fd(self._waking)
            self._read.close()
            self._write.close()


def _heard(number: int, frame: FrameType | None) -> None:
    """The work is done when Qt's loop comes round to it."""
