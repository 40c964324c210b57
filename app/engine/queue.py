"""What waits for its turn, over all runs of this process and all documents: in which order, and whether
anything goes at all. It holds nothing back that has left, and sends nothing by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakSet

from app.basics.signal import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A picture that waits: nothing has been sent for it. `id` is its run and node."""

    run: str
    node: str
    document: str
    title: str
    card: str
    vendor: str
    draft: bool
    since: datetime
    front: bool = False
    """It came in front of what was not asked for so."""

    @property
    def id(self) -> str:
        return f"{self.run}/{self.node}"


class Queue:
    """`changed` after whatever changes what `waiting` or `paused` say."""

    def __init__(self) -> None:
        self.changed: Signal[None] = Signal()
        self._waiting: dict[str, Queued] = {}
        self._gates: WeakSet[Gate] = WeakSet()
        self._going = asyncio.Event()
        self._going.set()
        self._moved = False

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def pause(self) -> None:
        """Nothing more is sent until `resume`. What a vendor is at goes on, and its picture comes home."""
        if not self.paused:
            self._going.clear()
            self.changed.emit(None)

    def resume(self) -> None:
        if self.paused:
            self._going.set()
            for gate in tuple(self._gates):
                gate.look()
            self.changed.emit(None)

    async def resumed(self) -> None:
        """Returns when it is not paused."""
        await self._going.wait()

    def waiting(self) -> tuple[Queued, ...]:
        """In the order in which they go."""
        return tuple(self._waiting.values())

    def to_front(self, ids: Iterable[str]) -> None:
        """These go next, in the order given."""
        wanted = [id for id in ids if id in self._waiting]
        self._reorder([*wanted, *(id for id in self._waiting if id not in set(wanted))])

    def move(self, id: str, before: str | None) -> None:
        """One goes before another, or last of all."""
        if id not in self._waiting or id == before:
            return
        others = [one for one in self._waiting if one != id]
        at = others.index(before) if before in others else len(others)
        self._reorder([*others[:at], id, *others[at:]])

    def enter(self, one: Queued) -> None:
        if one.front and any(not other.front for other in self._waiting.values()):
            ids = list(self._waiting)
            at = next(place for place, other in enumerate(self._waiting.values()) if not other.front)
            self._waiting[one.id] = one
            self._reorder([*ids[:at], one.id, *ids[at:]])
            return
        self._waiting[one.id] = one
        self.changed.emit(None)

    def leave(self, id: str) -> None:
        """It goes, or will never go."""
        if self._waiting.pop(id, None) is not None:
            if not self._waiting:
                self._moved = False
            self.changed.emit(None)

    def gate(self, most: int) -> Gate:
        """A gate that lets `most` through at once, in this queue's order."""
        made = Gate(self, max(1, most))
        self._gates.add(made)
        return made

    def first(self, ids: Iterable[str]) -> str:
        """Of some that wait, the one that goes next. They are given in the order in which they came."""
        if not self._moved:
            return next(iter(ids))
        places = {id: place for place, id in enumerate(self._waiting)}
        return min(ids, key=lambda id: places.get(id, -1))

    def _reorder(self, ids: list[str]) -> None:
        if ids == list(self._waiting):
            return
        self._waiting = {id: self._waiting[id] for id in ids}
        self._moved = True
        self.changed.emit(None)


class Gate:
    """Counts who is through. Whoever comes while it is full, or while the queue is paused, waits."""

    def __init__(self, queue: Queue, most: int) -> None:
        self._queue = queue
        self._most = self._free = most
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def resize(self, most: int) -> None:
        """Lets `most` through at once from now on; who is through stays through."""
        most = max(1, most)
        self._free += most - self._most
        self._most = most
        self.look()

    @property
    def open(self) -> bool:
        """Whether the next would be let through at once."""
        return self._free > 0 and not self._waiting and not self._queue.paused

    async def enter(self, id: str) -> None:
        if self.open:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[id] = turn
        self.look()
        try:
            await turn
        except asyncio.CancelledError:
            if self._waiting.get(id) is turn:
                del self._waiting[id]
            else:  # its turn had come
                self.leave()
            raise

    def leave(self) -> None:
        self._free += 1
        self.look()

    def look(self) -> None:
        """Lets through whoever may go now."""
        while self._free > 0 and self._waiting and not self._queue.paused:
            turn = self._waiting.pop(self._queue.first(self._waiting))
            self._free -= 1
            turn.set_result(None)
