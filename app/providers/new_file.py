"""A file that is either there, whole and on the disk, or not there at all. Blocks: for threads."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.basics.faults import Charged, DiskTrouble, Retry


class NewFile:
    """Leaving without `finish` removes it.

    :raises DiskTrouble: what is written here was paid for, so the fault says so
    """

    def __init__(self, target: Path) -> None:
        self.size = 0
        self._target = target
        self._stream: BinaryIO | None = None
        self._finished = False

    def __enter__(self) -> Self:
        try:
            # Each chunk goes out as it comes: 64 KiB at a time a file is written five times as cheaply as
            # in one piece of megabytes, for which the system first has to find memory in one piece.
            self._stream = open(self._target, "xb", buffering=0)
        except OSError as error:
            raise _trouble(error, self._target) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._finished or self._stream is None:
            return
        with contextlib.suppress(OSError):
            self._stream.close()
        with contextlib.suppress(OSError):
            self._target.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """All of it: a full disk or a file limit may take only a part without an error."""
        assert self._stream is not None
        view = memoryview(chunk)
        try:
            while view:
                written = self._stream.write(view)
                if not written:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                view = view[written:]
        except OSError as error:
            raise _trouble(error, self._target) from error
        self.size += len(chunk)

    def finish(self) -> None:
        """Everything on the disk."""
        assert self._stream is not None
        try:
            os.fsync(self._stream.fileno())
            if os.fstat(self._stream.fileno()).st_size != self.size:
                raise OSError(errno.EIO, "the file is shorter than what was written")
            self._stream.close()
        except OSError as error:
            raise _trouble(error, self._target) from error
        self._finished = True


def _trouble(error: OSError, target: Path) -> DiskTrouble:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        title, advice, code = (
            "The disk is full: the picture could not be saved.",
            "Make room, then fetch it again; it is not made or paid for anew.",
            "disk.full",
        )
    else:
        title, advice, code = (
            "The picture could not be saved on the disk.",
            "Look at the folder's rights and the drive, then fetch it again; it is not paid for anew.",
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
