"""Runs a graph of steps: what is quick in place, what waits as a task, each after its inputs.

It knows nothing of documents, vendors or money. A cheap step costs no task (measured: one asyncio task a
node makes a graph 1.8 times as slow), and the loop is given back every few milliseconds.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.basics.faults import Bug, Fault
from app.basics.words import mark, say

SLICE = 0.008
"""Seconds of work in place before the loop has its turn."""

Begin = Callable[[str], Coroutine[object, object, None] | None]
"""Starts a step: None when it is already done, else the coroutine that does it. May raise a Fault."""


class Stopped(Exception):
    """A step that was cancelled and knows what that means for money: `words` for people."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Ending(StrEnum):
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a step ended. `because` names the step that failed or was cancelled first, where another did."""

    ending: Ending
    fault: Fault | None = None
    because: str = ""
    words: str = ""


DONE = Outcome(ending=Ending.DONE)
NOT_STARTED = mark("Not started, free.")

Tell = Callable[[str, Outcome], None]


class Scheduler:
    """One run of one graph. `parents` names, for each step, those that must be done before it; parents that
    are no steps themselves are taken as done. `tell` hears of each step's end, once, in order."""

    def __init__(
        self,
        parents: Mapping[str, Iterable[str]],
        begin: Begin,
        tell: Tell | None = None,
        *,
        time_slice: float = SLICE,
    ) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self._begin = begin
        self._tell = tell
        self._slice = time_slice
        self._missing: dict[str, int] = {}
        self._below: dict[str, list[str]] = {id: [] for id in parents}
        self._ready: deque[str] = deque()
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._by_id: dict[str, asyncio.Task[None]] = {}
        self._ended: deque[asyncio.Task[None]] = deque()
        self._wake = asyncio.Event()
        self._join(parents)

    def _join(self, parents: Mapping[str, Iterable[str]]) -> None:
        below, missing, ready = self._below, self._missing, self._ready
        for id, before in parents.items():
            count = 0
            for parent in before:
                children = below.get(parent)
                if children is not None and (not children or children[-1] != id):
                    children.append(id)
                    count += 1
            if count:
                missing[id] = count
            else:
                ready.append(id)

    async def run(self) -> Mapping[str, Outcome]:
        """Until every step has ended. Cancelled from outside, it cancels what runs and waits for that.

        :raises Bug: steps that wait for each other
        """
        try:
            while True:
                if self._ready:
                    await self._work()
                if not self._tasks and not self._ended:
                    break
                await self._wake.wait()
                self._wake.clear()
                while self._ended:
                    self._collect(self._ended.popleft())
        finally:
            await self._drain()
        self._check_all_ended()
        return self.outcomes

    async def _work(self) -> None:
        """Starts all that is ready; ends with an empty queue."""
        ready, begin, below, missing = self._ready, self._begin, self._below, self._missing
        outcomes, tell = self.outcomes, self._tell
        until = time.perf_counter() + self._slice
        while ready:
            id = ready.popleft()
            if id in outcomes:
                continue
            try:
                waiting = begin(id)
            except Fault as fault:
                self._fail(id, fault)
                continue
            if waiting is not None:
                self._start(id, waiting)
            else:
                outcomes[id] = DONE
                if tell is not None:
                    tell(id, DONE)
                for child in below[id]:
                    missing[child] -= 1
                    if not missing[child]:
                        ready.append(child)
            if time.perf_counter() > until:
                await asyncio.sleep(0)
                until = time.perf_counter() + self._slice

    def cancel(self, id: str) -> bool:
        """Cancels a step, and so all below it. False when it has ended already or is not known."""
        if id in self.outcomes or id not in self._below:
            return False
        task = self._by_id.get(id)
        if task is not None:
            return task.cancel()
        self._end_with_branch(id, Outcome(ending=Ending.CANCELLED, words=NOT_STARTED))
        self._wake.set()
        return True

    def cancel_all(self) -> None:
        """Cancels all that runs or waits. `run` returns when what runs has tidied up."""
        for task in tuple(self._tasks):
            task.cancel()
        for id in self._below:
            if id not in self.outcomes and id not in self._by_id:
                self._end(id, Outcome(ending=Ending.CANCELLED, words=NOT_STARTED))
        self._wake.set()

    def _start(self, id: str, waiting: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(waiting)
        self._tasks[task] = id
        self._by_id[id] = task
        task.add_done_callback(self._note)

    def _note(self, task: asyncio.Task[None]) -> None:
        self._ended.append(task)
        self._wake.set()

    def _collect(self, task: asyncio.Task[None]) -> None:
        id = self._tasks.pop(task)
        del self._by_id[id]
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            self._end_with_branch(id, Outcome(ending=Ending.CANCELLED, words=NOT_STARTED))
        elif isinstance(error, Stopped):
            self._end_with_branch(id, Outcome(ending=Ending.CANCELLED, words=error.words))
        elif isinstance(error, Fault):
            self._fail(id, error)
        elif error is not None:
            self._fail(id, _bug(id, error))
        else:
            self._done(id)

    def _done(self, id: str) -> None:
        self._end(id, DONE)
        for child in self._below[id]:
            self._missing[child] -= 1
            if not self._missing[child]:
                self._ready.append(child)

    def _fail(self, id: str, fault: Fault) -> None:
        self._end_with_branch(id, Outcome(ending=Ending.FAILED, fault=fault))

    def _end_with_branch(self, first: str, outcome: Outcome) -> None:
        """The step, and all below it that can now never begin."""
        self._end(first, outcome)
        because = Outcome(
            ending=outcome.ending,
            fault=outcome.fault,
            because=first,
            words=NOT_STARTED if outcome.ending is Ending.CANCELLED else "",
        )
        waiting = list(self._below[first])
        for id in waiting:
            if id not in self.outcomes:
                self._end(id, because)
                waiting.extend(self._below[id])

    def _end(self, id: str, outcome: Outcome) -> None:
        self.outcomes[id] = outcome
        if self._tell is not None:
            self._tell(id, outcome)

    async def _drain(self) -> None:
        """Leaves no task behind, also when `run` itself is cancelled or `tell` raised."""
        for task in self._tasks:
            task.cancel()
        while left := [task for task in self._tasks if not task.done()]:
            await asyncio.wait(left)
        for task in tuple(self._tasks):
            self._collect(task)

    def _check_all_ended(self) -> None:
        left = [id for id in self._below if id not in self.outcomes]
        if left:
            raise Bug(
                say("{count} steps wait for each other, {left} among them.", count=len(left), left=left[0]),
                advice=say("Remove the link that closes the circle."),
                code="scheduler.circle",
            )


def _bug(id: str, error: BaseException) -> Bug:
    return Bug(
        say("Something in Tagloom went wrong while working on {id}.", id=id),
        advice=say("Please report this with the document and the log."),
        code="engine.bug",
        detail=f"{type(error).__name__}: {error}",
    )
