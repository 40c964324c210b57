"""A database that is a file of SQLite: how it is opened, and what surrounds it: its log, a reserve of disk
space, and a place for a damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from app.basics.database_faults import database_fault, is_full, is_locked
from app.basics.faults import Fault
from app.basics.mounts import network_file_system
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say

LOG_PAGES = 250
_PAGE_BYTES = 4096
_CACHE_KIB = 512
_MOST_WRONG = 20


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


class InFile:
    """`url` is SQLite's; in memory where it names no file. See `database_backing.Backing`."""

    writes, reads = "BEGIN IMMEDIATE", "BEGIN"
    shares_commits = True
    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, url: URL, *, durable: bool, patience: float, ballast: int) -> None:
        self.file = Path(url.database) if url.database else None
        self.place = str(self.file) if self.file is not None else url.render_as_string()
        self._url, self._durable, self._patience = url, durable, patience
        self._ballast = Ballast(self.file, ballast)

    @contextlib.contextmanager
    def opening(self) -> Iterator[None]:
        """One process at a time opens, upgrades or puts aside; the others wait."""
        lock: ProcessLock | None = None
        if self.file is not None:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            deadline = time.monotonic() + self._patience
            while (lock := try_lock(self.file.with_name(self.file.name + ".opening"))) is None:
                if time.monotonic() > deadline:
                    raise sqlite3.OperationalError("database is locked: another process is opening it")
                time.sleep(0.005)
        try:
            yield
        finally:
            if lock is not None:
                lock.release()

    def engine(self, title: str, notes: list[str]) -> Engine:
        if self.file is not None and not self.file.exists():
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        network = "" if self.file is None else network_file_system(self.file)
        engine = create_engine(self._url)

        @event.listens_for(engine, "connect")
        def connected(raw: Any, _record: object) -> None:
            raw.isolation_level = None  # transactions begin where we say, in `Database`
            raw.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")
            mode = set_journal(raw, "TRUNCATE" if network else "WAL", self._patience)
            # A rollback journal with NORMAL can lose the database itself on a power cut, so FULL there too.
            raw.execute(f"PRAGMA synchronous = {'FULL' if self._durable or mode != 'wal' else 'NORMAL'}")
            # On macOS fsync alone leaves it in the drive's own memory.
            raw.execute(f"PRAGMA fullfsync = {int(self._durable)}")
            raw.execute(f"PRAGMA secure_delete = {int(self._durable)}")  # an address that is no longer needed
            raw.execute("PRAGMA foreign_keys = ON")
            # What was read stays in the system's memory anyway; a table of ten thousand rows takes no more.
            raw.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            raw.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES - 50}")
            if mode != "wal" and self.file is not None:
                notes.append(slower_here(title, network, self.file.parent))

        return engine

    def check(self, raw: Any) -> None:
        """3 ms at 10,000 rows; finds what would otherwise be found in the middle of a purchase."""
        found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")

    def alone(self, raw: Any, name: str) -> None:
        """BEGIN IMMEDIATE has done it."""

    def opened(self, raw: Any) -> None:
        if self._durable:
            lengthen_log(raw)
        self._ballast.lay()

    def is_lost(self, raw: Any) -> bool:
        return False

    def may_pass(self, error: Exception, *, known: bool) -> bool:
        return is_full(error) and self._ballast.give_up()

    def wrong(self, raw: Any, thorough: bool) -> tuple[str, ...]:
        pragma = "integrity_check" if thorough else "quick_check"
        found = [row[0] for row in raw.execute(f"PRAGMA {pragma}({_MOST_WRONG})")]
        return tuple(str(one) for one in found if one != "ok")

    def mend(self, raw: Any) -> None:
        raw.execute("REINDEX")

    def fault(self, name: str, title: str, error: Exception) -> Fault:
        return database_fault(name, title, self.place, error)


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
