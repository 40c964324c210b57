"""Asks the index for pictures, and learns their colours bit by bit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from app.basics.database import Database
from app.basics.database_statements import Statements
from app.basics.faults import Fault
from app.imaging.palette import Colour, palette
from app.library import search, wording
from app.library.query import DiskUse, Hit, Query
from app.library.store import Store

T = TypeVar("T")


class Finder:
    """`open` is the library's own. Questions are answered in the database's thread."""

    def __init__(
        self,
        database: Database,
        ready: Statements,
        store: Store,
        open: Callable[[], Awaitable[object]],
        look: Callable[[Path], tuple[Colour, ...]] = palette,
    ) -> None:
        self._database, self._ready, self._store = database, ready, store
        self._open, self._look = open, look
        self._worded = False

    async def find(
        self, query: Query, *, limit: int | None = None, after: Hit | None = None
    ) -> tuple[Hit, ...]:
        """The pictures that match, newest first; those behind `after`, where it is given."""
        return tuple(await self._asked(lambda one: search.find(one, query, limit=limit, after=after)))

    def place(self, hit: Hit) -> Path:
        """Where its bytes are, or will be once `Library.get` has brought them."""
        return self._store.place(hit.sha256, hit.suffix)

    async def count(self, query: Query) -> int:
        return await self._asked(lambda one: search.count(one, query))

    async def cards(self) -> tuple[str, ...]:
        """The models that made any picture, by id."""
        return tuple(await self._asked(search.cards))

    async def documents(self, limit: int = 50) -> tuple[str, ...]:
        """The documents that pictures were made for, the last one first."""
        return tuple(await self._asked(lambda one: search.documents(one, limit)))

    async def disk_use(self) -> DiskUse:
        return await self._asked(search.disk_use)

    async def learn_colours(self, limit: int = 20) -> int:
        """Looks at up to `limit` pictures that nobody has looked at, in a thread; how many there were. One
        that cannot be read has no colours. In a library that is elsewhere at none: all would be fetched."""
        if not self._store.near:
            return 0
        await self._open()
        wanted = await self._database.read(lambda one: search.colourless(one, limit))
        if wanted:
            found = await asyncio.to_thread(self._look_at, wanted)

            def work(connection: Connection) -> None:
                for sha256, colours in found:
                    search.enter_colours(connection, sha256, colours)

            await self._database.run(work, work)
        return len(wanted)

    async def _asked(self, question: Callable[[Connection], T]) -> T:
        await self._open()
        if not self._worded:
            await self._database.run(lambda one: wording.enter_missing(one, self._ready))
            self._worded = True
        return await self._database.read(question)

    def _look_at(self, wanted: list[tuple[str, str]]) -> list[tuple[str, tuple[Colour, ...]]]:
        return [(sha256, self._colours(sha256, suffix)) for sha256, suffix in wanted]

    def _colours(self, sha256: str, suffix: str) -> tuple[Colour, ...]:
        try:
            return self._look(self._store.place(sha256, suffix))
        except Fault:
            return ()
