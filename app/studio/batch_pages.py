"""Rows of a batch by their place, out of a book that is read on from a row: for a list that is jumped in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from app.batch.batch import Batch
from app.batch.views import RowState, RowView
from app.studio.batch_values import BatchRow, Standing

STEP = 200
"""Rows between two places that are remembered."""
MOST_FOUND = 5_000
"""Rows that a search by words brings."""
Question = tuple[Standing | None, str]


class BatchPages:
    """`row_of` makes what is shown. A question is asked with `count`; `page` answers to it until it is asked
    again. Of all rows the numbers of every `STEP`th are held, of those found by words the rows."""

    def __init__(self, row_of: Callable[[RowView], BatchRow]) -> None:
        self._row_of = row_of
        self._edges: dict[Standing | None, list[int]] = {}
        self._found: tuple[Question, list[BatchRow]] | None = None
        self._reading = asyncio.Lock()

    def forget(self) -> None:
        self._edges.clear()
        self._found = None

    async def count(self, batch: Batch, standing: Standing | None, words: str) -> int:
        async with self._reading:
            self._edges.pop(standing, None)
            if words:
                rows = [self._row_of(view) async for view in _like(batch, standing, words)]
                self._found = ((standing, words), rows)
                return len(rows)
        state = batch.state
        return state.total if standing is None else state.count(RowState(standing))

    async def page(
        self, batch: Batch, standing: Standing | None, words: str, first: int, limit: int
    ) -> list[BatchRow]:
        if words:
            question, rows = self._found or ((None, ""), [])
            return rows[first : first + limit] if question == (standing, words) else []
        async with self._reading:
            after = await self._after(batch, standing, first // STEP)
            if after is None:
                return []
            state = RowState(standing) if standing is not None else None
            views = await batch.rows(state, after=after, limit=first % STEP + limit)
        return [self._row_of(view) for view in views[first % STEP :]]

    async def place_of(self, batch: Batch, number: int) -> int:
        async with self._reading:
            step = 0
            while (after := await self._after(batch, None, step)) is not None:
                rows = await batch.rows(after=after, limit=STEP)
                if not rows or rows[-1].number >= number:
                    found = (at for at, row in enumerate(rows) if row.number == number)
                    at = next(found, -1)
                    return step * STEP + at if at >= 0 else -1
                step += 1
        return -1

    async def _after(self, batch: Batch, standing: Standing | None, step: int) -> int | None:
        """The number of the row before a step; None where there are not so many rows."""
        edges = self._edges.setdefault(standing, [0])
        state = RowState(standing) if standing is not None else None
        while len(edges) <= step:
            rows = await batch.rows(state, after=edges[-1], limit=STEP)
            if len(rows) < STEP:
                return None
            edges.append(rows[-1].number)
        return edges[step]


async def _like(batch: Batch, standing: Standing | None, words: str) -> AsyncIterator[RowView]:
    """Rows with all of these words in their number, title or cells."""
    wanted = words.casefold().split()
    state = RowState(standing) if standing is not None else None
    after, found = 0, 0
    while found < MOST_FOUND and (rows := await batch.rows(state, after=after, limit=STEP)):
        for row in rows:
            text = "\n".join((str(row.number), row.title, *row.cells.values())).casefold()
            if all(one in text for one in wanted):
                found += 1
                yield row
        after = rows[-1].number
