"""What surrounds a database's file: its log, a reserve of disk space, and a place for a damaged one."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.basics.database_faults import is_locked
from app.basics.words import say

LOG_PAGES = 250
_PAGE_BYTES = 4096


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


def set_journal(raw: Any, wanted: str, patience: float) -> str:
    """The journal mode that the SQLite connection `raw` has now. SQLite does not wait by itself here while
    another process has the file open."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return str(raw.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]).lower()
        except raw.OperationalError as error:
            if not is_locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def lengthen_log(raw: Any) -> None:
    """Fills the write-ahead log once and starts it anew, so that later commits overwrite it. A commit that
    does not make the log longer takes half the time, and finds room on a disk that is full by then.
    """
    if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        return
    # Best effort: another process may be busy with it, or the disk have no room; it works without.
    with contextlib.suppress(raw.OperationalError):
        raw.execute("CREATE TABLE IF NOT EXISTS tagloom_log_room (filler BLOB)")
        raw.execute("BEGIN IMMEDIATE")
        try:
            raw.execute("DELETE FROM tagloom_log_room")
            raw.execute("INSERT INTO tagloom_log_room VALUES (randomblob(?))", (LOG_PAGES * _PAGE_BYTES,))
        finally:
            raw.commit()
        raw.execute("PRAGMA wal_checkpoint(RESTART)")


def slower_here(title: str, network: str, folder: Path) -> str:
    """A note about a database without a log beside it. `network`: the kind of file system, or empty."""
    on = (
        say("a network folder ({network})", network=network)
        if network
        else say("a disk without room for SQLite's log")
    )
    return say(
        "{title} is on {on}: {folder}. It works there, but slower; a local disk is safer.",
        title=title,
        on=on,
        folder=folder,
    )
