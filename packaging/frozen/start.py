"""Where the frozen program begins. It is `tagloom` and `tagloom-window` in one: see `app.__main__`."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping

from app.__main__ import main

LIBRARIES = "LD_LIBRARY_PATH"


def give_back(environment: MutableMapping[str, str]) -> None:
    """What the start has put there is for this process alone, which has read it by now: a browser or a viewer
    that is opened from here must not load our libraries."""
    before = environment.pop(f"{LIBRARIES}_ORIG", "")
    if before:
        environment[LIBRARIES] = before
    else:
        environment.pop(LIBRARIES, None)


if __name__ == "__main__":
    give_back(os.environ)
    sys.exit(main())
