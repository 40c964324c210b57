"""The life of a task: throttled, pending, running, and one of the ends. Time is the event loop's."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from app.sandbox.account import Account
from app.sandbox.knobs import KnobBoard
from app.sandbox.order import Order
from app.sandbox.tally import Tally

LOG = logging.getLogger(__name__)

PENDING_SHARE = 1 / 6
"""The share of a task's time in which it has a place and has not begun."""


class Status(StrEnum):
    THROTTLED = "THROTTLED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    message: str
    code: str | None
    charged: bool


@dataclass(slots=True, eq=False, kw_only=True)
class Task:
    """`started` and `hold_until` are loop seconds."""

    id: str
    order: Order
    created: datetime
    credits: float
    seconds: float
    hold_until: float
    failure: Failure | None = None
    started: float | None = None
    ended: Status | None = None
    work: asyncio.Task[None] | None = None

    def status(self, now: float) -> Status:
        if self.ended is not None:
            return self.ended
        if self.started is None:
            return Status.THROTTLED
        early = now - self.started < self.seconds * PENDING_SHARE
        return Status.PENDING if early else Status.RUNNING

    def progress(self, now: float) -> float:
        """From 0 to 0.99; two digits."""
        if self.started is None or self.seconds <= 0:
            return 0.0
        lead = self.seconds * PENDING_SHARE
        share = (now - self.started - lead) / (self.seconds - lead)
        return round(min(max(share, 0.0), 0.99), 2)

    @property
    def cost(self) -> float:
        """What an ended task costs in the end."""
        return 0 if self.failure is not None and not self.failure.charged else self.credits


Paint = Callable[[Order], Awaitable[Path]]


class TaskBook:
    """Every task there is. A model runs `concurrency` tasks at once, the rest wait in order."""

    def __init__(self, board: KnobBoard, tally: Tally, account: Account, paint: Paint) -> None:
        self._board = board
        self._tally = tally
        self._account = account
        self._paint = paint
        self._loop = asyncio.get_running_loop()
        self._tasks: dict[str, Task] = {}
        self._waiting: dict[str, Task] = {}
        self._running: Counter[str] = Counter()
        self._timers: set[asyncio.TimerHandle] = set()
        board.on_turn(self._fill)

    def accept(self, order: Order, credits: float, created: datetime, failure: Failure | None) -> Task:
        knobs = self._board.now
        held = knobs.throttle_seconds if self._board.take("throttle_next") else 0.0
        task = Task(
            id=str(uuid.uuid4()),
            order=order,
            created=created,
            credits=credits,
            seconds=knobs.seconds,
            hold_until=self._loop.time() + held,
            failure=failure,
        )
        self._account.charge(order.model, credits)
        self._account.saw_generation(order.model)
        self._tasks[task.id] = self._waiting[task.id] = task
        if held:
            self._timers.add(self._loop.call_later(held, self._fill))
        self._fill()
        return task

    def find(self, task_id: str) -> Task | None:
        return self._tasks.get(task_id.lower())

    def active(self, vendor: str) -> int:
        """Tasks of a vendor that have no end yet."""
        return sum(one.ended is None and one.order.vendor == vendor for one in self._tasks.values())

    def now(self) -> float:
        return self._loop.time()

    def remove(self, task: Task) -> None:
        """Cancel or delete. Before it runs the cost comes back; from then on it does not."""
        if task.status(self.now()) in (Status.THROTTLED, Status.PENDING):
            self._account.refund(task.order.model, task.credits)
        self._drop(task)

    def forget(self) -> None:
        """As if the server had lost its memory; nothing is refunded."""
        for task in tuple(self._tasks.values()):
            self._drop(task)

    async def close(self) -> None:
        works = [task.work for task in self._tasks.values() if task.work is not None]
        for timer in self._timers:
            timer.cancel()
        self.forget()
        await asyncio.gather(*works, return_exceptions=True)

    def _drop(self, task: Task) -> None:
        self._tasks.pop(task.id, None)
        self._waiting.pop(task.id, None)
        if task.work is not None:
            task.work.cancel()

    def _fill(self) -> None:
        """Give free places to those who wait, first come first served."""
        now = self.now()
        self._timers = {timer for timer in self._timers if timer.when() > now}
        for task in tuple(self._waiting.values()):
            model = task.order.model
            if self._running[model] < self._board.now.concurrency and task.hold_until <= now + 1e-3:
                del self._waiting[task.id]
                self._running[model] += 1
                self._tally.begins_running()
                task.started = now
                task.work = self._loop.create_task(self._work(task, now + task.seconds))
                task.work.add_done_callback(partial(self._leave, task))

    def _leave(self, task: Task, work: asyncio.Task[None]) -> None:
        """Free the place. A draft that could not be painted is a failed task, as it would be there."""
        if not work.cancelled() and (trouble := work.exception()) is not None:
            LOG.error("The draft could not be painted.", exc_info=trouble)
            task.failure = Failure(message="An unexpected error occurred.", code="INTERNAL", charged=False)
            self._end(task)
        self._running[task.order.model] -= 1
        self._tally.running -= 1
        self._fill()

    async def _work(self, task: Task, due: float) -> None:
        """Paint while the time passes; a task never succeeds before its picture is there."""
        if task.failure is None:
            await self._paint(task.order)
        await asyncio.sleep(max(0.0, due - self.now()))
        self._end(task)

    def _end(self, task: Task) -> None:
        task.ended = Status.SUCCEEDED if task.failure is None else Status.FAILED
        self._account.refund(task.order.model, task.credits - task.cost)
