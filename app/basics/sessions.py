"""Whether a window ended in order: a file for each that runs, which a native crash writes its last words to.

`<id>.txt` begins with a line of JSON about the session, and `faulthandler` writes below it when the process
dies by an error that Python cannot catch. `<id>.lock` is held while the process lives. A file whose lock is
free was left by a session that did not end in order.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import msgspec

from app.basics.faults import DiskTrouble
from app.basics.ids import new_id
from app.basics.process_lock import ProcessLock, try_lock

BOOT = Path("/proc/sys/kernel/random/boot_id")
MOST_TRACE = 64_000
_FATAL = ("Fatal Python error: ", "Windows fatal exception: ")


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """`boot` names the start of the computer, where the system says it; `at` is seconds since 1970."""

    version: str
    process: int
    at: float
    boot: str = ""


class Fallen(msgspec.Struct, frozen=True, kw_only=True):
    """A session that did not end in order. `trace` is empty where it was ended from outside."""

    version: str
    process: int
    ended: datetime
    trace: str = ""
    rebooted: bool = False
    """The computer was started anew since."""

    @property
    def crashed(self) -> bool:
        return bool(self.trace)

    @property
    def cause(self) -> str:
        """`Segmentation fault`; empty where it was ended from outside."""
        first = self.trace.partition("\n")[0]
        for words in _FATAL:
            first = first.removeprefix(words)
        return first.strip()[:100]


class Session:
    """This process's file, from `begin` to `end`. Where none can be written there is none, and no harm."""

    def __init__(self, folder: Path, *, version: str) -> None:
        self._folder, self._version = folder, version
        self._file: TextIO | None = None
        self._lock: ProcessLock | None = None

    def begin(self) -> None:
        begun = Begun(version=self._version, process=os.getpid(), at=time.time(), boot=_boot())
        name = new_id()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = try_lock(self._folder / f"{name}.lock")
            path = self._folder / f"{name}.txt"
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(handle, "w", encoding="utf-8")
            self._file.write(msgspec.json.encode(begun).decode() + "\n")
            self._file.flush()
        except (OSError, DiskTrouble):
            self.end()
            return
        faulthandler.enable(self._file, all_threads=True)

    def end(self) -> None:
        """In order: nothing is left. May be called twice."""
        file, self._file = self._file, None
        lock, self._lock = self._lock, None
        if file is not None:
            faulthandler.disable()
            with contextlib.suppress(OSError):
                file.close()
        if lock is not None:
            with contextlib.suppress(OSError):
                lock.path.with_suffix(".txt").unlink(missing_ok=True)
            lock.release()


def take_fallen(folder: Path) -> tuple[Fallen, ...]:
    """What sessions left that did not end in order, newest first. Each is given once, to one process."""
    found: list[Fallen] = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("*.txt")):
            with contextlib.suppress(OSError, DiskTrouble):
                lock = try_lock(path.with_suffix(".lock"))
                if lock is None:
                    continue
                try:
                    found += _read(path)
                    path.unlink(missing_ok=True)
                finally:
                    lock.release()
    return tuple(sorted(found, key=lambda one: one.ended, reverse=True))


def _read(path: Path) -> list[Fallen]:
    """None where another process was quicker, or where it is torn."""
    try:
        with path.open("rb") as file:
            head, _, trace = file.read(MOST_TRACE).partition(b"\n")
        ended = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        begun = msgspec.json.decode(head, type=Begun)
    except (FileNotFoundError, msgspec.MsgspecError):
        return []
    boot = _boot()
    text = trace.decode("utf-8", "replace").strip()
    return [
        Fallen(
            version=begun.version[:40],
            process=begun.process,
            ended=ended,
            trace=text if text.startswith(_FATAL) else "",
            rebooted=bool(boot and begun.boot and boot != begun.boot),
        )
    ]


def _boot() -> str:
    try:
        return BOOT.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
