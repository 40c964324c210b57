"""Exit codes of every command. 4 wins over 1."""

from __future__ import annotations

from enum import IntEnum

from app.basics.faults import BadInput, Fault, Lost


class Exit(IntEnum):
    DONE = 0
    STEP_FAILED = 1
    DIFFERENT = 1
    """Of `tagloom diff`, as `diff` has it: the two are not the same."""
    WRONG = 2
    """The command or the document is wrong; nothing was sent."""
    CAPPED = 3
    """Refused by a cap, or nobody was there to ask; nothing was sent."""
    UNKNOWN = 4
    """Something was sent and its answer was lost: a person has to look."""
    STOPPED = 130


def exit_for(fault: Fault) -> Exit:
    """The code of a command that a fault has ended before anything was sent."""
    if isinstance(fault, Lost):
        return Exit.UNKNOWN
    return Exit.WRONG if isinstance(fault, BadInput) else Exit.STEP_FAILED
