"""The runs of this process: started here, folded into one `RunState`, told to whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from app.basics.money import NOTHING, Money
from app.basics.signal import Signal
from app.engine.events import Event, RunFinished, RunStarted
from app.engine.folding import fold
from app.engine.results import Result
from app.engine.run_state import IDLE, NodeRun, NodeState, RunState

_AT_WORK = (NodeState.QUEUED, NodeState.RUNNING)
_QUIET = (NodeState.IDLE, NodeState.DONE, NodeState.REUSED)
"""What says nothing that a person still has to read: a failure or an unknown stays beside the picture."""

Start = Callable[[Callable[[Event], None]], Awaitable[RunFinished]]


class Runs:
    """Events arrive on the loop's own thread; `changed` follows each, `events` tells the event itself.

    A run that was started for another document (`forget`) goes on, but its nodes are not those that are
    shown: of it only the end is told, with what it cost.
    """

    def __init__(self) -> None:
        self.state = RunState()
        self.changed: Signal[RunState] = Signal()
        self.events: Signal[Event] = Signal()
        self._tasks: set[asyncio.Task[RunFinished]] = set()
        self._document = 0

    def start(self, run: Start) -> asyncio.Task[RunFinished]:
        """Starts a run; its task ends with what came of it. Faults of nodes are in there, not raised."""
        document = self._document
        task = asyncio.get_running_loop().create_task(
            self._run(run, lambda event: self._hear(event, document))
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, run: Start, tell: Callable[[Event], None]) -> RunFinished:
        return await run(tell)

    def _hear(self, event: Event, document: int) -> None:
        if document == self._document:
            self.state = fold(self.state, event)
        elif isinstance(event, RunStarted):
            self.state = replace(self.state, running=self.state.running | {event.run})
        elif isinstance(event, RunFinished):
            self.state = _ended_elsewhere(self.state, event)
        else:
            return
        self.changed.emit(self.state)
        self.events.emit(event)

    def show(self, results: Mapping[str, Result]) -> None:
        """Pictures from the library: each node that is not at work shows the one given for it. What a node
        shows already stays as it is, with what was said of it."""
        nodes = dict(self.state.nodes)
        for id, result in results.items():
            known = nodes.get(id, IDLE)
            if known.state in _AT_WORK or (known.result and _same(known.result, result)):
                continue
            state = NodeState.REUSED if known.state in _QUIET else known.state
            nodes[id] = replace(known, state=state, result=result)
        if nodes != self.state.nodes:
            self.state = replace(self.state, nodes=MappingProxyType(nodes))
            self.changed.emit(self.state)

    def clear(self, node: str) -> None:
        """A node stands as if it had not failed; its last picture stays."""
        nodes = dict(self.state.nodes)
        known = nodes.pop(node, None)
        if known is not None and known.result is not None:
            nodes[node] = NodeRun(state=NodeState.DONE, result=known.result)
        self.state = replace(self.state, nodes=MappingProxyType(nodes))
        self.changed.emit(self.state)

    def forget(self) -> None:
        """Another document is on the desk: its nodes begin anew. Runs under way go on."""
        self._document += 1
        self.state = RunState(running=self.state.running, credits=self.state.credits, money=self.state.money)
        self.changed.emit(self.state)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    @property
    def at_work(self) -> int:
        """How many pictures of the document on the desk a vendor is at."""
        return sum(one.state is NodeState.RUNNING for one in self.state.nodes.values()) + self.silent

    @property
    def silent(self) -> int:
        """How many of them are asked of vendors that answer with the picture itself, and cannot be asked for
        it later."""
        nodes = self.state.nodes.values()
        return sum(one.state is NodeState.QUEUED and one.reason == "silent" for one in nodes)

    async def leave(self) -> None:
        """Ends our part of every run, also of those that still ask or estimate. What a vendor has under way
        goes on there, and is collected next time."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Returns when no run is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)


def _same(one: Result, other: Result) -> bool:
    """The same picture, made for the same request: two requests may give the same bytes."""
    return (one.sha256, one.fingerprint) == (other.sha256, other.fingerprint)


def _ended_elsewhere(state: RunState, event: RunFinished) -> RunState:
    return replace(
        state,
        running=state.running - {event.run},
        credits=state.credits + event.credits,
        money=Money(state.money + (event.money or NOTHING)),
    )
