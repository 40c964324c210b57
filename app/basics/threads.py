"""Threads that work beside a window, or beside the loop of a command."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICE = 10
TURN = 0.0005
"""Seconds after which a busy thread lets the others in. Python's own 5 ms are waited for at each way back to
Python code: from Qt (60 ms for one frame while photographs are decoded), from a commit, from a socket (a
fifth of the time of a batch)."""


def take_short_turns() -> None:
    """For the whole process: said once by whoever owns it."""
    sys.setswitchinterval(TURN)


def give_way() -> None:
    """The calling thread gets the processor after those that do not say this, for good. Only Linux has this
    for a single thread (elsewhere it would be the whole process); elsewhere nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
