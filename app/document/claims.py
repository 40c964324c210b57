"""Which documents are open in windows: a lock for each, which dies with its process.

Lock files lie in the home's state folder, named by the hash of the document's path: a document in a folder
that cannot be written can be open as well, and nothing is left beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from app.basics.faults import DiskTrouble, Retry
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say


class Claims:
    """Holds one document at a time: the one on the desk of a window."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._lock: ProcessLock | None = None
        self.elsewhere = False
        """The document is open in another window, as far as was known when it was last asked for."""

    def take(self, path: Path | None) -> bool:
        """The document that is open here from now on; the one before is let go. Whether it is ours alone."""
        if path != self._path:
            self.let_go()
            self._path = path
        if path is not None and self._lock is None:
            self._lock, self.elsewhere = self._try(path)
        return not self.elsewhere

    def is_free(self, path: Path) -> bool:
        """Whether no other window has a document open. The one held here is tried for again."""
        if path == self._path:
            return self.take(path)
        lock, elsewhere = self._try(path)
        if lock is not None:
            lock.release()
        return not elsewhere

    def let_go(self) -> None:
        """May be called twice."""
        lock, self._lock, self._path, self.elsewhere = self._lock, None, None, False
        if lock is not None:
            lock.release()

    def _try(self, path: Path) -> tuple[ProcessLock | None, bool]:
        """Where locks do not work at all nobody is kept from anything: what is on the disk is compared
        before it is replaced in any case."""
        with contextlib.suppress(OSError, DiskTrouble):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = try_lock(self._folder / f"{_name(path)}.lock")
            return lock, lock is None
        return None, False


def _name(path: Path) -> str:
    return hashlib.sha256(os.path.normcase(str(path)).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def note_of(path: Path) -> str:
    """What people are told when they open a document that is open already."""
    return say(
        "{name} is open in another window. You can look and work here too; to keep what "
        "you change, save it as another file.",
        name=path.name,
    )


def open_elsewhere(path: Path) -> DiskTrouble:
    return DiskTrouble(
        say("{name} is open in another window.", name=path.name),
        advice=say(
            "Save as another file to keep both, or save anyway: what is there now is kept among its "
            "versions, and the other window says so when it saves."
        ),
        code="document.open-elsewhere",
        retry=Retry.ASK,
    )
