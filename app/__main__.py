"""`tagloom` and `python -m app`: a command runs without a window; anything else opens one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli import arguments
from app.cli.main import run_command


def main(words: Sequence[str] | None = None) -> int:
    """The program. Exit codes as in `app.cli.exits`."""
    given = list(sys.argv[1:] if words is None else words)
    if given and (given[0] in arguments.COMMANDS or given[0] in ("-h", "--help", "--version")):
        return run_command(given)
    from widgets.desktop import live, open_shell  # only a window needs Qt

    shell = open_shell(given)
    from widgets.furnish import furnish  # after the window is painted: the canvas and the engine are heavy

    return live(shell, furnish)


if __name__ == "__main__":
    sys.exit(main())
