"""Names for things: sortable ids for operations, short readable ids for nodes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Container

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """26 characters, sorted by time of making (a ULID in lower case), 80 random bits."""
    number = (int(time.time() * 1000) << 80) | secrets.randbits(80)
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
