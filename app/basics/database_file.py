"""What surrounds a database's file: a reserve of disk space, and a place for a damaged one."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path


class Ballast:
    """`size` bytes beside `file`, given up when the disk is full, so that what has to be written can be."""

    def __init__(self, file: Path | None, size: int) -> None:
        self._file = None if file is None or not size else file.with_name(file.name + ".ballast")
        self._size = size

    def lay(self) -> None:
        if self._file is None or self._file.exists():
            return
        try:
            with self._file.open("wb") as handle:
                handle.write(os.urandom(self._size))  # not zeros: some file systems store none
        except OSError:  # no room for it: then there is none to give up
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def give_up(self) -> bool:
        """Whether there was any."""
        if self._file is None or not self._file.exists():
            return False
        self._file.unlink(missing_ok=True)
        return True


def move_aside(file: Path) -> Path:
    """`ledger.sqlite` → `ledger-damaged-20260131-174500.sqlite`, its log beside it."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    count, target = 1, file.with_name(f"{file.stem}-damaged-{stamp}{file.suffix}")
    while target.exists():
        count += 1
        target = file.with_name(f"{file.stem}-damaged-{stamp}-{count}{file.suffix}")
    for end in ("-wal", "-shm", "-journal", ""):
        with contextlib.suppress(FileNotFoundError):
            os.replace(file.with_name(file.name + end), target.with_name(target.name + end))
    return target
