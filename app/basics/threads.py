"""Threads that work beside a window."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICE = 10


def give_way() -> None:
    """The calling thread gets the processor after those that do not say this, for good. Only Linux has this
    for a single thread (elsewhere it would be the whole process); elsewhere nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
