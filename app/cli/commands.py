"""The names of the commands: all that is needed to know whether a window is wanted."""

from __future__ import annotations

import os
from collections.abc import Sequence

from app.basics.handing import APART

COMMANDS = (
    *("run", "batch", "check", "estimate", "models", "history", "recover", "inspect", "export", "diff"),
    *("sandbox", "doctor", "keys", "licences"),
    *("bundle", "unbundle", "contact-sheet", "layers"),
)


def is_command(words: Sequence[str]) -> bool:
    """Whether words are for the command line; else they name documents for the window. A bare word that is
    no file is taken for a mistyped command, not for a document."""
    first = next((word for word in words if word != APART), "")
    if first in COMMANDS or first.startswith("-"):
        return True
    return first.isidentifier() and not os.path.exists(first)
