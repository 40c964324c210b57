"""Through the rows of the document's own table, one after another."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from msgspec import Struct, field

from app.basics.faults import Fault
from app.basics.signal import Signal
from app.basics.words import say
from app.batch.own_table import own_table
from app.batch.table import Table
from app.document.edits import set_value
from app.studio.studio import Studio


def _no_cells() -> Mapping[str, str]:
    return MappingProxyType({})


class ShownRow(Struct, frozen=True, kw_only=True):
    """The row that stands for all in the table of `node`. `place` among `rows`, from 1, and 0 where there is
    none; `number` as a spreadsheet counts; `cells` by column."""

    node: str = ""
    name: str = ""
    rows: int = 0
    place: int = 0
    number: int = 0
    cells: Mapping[str, str] = field(default_factory=_no_cells)


class RowSteps:
    """`shown` follows the studio's preview; `changed` tells it whenever it differs. Of the rows only the
    numbers are held."""

    def __init__(self, studio: Studio) -> None:
        self.shown = ShownRow()
        self.changed: Signal[ShownRow] = Signal()
        self._studio = studio
        self._table: Table | None = None
        self._numbers: array[int] = array("l")
        self._counting: asyncio.Task[None] | None = None
        self._ends = (
            studio.preview.changed.connect(lambda _: self._look()),
            studio.editor.changed.connect(lambda _: self._look()),
        )
        self._look()

    @property
    def node(self) -> str:
        """The document's Table node; empty where it has none."""
        own = own_table(self._studio.editor.document)
        return own.node if own is not None else ""

    def _look(self) -> None:
        table = self._studio.preview.table
        if table is not self._table:
            self._table, self._numbers = table, array("l")
            self._stop()
            if table is not None:
                self._counting = asyncio.get_running_loop().create_task(self._count(table))
        self._tell()

    async def _count(self, table: Table) -> None:
        try:
            numbers = await asyncio.to_thread(_numbers, table)
        except Fault:
            return  # the file has gone meanwhile: the checks say so
        if table is self._table:
            self._numbers = numbers
            self._tell()

    def _tell(self) -> None:
        preview, own = self._studio.preview, own_table(self._studio.editor.document)
        row, name = preview.row, own.file.rpartition("/")[2] if own is not None else ""
        shown = ShownRow(node=own.node if own is not None else "", name=name)
        if row is not None and preview.table is not None and own is not None:
            at = bisect_left(self._numbers, row.number)
            there = at < len(self._numbers) and self._numbers[at] == row.number
            shown = ShownRow(
                node=own.node, name=name, rows=preview.table.count, place=at + 1 if there else 0,
                number=row.number, cells=row.cells,
            )  # fmt: skip
        if shown != self.shown:
            self.shown = shown
            self.changed.emit(shown)

    # --- stepping ---

    def step(self, by: int) -> bool:
        """To the next row, or the one before; whether there was one. Steps without another edit between them
        are one in the history."""
        own, numbers = own_table(self._studio.editor.document), self._numbers
        if own is None or not numbers:
            return False
        to = (bisect_left(numbers, own.row) if own.row else 0) + by
        return self.go_to(numbers[to]) if 0 <= to < len(numbers) else False

    def go_to(self, number: int) -> bool:
        """The row of this number stands for all; whether that is another one."""
        node = self.node
        if not node:
            return False
        edit = partial(set_value, id=node, parameter="row", value=number)
        return self._studio.commit(say("Show row {number}", number=number), edit, f"row:{node}")

    # --- its end ---

    def _stop(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None

    async def close(self) -> None:
        for end in self._ends:
            end()
        counting = self._counting
        self._stop()
        if counting is not None:
            await asyncio.gather(counting, return_exceptions=True)


def _numbers(table: Table) -> array[int]:
    return array("l", (row.number for row in table.rows()))
