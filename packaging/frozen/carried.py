"""Of the file names on standard input, those of the building system's libraries that go along with the
program where the system does not have them: `ls _internal | python packaging/frozen/carried.py`."""

from __future__ import annotations

import sys

from parts import CARRIED

if __name__ == "__main__":
    for line in sys.stdin:
        if CARRIED.match(line) and not line.startswith("libpython"):
            sys.stdout.write(line)
