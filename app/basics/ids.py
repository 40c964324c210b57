"""Names for things: sortable ids for operations, short readable ids for nodes."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Container

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class _Numbers:
    """Each is greater than the one before, also within a millisecond and where the clock is put back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        number = (int(time.time() * 1000) << 80) | secrets.randbits(80)
        with self._lock:
            self._last = max(number, self._last + 1)
            return self._last


_numbers = _Numbers()


def new_id() -> str:
    """26 characters, sorted by the order of making (a monotonic ULID in lower case), 80 random bits."""
    number = _numbers.next()
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def free_name(wanted: str, taken: Container[str]) -> str:
    """`wanted` as a file-safe id, with a number after it while it is taken: `prompt`, `prompt-2`."""
    base = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-") or "node"
    if base not in taken:
        return base
    count = 2
    while f"{base}-{count}" in taken:
        count += 1
    return f"{base}-{count}"
