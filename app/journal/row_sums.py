"""What the ledger counts for the rows of a table, each by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection

from app.basics.database_statements import Statements
from app.journal import queries
from app.journal.ledger import Ledger
from app.journal.operations import ROW, Operation, State, row_of

_AT_ONCE = 1000


class RowSum(Struct, frozen=True, kw_only=True):
    """Micro-dollars and credits by the rule of `Ledger.spent`; `unpriced` operations have neither."""

    money: int = 0
    credits: int = 0
    unpriced: int = 0


NO_SUM = RowSum()


class RowSums:
    """Of one document's rows, as one batch ran them: its runs are called `{batch}-…`."""

    def __init__(self, ledger: Ledger, document_id: str, batch: str) -> None:
        self._ledger = ledger
        self._document = document_id
        self._batch = f"{batch}-"
        self._ready = Statements()

    async def of(self, key: str) -> RowSum:
        of = {"of_document": row_of(self._document, key), "run": self._batch, "run_length": len(self._batch)}
        found = await self._ledger.database.read(
            lambda connection: self._ready(connection, queries.OF_ROW).first(connection, of)
        )
        return _sum(found) if found else NO_SUM

    async def all(self) -> AsyncIterator[Mapping[str, RowSum]]:
        """Of every row that has cost anything or may have, by key, some at a time."""
        query, last = queries.of_rows(self._document, self._batch), ""
        while True:
            page = query.where(queries.after(last)).limit(_AT_ONCE)

            def work(connection: Connection, page: Any = page) -> Any:
                return connection.execute(page).all()

            found = await self._ledger.database.read(work)
            if not found:
                return
            last = str(found[-1][0])
            yield {str(row[0]).rpartition(ROW)[2]: _sum(row) for row in found}

    async def unsettled(self) -> frozenset[str]:
        """Keys of the rows that have something under way: it is followed for free."""
        return self._keys(await self._ledger.unsettled(), (State.SUBMITTED, State.RUNNING, State.DELIVERED))

    async def unknown(self) -> frozenset[str]:
        """Keys of the rows that wait for a person."""
        return self._keys(await self._ledger.unknown(), (State.UNKNOWN,))

    def _keys(self, operations: tuple[Operation, ...], states: tuple[State, ...]) -> frozenset[str]:
        begin = f"{self._document}{ROW}"
        return frozenset(
            one.document.removeprefix(begin)
            for one in operations
            if one.state in states and one.document.startswith(begin)
        )


def _sum(row: Any) -> RowSum:
    _, money, credits, unpriced = row
    return RowSum(money=int(money), credits=int(credits), unpriced=int(unpriced))
