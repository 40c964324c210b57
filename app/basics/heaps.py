"""C's own memory, shared by threads. By itself each thread gets a heap of its own, and every one of them
keeps what it once needed: a batch with its dozens of threads holds 14 MB more, and grows with its rows; a
window holds 30 MB more after an hour."""

from __future__ import annotations

import ctypes
import os
import sys

HEAPS = 2
_M_ARENA_MAX = -8
"""glibc's malloc.h."""
_ASKED = "MALLOC_ARENA_MAX"


def share_heaps() -> bool:
    """For the whole process, before its threads begin: heaps that are there stay. Whether it was done. Only
    glibc can; what the environment asks for stands."""
    if sys.platform != "linux" or _ASKED in os.environ:
        return False
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS))
    except (OSError, AttributeError):
        return False
