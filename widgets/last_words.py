"""What is said and kept when the screen is taken away: Qt ends the process itself, without asking anybody.

Qt says one line of it (to a message handler) and then calls the system's `exit`, so that line is our only
moment. That `exit` takes the libraries apart while threads of ours are in them, and may crash instead: the
process is ended here. Everything else that Qt says is passed on.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.basics.faults import Fault

SCREEN_GONE = 1
"""The code with which the process ends."""
BROKEN = ("connection broke", "connection experienced a fatal error")
"""Of X11 and Wayland: `The X11 connection broke (error 1). Did the X server die?`"""
log = logging.getLogger("tagloom.screen")


def last_words(keep: Callable[[], None], logs: Path) -> Callable[[], None]:
    """`keep` writes down what is not saved. Gives back what ends it."""
    before: list[Callable[..., object]] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if any(sign in text for sign in BROKEN):
            try:
                keep()
            except (OSError, Fault):
                log.exception("what was not saved could not be kept")
            log.critical("The screen is gone, and the program with it: %s", text)
            _say(_words(logs))
            logging.shutdown()
            os._exit(SCREEN_GONE)
        elif before:
            before[0](kind, context, text)
        else:
            _say(text)

    earlier = qInstallMessageHandler(hear)
    if callable(earlier):
        before.append(earlier)

    def end() -> None:
        qInstallMessageHandler(before[0] if before else None)

    return end


def _words(logs: Path) -> str:
    said = QCoreApplication.translate(
        "last_words",
        "The screen that Tagloom was shown on is gone, so Tagloom ends. What was not saved is kept and "
        "offered at the next start; what a vendor has under way is collected then, for nothing more. "
        "The log: {logs}",
    )
    return said.format(logs=logs)


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # the terminal may be gone with the screen
        print(text, file=sys.stderr, flush=True)
