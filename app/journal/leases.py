"""Who follows an operation: one process, as long as it lives. A lock file each (`basics.process_lock`)."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Container
from pathlib import Path
from typing import Protocol

from app.basics.faults import Bug, DiskTrouble
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}")
_SETTLED_SECONDS = 3600


class Lease(Protocol):
    """Held until released, or until the process ends."""

    @property
    def held(self) -> bool: ...
    @property
    def released(self) -> bool:
        """By its holder. What is neither held nor released is lost, and may come back."""
        ...

    def release(self) -> None: ...


class Leases(Protocol):
    """What gives leases: where many machines share a ledger its server does (`server_leases`)."""

    @property
    def certain(self) -> bool:
        """Whether a lease that says it is held cannot have been somebody else's meanwhile."""
        ...

    def acquire(self, operation: str) -> Lease | None:
        """The lease, or None while somebody else has it. Never waits for them."""
        ...

    async def take(self, operation: str) -> Lease | None:
        """The same, for a loop that has other things to do until a server answers."""
        ...

    async def confirm(self, lease: Lease) -> bool:
        """Whether it was held without a break until now."""
        ...

    def tidy(self, keep: Container[str]) -> int:
        """Removes what the dead left behind, but for the operations to `keep`; how many."""
        ...


class FolderLeases:
    """Leases between the processes of one machine, as files in a folder."""

    certain = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def acquire(self, operation: str) -> ProcessLock | None:
        """:raises DiskTrouble: `lock.unwritable`"""
        if not _NAME.fullmatch(operation):
            raise Bug(
                say("{operation!r} cannot name a lease.", operation=operation),
                advice=say("Please report this."),
                code="ledger.lease-name",
            )
        path = self._folder / f"{operation}.lease"
        with contextlib.suppress(OSError):  # try_lock says it better
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return try_lock(path)

    async def take(self, operation: str) -> ProcessLock | None:
        return self.acquire(operation)

    async def confirm(self, lease: Lease) -> bool:
        return lease.held

    def tidy(self, keep: Container[str]) -> int:
        removed = 0
        # Young ones stay: a process may have made the file and be about to lock it.
        old = time.time() - _SETTLED_SECONDS
        for path in self._folder.glob("*.lease"):
            with contextlib.suppress(OSError, DiskTrouble):
                if path.stem not in keep and path.stat().st_mtime < old and (lock := try_lock(path)):
                    lock.release()
                    removed += 1
        return removed
