"""The runs of this process: started here, folded into one `RunState`, told to whoever listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import MappingProxyType

from app.basics.signal import Signal
from app.engine.events import Event, Result, RunFinished
from app.engine.run_state import NodeRun, NodeState, RunState, fold

Start = Callable[[Callable[[Event], None]], Awaitable[RunFinished]]


class Runs:
    """Events arrive on the loop's own thread; `changed` follows each, `events` tells the event itself."""

    def __init__(self) -> None:
        self.state = RunState()
        self.changed: Signal[RunState] = Signal()
        self.events: Signal[Event] = Signal()
        self._tasks: set[asyncio.Task[RunFinished]] = set()

    def start(self, run: Start) -> asyncio.Task[RunFinished]:
        """Starts a run; its task ends with what came of it. Faults of nodes are in there, not raised."""
        task = asyncio.get_running_loop().create_task(self._run(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(self, run: Start) -> RunFinished:
        return await run(self.tell)

    def tell(self, event: Event) -> None:
        self.state = fold(self.state, event)
        self.changed.emit(self.state)
        self.events.emit(event)

    def show(self, results: dict[str, Result]) -> None:
        """Pictures that nodes had before this process began: shown as done until something runs."""
        nodes = dict(self.state.nodes)
        for id, result in results.items():
            known = nodes.get(id)
            if known is None or known.result is None:
                nodes[id] = NodeRun(state=NodeState.REUSED, result=result)
        self.state = RunState(
            running=self.state.running,
            nodes=nodes,
            notices=self.state.notices,
            credits=self.state.credits,
            money=self.state.money,
        )
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
        self.state = RunState(running=self.state.running, credits=self.state.credits, money=self.state.money)
        self.changed.emit(self.state)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

    async def settled(self) -> None:
        """Returns when no run is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)
