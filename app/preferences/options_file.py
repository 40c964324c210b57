"""The file in which settings are kept: JSON, written whole, and onto what another program wrote meanwhile."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from app.basics.faults import DiskTrouble
from app.basics.words import say

_log = logging.getLogger(__name__)
Later = Callable[[Callable[[], None]], object]
Change = tuple[Mapping[str, Any], tuple[str, ...]]
"""What is set, and the ids of what goes."""


class OptionsFile:
    """Each change is written when it is made, into a new file: what a full or read-only disk says is heard at
    once. Waiting until the disk has it, and putting it in the place of the old file, is done by `later`: at
    once as it stands, or by the thread of `InTurn`.

    The last of it is awaited by `settle`. If it fails, the next change says so, and brings it once more.
    """

    def __init__(self, file: Path, later: Later | None = None) -> None:
        self.file = file
        self._later = later or _now
        self._bad = False
        self._unkept: dict[Path, Change] = {}
        """What is not in the file yet, oldest first, by the new file that was to bring it there: on its way,
        or failed and tried again with the next."""
        self._lock = threading.Condition()
        self._under_way = 0
        self._failed: OSError | None = None

    def read(self) -> dict[str, Any] | None:
        """All of it; None where it is no settings file: that is put aside before it is written again."""
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            found = None
        self._bad = not isinstance(found, dict)
        return None if self._bad else found

    def write(self, known: Mapping[str, Any], changes: Mapping[str, Any], gone: tuple[str, ...]) -> None:
        """`changes` and what is `gone`, onto what the file holds by now, or `known` where it holds nothing.

        :raises DiskTrouble: `options.unwritable`
        """
        # What is no text of a file is found before it could spoil the others.
        json.dumps(changes, ensure_ascii=False).encode()
        temp = self.file.with_name(f".{self.file.name}.{secrets.token_hex(4)}")
        with self._lock:
            self._unkept[temp] = changes, gone
            unkept = dict(self._unkept)
            self._under_way += 1
        filled = False
        try:
            self._fill(temp, known, unkept.values())
            filled = True
        except OSError as error:
            raise self._trouble(error) from error
        finally:
            if not filled:
                self._end(temp)
        self._later(lambda: self._keep(temp, unkept))
        with self._lock:
            failed, self._failed = self._failed, None
        if failed is not None:
            raise self._trouble(failed) from failed

    def settle(self) -> None:
        """Waits until all changes are in the file."""
        with self._lock:
            self._lock.wait_for(lambda: not self._under_way)

    # --- inside ----------------------------------------------------------------------------------

    def _fill(self, temp: Path, known: Mapping[str, Any], unkept: Iterable[Change]) -> None:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._bad:
            os.replace(self.file, self.file.with_name(self.file.name + ".unreadable"))
            self._bad = False
        kept = self._on_disk(known)
        for changes, gone in unkept:
            kept |= changes
            for id in gone:
                kept.pop(id, None)
        with open(os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as to:
            json.dump(kept, to, indent=2, sort_keys=True, ensure_ascii=False)
            to.write("\n")

    def _on_disk(self, known: Mapping[str, Any]) -> dict[str, Any]:
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return dict(known)
        return found if isinstance(found, dict) else {}

    def _keep(self, temp: Path, brought: Iterable[Path]) -> None:
        try:
            with open(temp, "rb+") as file:
                os.fsync(file.fileno())
            os.replace(temp, self.file)
        except OSError as error:
            _log.warning("the settings could not be kept: %s", error)
            with self._lock:
                self._failed = error
        else:
            with self._lock:
                for one in brought:
                    self._unkept.pop(one, None)
        self._end(temp)

    def _end(self, temp: Path) -> None:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
        with self._lock:
            self._under_way -= 1
            self._lock.notify_all()

    def _trouble(self, error: OSError) -> DiskTrouble:
        return DiskTrouble(
            say("The settings could not be written to {parent}.", parent=self.file.parent),
            advice=say("They hold until you close Tagloom. Make the folder writable or free some space."),
            code="options.unwritable",
            detail=str(error),
        )


class InTurn:
    """Does jobs one after the other in a thread that is there only while there are any: no window waits for a
    disk."""

    def __init__(self) -> None:
        self._jobs: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._at_work = False

    def __call__(self, job: Callable[[], None]) -> None:
        with self._lock:
            self._jobs.append(job)
            if self._at_work:
                return
            self._at_work = True
        threading.Thread(target=self._work, name="settings").start()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            self._at_work = bool(self._jobs)
            return self._jobs.popleft() if self._jobs else None


def _now(job: Callable[[], None]) -> None:
    job()
