"""`tagloom` and `python -m app`: a command runs without a window; anything else opens one.

Imports wait for what is wanted: a command needs no Qt, a start that another window takes none either, and
a window is painted before the engine is there.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from app.basics.handing import starting
from app.cli.commands import is_command


def main(words: Sequence[str] | None = None) -> int:
    """The program. Exit codes as in `app.cli.exits`."""
    given = list(sys.argv[1:] if words is None else words)
    if is_command(given):
        from app.cli.main import run_command

        return run_command(given)
    start = starting(given, os.environ)
    if start is None:
        return 0  # a window that was there has taken it
    gc.disable()  # a quarter of the start went into looking for garbage where there is none (`furnish`)
    from widgets.desktop import open_shell

    shell = open_shell(start)
    from widgets.first_look import begin
    from widgets.loop import live

    try:
        return live(shell, lambda shell: begin(shell, _carried, _hands, _furnish, _sorry))
    finally:
        if start.door is not None:
            start.door.close()


def _carried(path: Path) -> str | None:
    """The readers of pictures, imported where one is looked into."""
    from app.studio.carried import carried_text

    return carried_text(path)


def _hands() -> Callable[[Any], None]:
    """Gestures and keys, imported once the document is looked at."""
    from widgets.canvas.handling import take_in_hand

    return take_in_hand


def _furnish() -> Callable[[Any, Any], Awaitable[None]]:
    """The engine and the panels, imported while the canvas is already looked at."""
    from widgets.furnish import furnish

    return furnish


def _sorry() -> Callable[[Any, BaseException], Awaitable[Any]]:
    """What is said where a session cannot begin, imported where it is."""
    from widgets.cannot_begin import cannot_begin

    return cannot_begin


if __name__ == "__main__":
    sys.exit(main())
