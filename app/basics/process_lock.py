"""A lock between processes that dies with its holder: the system lets go of it, no time-out is waited for.

The lock is on an open file (`flock`, on Windows a locked byte), so a killed, crashed or unplugged
process holds nothing. Two holders in one process exclude each other as well.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from app.basics.faults import DiskTrouble
from app.basics.words import say

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _forget(handle: int, path: Path) -> None:
        with contextlib.suppress(OSError):
            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)
        with contextlib.suppress(OSError):  # another process has it open: it will remove it
            path.unlink()

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _forget(handle: int, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()  # while still held; who opened it before finds it nameless and tries again
        os.close(handle)


class ProcessLock:
    """Held from `try_lock` until `release`, or until the process ends in whatever way."""

    __slots__ = ("_handle", "path")

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle: int | None = handle

    @property
    def held(self) -> bool:
        return self._handle is not None

    @property
    def released(self) -> bool:
        return self._handle is None

    def release(self) -> None:
        """May be called twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            _forget(handle, self.path)


def try_lock(path: Path) -> ProcessLock | None:
    """The lock of this file, or None while somebody else holds it. Never waits.

    :raises DiskTrouble: `lock.unwritable`: the file cannot be made or locked
    """
    while True:
        try:
            # Not inherited by child processes (PEP 446), so a sandbox child keeps no lock alive.
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _trouble(path, error) from error
        try:
            locked = _try_lock(handle)
        except OSError as error:
            os.close(handle)
            raise _trouble(path, error) from error
        if not locked:
            os.close(handle)
            return None
        if _still_named(handle, path):
            return ProcessLock(path, handle)
        os.close(handle)  # its last holder removed the name between our open and our lock


def _still_named(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except FileNotFoundError:
        return False


def _trouble(path: Path, error: OSError) -> DiskTrouble:
    return DiskTrouble(
        say("The lock file {name} in {parent} could not be used.", name=path.name, parent=path.parent),
        advice=say("Make it writable, free some space, or set TAGLOOM_HOME to a local folder that is yours."),
        code="lock.unwritable",
        detail=str(error),
    )
