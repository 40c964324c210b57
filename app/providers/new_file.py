"""A file that is either there, whole and on the disk, or not there at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from app.basics.faults import Charged, DiskTrouble, Retry

_AT_ONCE = 4 * 1024 * 1024


class NewFile:
    """Writes a new file in threads; leaving without `finish` removes it.

    :raises DiskTrouble: what is written here was paid for, so the fault says so
    """

    def __init__(self, target: Path) -> None:
        self.size = 0
        self._target = target
        self._held = bytearray()
        self._stream: BinaryIO | None = None
        self._finished = False

    async def __aenter__(self) -> Self:
        try:
            # Here and not in a thread: a cancel must not leave a file that nobody knows.
            self._stream = open(self._target, "xb", buffering=0)  # noqa: ASYNC230, SIM115
        except OSError as error:
            raise _trouble(error, self._target) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._finished or self._stream is None:
            return
        with contextlib.suppress(OSError):
            self._stream.close()
        with contextlib.suppress(OSError):
            self._target.unlink(missing_ok=True)

    async def write(self, chunk: bytes) -> None:
        self._held += chunk
        self.size += len(chunk)
        if len(self._held) >= _AT_ONCE:
            await self._in_thread(last=False)

    async def finish(self) -> None:
        """Everything on the disk."""
        await self._in_thread(last=True)
        self._finished = True

    async def _in_thread(self, *, last: bool) -> None:
        assert self._stream is not None
        held, self._held = self._held, bytearray()
        try:
            await asyncio.to_thread(_put, self._stream, held, self.size if last else None)
        except OSError as error:
            raise _trouble(error, self._target) from error


def _put(stream: BinaryIO, content: bytearray, whole: int | None) -> None:
    """Writes all of `content`: a full disk or a file limit may take only a part without an error.
    With `whole`, also fsyncs, checks the size and closes."""
    view = memoryview(content)
    while view:
        written = stream.write(view)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[written:]
    if whole is None:
        return
    os.fsync(stream.fileno())
    if os.fstat(stream.fileno()).st_size != whole:
        raise OSError(errno.EIO, "the file is shorter than what was written")
    stream.close()


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
