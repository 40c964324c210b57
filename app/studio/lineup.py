"""The queue as people see it: what runs, waits, failed or is not known, over all documents and sessions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.basics.clock import Clock
from app.basics.faults import Charged, Fault, Lost
from app.basics.signal import Signal
from app.basics.unsaid import spoken_again
from app.basics.words import say
from app.engine.engine import Engine
from app.engine.events import Event, NodeDone, NodeFailed, NodeQueued, NodeRunning
from app.engine.queue import Queued
from app.journal.ledger import Ledger
from app.journal.operations import ROW, Operation, State
from app.journal.waiting_list import LeftWaiting, WaitingList

WRITE_AFTER = 0.3
"""Seconds of quiet before the queue is written down: one commit for a whole batch that comes in."""
MOST_FAILED = 200


class Standing(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"
    HELD = "held"
    UNKNOWN = "unknown"
    FAILED = "failed"
    LEFT = "left"
    """An earlier session never began it: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One picture of the queue. `id` stays the same for as long as it stands so. `operation` is its row in
    the ledger, where it has one; `fault` why it failed or is not known. `here`: this process is at it."""

    id: str
    standing: Standing
    document: str
    node: str
    title: str
    card: str
    vendor: str
    since: datetime
    draft: bool
    here: bool
    run: str = ""
    operation: str = ""
    fault: Fault | None = None

    @property
    def document_name(self) -> str:
        return Path(self.document).name or self.document


class Lineup:
    """`changed` after whatever makes `lines` say something else. `close` leaves on disk what still waits, for
    the next session to see."""

    def __init__(self, engine: Engine, ledger: Ledger, waiting: WaitingList, clock: Clock) -> None:
        self.changed: Signal[None] = Signal()
        self._engine = engine
        self._ledger = ledger
        self._waiting = waiting
        self._clock = clock
        self._failed: dict[tuple[str, str], Line] = {}
        self._writing: asyncio.Task[None] | None = None
        self._frozen = False
        self._stop = engine.queue.changed.connect(lambda _: self._on_queue())

    # -- looking

    async def lines(self) -> tuple[Line, ...]:
        """What runs first, then what waits in its order, what is not known, what failed, what was left."""
        waiting = self._engine.queue.waiting()
        held = self._engine.queue.paused
        rows = await self._ledger.unsettled()
        queued = {(one.run, one.node) for one in waiting}
        return (
            *(self._running(row) for row in rows if _sent(row) and (row.run, row.node) not in queued),
            *(_queued(one, held) for one in waiting),
            *(_unknown(row) for row in await self._ledger.unknown()),
            *self._failed.values(),
            *(_left(one) for one in await self._waiting.left()),
        )

    def hear(self, event: Event, document: str) -> None:
        """An event of a run of `document`."""
        match event:
            case NodeFailed(because="") if not isinstance(event.fault, Lost):
                key = (document, event.node)
                self._failed.pop(key, None)
                self._failed[key] = self._failure(event, document)
                for old in tuple(self._failed)[:-MOST_FAILED]:
                    del self._failed[old]
            case NodeQueued() | NodeRunning() | NodeDone():
                if self._failed.pop((document, event.node), None) is None and isinstance(event, NodeRunning):
                    return
            case _:
                pass
        self.changed.emit(None)

    @property
    def waiting(self) -> tuple[Queued, ...]:
        """What nothing was sent for yet, in its order."""
        return self._engine.queue.waiting()

    # -- doing

    @property
    def paused(self) -> bool:
        return self._engine.queue.paused

    def pause(self) -> None:
        """Nothing more is sent. What a vendor is at goes on, and its picture comes home."""
        self._engine.queue.pause()

    def resume(self) -> None:
        self._engine.queue.resume()

    def to_front(self, ids: Iterable[str]) -> None:
        self._engine.queue.to_front(ids)

    def move(self, id: str, before: str | None) -> None:
        self._engine.queue.move(id, before)

    def cancel(self, line: Line) -> bool:
        """Stops one that waits or runs here. False: another process is at it, or it has ended."""
        return bool(line.run) and self._engine.cancel_node(line.run, line.node)

    async def dismiss(self, lines: Iterable[Line]) -> None:
        """Failures and what earlier sessions left are not shown any more. The ledger keeps what was sent."""
        gone = tuple(lines)
        for line in gone:
            self._failed.pop((line.document, line.node), None)
        wanted = {line.id for line in gone if line.standing is Standing.LEFT}
        await self._waiting.forget(one for one in await self._waiting.left() if _left(one).id in wanted)
        self.changed.emit(None)

    # -- on disk

    def _on_queue(self) -> None:
        if not self._frozen and self._writing is None:
            with contextlib.suppress(RuntimeError):  # no loop: nothing runs, so nothing waits
                self._writing = asyncio.get_running_loop().create_task(self._write_soon())
        self.changed.emit(None)

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_AFTER)
        self._writing = None
        await self._write()

    async def _write(self) -> None:
        # The rows of a table stand in their batch's own book.
        waiting = (one for one in self._engine.queue.waiting() if ROW not in one.document)
        rows = [_row(one, self._waiting.process) for one in waiting]
        with contextlib.suppress(Fault):  # it is a convenience: what was sent stands in the ledger
            await self._waiting.write(rows)

    async def freeze(self) -> None:
        """Writes down what waits now, for the last time: what is left from here on was not taken back."""
        if self._frozen:
            return
        self._frozen = True
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    def close(self) -> None:
        self._stop()
        self._waiting.close()

    def _running(self, row: Operation) -> Line:
        return Line(
            id=row.id,
            standing=Standing.RUNNING,
            document=row.document,
            node=row.node,
            title=row.title,
            card=row.card,
            vendor=row.vendor,
            since=row.sent or row.made,
            draft=row.draft,
            here=row.run in self._engine.running,
            run=row.run,
            operation=row.id,
        )

    def _failure(self, event: NodeFailed, document: str) -> Line:
        return Line(
            id=f"failed/{event.run}/{event.node}",
            standing=Standing.FAILED,
            document=document,
            node=event.node,
            title=event.node,
            card="",
            vendor="",
            since=self._clock.now(),
            draft=False,
            here=True,
            run=event.run,
            operation=event.operation,
            fault=event.fault,
        )


def _sent(row: Operation) -> bool:
    return row.state in (State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED)


def _queued(one: Queued, held: bool) -> Line:
    return Line(
        id=one.id,
        standing=Standing.HELD if held else Standing.WAITING,
        document=one.document,
        node=one.node,
        title=one.title,
        card=one.card,
        vendor=one.vendor,
        since=one.since,
        draft=one.draft,
        here=True,
        run=one.run,
    )


def _unknown(row: Operation) -> Line:
    fault = Lost(
        spoken_again(row.fault_title) or say("We sent this request, but its answer was lost."),
        advice=spoken_again(row.fault_advice)
        or say("It may have been charged. It is not sent again unless you say so."),
        code=row.fault_code or "engine.unknown",
        charged=Charged.UNKNOWN,
    )
    return Line(
        id=row.id,
        standing=Standing.UNKNOWN,
        document=row.document,
        node=row.node,
        title=row.title,
        card=row.card,
        vendor=row.vendor,
        since=row.sent or row.made,
        draft=row.draft,
        here=False,
        run=row.run,
        operation=row.id,
        fault=fault,
    )


def _left(one: LeftWaiting) -> Line:
    return Line(
        id=f"left/{one.process}/{one.run}/{one.node}",
        standing=Standing.LEFT,
        document=one.document,
        node=one.node,
        title=one.title,
        card=one.card,
        vendor=one.vendor,
        since=one.since,
        draft=one.draft,
        here=False,
    )


def _row(one: Queued, process: str) -> LeftWaiting:
    return LeftWaiting(
        process=process,
        run=one.run,
        document=one.document,
        node=one.node,
        title=one.title,
        card=one.card,
        vendor=one.vendor,
        draft=one.draft,
        since=one.since,
    )
