"""Coroutines started from slots: kept alive, never silent.

qasync's own `asyncSlot` keeps no reference to its task, and a task's exception is silent until it is
collected: so every coroutine that a widget starts goes through `Tasks`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from app.basics.faults import Bug, Fault

T = TypeVar("T")
log = logging.getLogger("tagloom.tasks")


class Tasks:
    """`on_fault` is told every fault of a coroutine started here; anything else becomes a `Bug`."""

    def __init__(self, on_fault: Callable[[Fault], None]) -> None:
        self._on_fault = on_fault
        self._running: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Also from a slot that Qt calls between two runs of the loop: then it begins with the next."""
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        if isinstance(error, Fault):
            self._on_fault(error)
            return
        log.error("A task ended with an error", exc_info=error)
        bug = Bug(
            "Something went wrong inside Tagloom.",
            advice="Your document is safe. Please send us the log (Help, Open log folder).",
            code="bug.task",
            detail=repr(error),
        )
        bug.__cause__ = error
        self._on_fault(bug)

    async def close(self) -> None:
        """Cancels what still runs and waits for it."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
