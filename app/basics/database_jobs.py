"""What a database's thread is asked to do, and how those who asked are told."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, NamedTuple

TOGETHER = 32
"""Jobs that share a commit, at most."""


class Job(NamedTuple):
    """`alone` does all of it; `work` is what of it may share a transaction with others, `writes` whether it
    may write. It is given the connection."""

    alone: Callable[[], Any]
    work: Callable[[Any], Any] | None
    writes: bool
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class End(NamedTuple):
    """What came of a job."""

    result: Any = None
    error: BaseException | None = None


class Jobs:
    """Put by any thread, taken by one."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._ended = False

    def put(self, job: Job) -> None:
        self._queue.put(job)

    def end(self) -> None:
        """After what was put until now."""
        self._queue.put(None)

    def taken(self) -> list[Job]:
        """All that wait, in their order; waits for the first. Nothing at the end."""
        jobs: list[Job] = []
        while not self._ended and len(jobs) < TOGETHER and not (jobs and self._queue.empty()):
            job = self._queue.get()
            if job is None:
                self._ended = True
            else:
                jobs.append(job)
        return jobs


def done(work: Callable[[], Any]) -> End:
    try:
        return End(work())
    except BaseException as caught:  # whatever it is belongs to whoever asked and waits
        return End(error=caught)


def shareable(jobs: Sequence[Job]) -> list[Callable[[Any], Any]]:
    """What the first of `jobs` may do in one transaction: nothing, where fewer than two of them write."""
    works: list[Callable[[Any], Any]] = []
    writing = 0
    for job in jobs:
        if job.work is None or job.loop is not jobs[0].loop:
            break
        works.append(job.work)
        writing += job.writes
    return works if writing > 1 else []


def tell(jobs: Sequence[Job], ends: Sequence[End]) -> None:
    """Of jobs of one loop."""
    told = [(job.future, end) for job, end in zip(jobs, ends, strict=True)]
    with contextlib.suppress(RuntimeError):  # their loop has ended; the work is done all the same
        jobs[0].loop.call_soon_threadsafe(_settle, told)


def _settle(told: Sequence[tuple[asyncio.Future[Any], End]]) -> None:
    for future, end in told:
        if future.done():  # the caller was cancelled
            continue
        if end.error is not None:
            future.set_exception(end.error)
        else:
            future.set_result(end.result)
