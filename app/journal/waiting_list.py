"""What waits to be sent, on disk, so that a crash does not lose the artist's place in the queue. A process
writes down its own; what a dead process has left is only shown: nothing of it goes by itself (law 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from app.basics.database import Database
from app.basics.ids import new_id
from app.journal.leases import Lease, Leases
from app.journal.tables import instant, moment, waiting_list

_c = waiting_list.c
_COLUMNS = (_c.process, _c.run, _c.document, _c.node, _c.title, _c.card, _c.vendor, _c.draft, _c.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftWaiting:
    """A picture that an earlier session was to make and never began. Nothing was sent or charged for it."""

    process: str
    run: str
    document: str
    node: str
    title: str
    card: str
    vendor: str
    draft: bool
    since: datetime


class WaitingList:
    """One for a process. `close` keeps what was written last: that is what the next session is shown."""

    def __init__(self, database: Database, leases: Leases) -> None:
        self._database = database
        self._leases = leases
        self._process = f"queue-{new_id()}"
        self._lease: Lease | None = None

    @property
    def process(self) -> str:
        return self._process

    async def write(self, rows: Iterable[LeftWaiting]) -> None:
        """All that waits here now, in its order, instead of what was written before."""
        given = tuple(rows)
        if self._lease is None:
            if not given:
                return  # nothing was ever written
            self._lease = self._leases.acquire(self._process)
        written = [
            {
                "process": self._process,
                "place": place,
                "run": one.run,
                "document": one.document,
                "node": one.node,
                "title": one.title,
                "card": one.card,
                "vendor": one.vendor,
                "draft": one.draft,
                "since": instant(one.since),
            }
            for place, one in enumerate(given)
        ]

        def work(connection: Connection) -> None:
            connection.execute(delete(waiting_list).where(_c.process == self._process))
            if written:
                connection.execute(insert(waiting_list), written)

        await self._database.run(work, work)

    async def left(self) -> tuple[LeftWaiting, ...]:
        """What dead processes have left, oldest first."""
        query = select(*_COLUMNS).order_by(_c.process, _c.place)
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        dead = {process: self._is_dead(process) for process in {row.process for row in rows}}
        return tuple(_left(row) for row in rows if dead[row.process])

    async def forget(self, rows: Iterable[LeftWaiting]) -> None:
        """The artist has run them again, or does not want them any more."""
        gone = [(one.process, one.run, one.node) for one in rows]

        def work(connection: Connection) -> None:
            for process, run, node in gone:
                this = (_c.process == process) & (_c.run == run) & (_c.node == node)
                connection.execute(delete(waiting_list).where(this))

        if gone:
            await self._database.run(work, work)

    def close(self) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.release()

    def _is_dead(self, process: str) -> bool:
        if process == self._process:
            return False
        lease = self._leases.acquire(process)
        if lease is not None:
            lease.release()
        return lease is not None


def _left(row: Any) -> LeftWaiting:
    return LeftWaiting(
        process=row.process,
        run=row.run,
        document=row.document,
        node=row.node,
        title=row.title,
        card=row.card,
        vendor=row.vendor,
        draft=bool(row.draft),
        since=moment(row.since),
    )
