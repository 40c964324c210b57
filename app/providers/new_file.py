"""A file that is either there, whole and on the disk, or not there at all. Blocks: for threads.

What is written here was paid for, so a disk that takes no more does not end a download: the rest goes on into
memory, and the whole picture comes with the fault.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.basics.faults import Charged, DiskTrouble, Retry
from app.basics.words import say

SPARE_BYTES = 64 * 1024 * 1024


class Unsaved(DiskTrouble):
    """No disk took the picture; here it is, whole. Who keeps the fault takes the picture out of it."""

    picture: bytes = b""


class Spare:
    """Memory for what no disk takes: so many bytes in all, for any number of threads."""

    def __init__(self, most: int = SPARE_BYTES) -> None:
        self._left = most
        self._lock = threading.Lock()

    def take(self, count: int) -> bool:
        with self._lock:
            there = count <= self._left
            self._left -= count if there else 0
            return there

    def give_back(self, count: int) -> None:
        with self._lock:
            self._left += count


class NewFile:
    """Leaving without `finish` removes it.

    :raises Unsaved: from `finish`: the disk did not take it all, memory did
    :raises DiskTrouble: neither did; what is written here was paid for, so the fault says so
    """

    def __init__(self, target: Path, spare: Spare | None = None) -> None:
        self.size = 0
        self._target = target
        self._spare = spare or Spare()
        self._stream: BinaryIO | None = None
        self._finished = False
        self._held: bytearray | None = None
        self._taken = 0
        self._trouble: DiskTrouble | None = None

    def __enter__(self) -> Self:
        try:
            # Each chunk goes out as it comes: 64 KiB at a time a file is written five times as cheaply as
            # in one piece of megabytes, for which the system first has to find memory in one piece.
            self._stream = open(self._target, "xb", buffering=0)
        except OSError as error:
            self._hold(b"", error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held = None
        self._spare.give_back(self._taken)
        self._taken = 0
        if self._finished or self._stream is None:
            return
        with contextlib.suppress(OSError):
            self._stream.close()
        with contextlib.suppress(OSError):
            self._target.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """All of it: a full disk or a file limit may take only a part without an error."""
        if self._held is not None:
            self._add(chunk)
            return
        assert self._stream is not None
        view = memoryview(chunk)
        try:
            while view:
                written = self._stream.write(view)
                if not written:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                view = view[written:]
        except OSError as error:
            self._hold(chunk, error)
            return
        self.size += len(chunk)

    def finish(self) -> None:
        """Everything on the disk."""
        if self._held is None:
            assert self._stream is not None
            try:
                os.fsync(self._stream.fileno())
                if os.fstat(self._stream.fileno()).st_size != self.size:
                    raise OSError(errno.EIO, "the file is shorter than what was written")
                self._stream.close()
                self._finished = True
                return
            except OSError as error:
                self._hold(b"", error)
        assert self._held is not None
        assert self._trouble is not None
        raise _unsaved(self._trouble, bytes(self._held)) from self._trouble.__cause__

    def _hold(self, chunk: bytes, error: OSError) -> None:
        """From now on in memory: what is on the disk already, and `chunk`."""
        self._trouble = _trouble(error, self._target)
        self._trouble.__cause__ = error
        self._held = bytearray()
        if self.size:
            try:
                with self._target.open("rb") as file:
                    written = file.read(self.size)
            except OSError:
                written = b""
            if len(written) != self.size:
                raise self._trouble
            self._add(written, again=True)
        self._add(chunk)

    def _add(self, chunk: bytes, *, again: bool = False) -> None:
        assert self._held is not None
        assert self._trouble is not None
        if not self._spare.take(len(chunk)):
            raise self._trouble
        self._taken += len(chunk)
        self._held += chunk
        self.size += 0 if again else len(chunk)


def _unsaved(trouble: DiskTrouble, picture: bytes) -> Unsaved:
    fault = Unsaved(
        trouble.title,
        advice=trouble.advice,
        code=trouble.code,
        charged=trouble.charged,
        retry=trouble.retry,
        detail=trouble.detail,
    )
    fault.picture = picture
    return fault


def _trouble(error: OSError, target: Path) -> DiskTrouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        title, advice, code = (
            say("The disk is full: the picture could not be saved."),
            say("Make room, then fetch it again; it is not made or paid for anew."),
            "disk.full",
        )
    else:
        title, advice, code = (
            say("The picture could not be saved on the disk."),
            say("Look at the folder's rights and the drive, then fetch it again; it is not paid for anew."),
            "disk.write",
        )
    return DiskTrouble(
        title,
        advice=advice,
        code=code,
        charged=Charged.YES,
        retry=Retry.ASK,
        detail=f"{target.parent}: {error.strerror or type(error).__name__}",
    )
