"""The book of a batch: its rows in order, how each stands and what came of it. A file in the batch's folder.

It is a convenience: what is bought is decided by ledger and library alone. It holds the table's cells, so
that a table of any length is read once and never in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from app.basics.database import Database, Schema
from app.basics.database_statements import Statements
from app.basics.words import mark

_metadata = MetaData()

rows = Table(
    "rows",
    _metadata,
    Column("key", String(120), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("cells", Text, nullable=False),
    Column("there", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("results", Text, nullable=False),
    Column("failures", Text, nullable=False),
    Column("credits", BigInteger, nullable=False),
    Column("money", BigInteger, nullable=False),
    Column("unpriced", Integer, nullable=False),
    Column("files", Text, nullable=False),
    Index("rows_by_state", "there", "state", "place"),
    Index("rows_by_number", "number"),
    Index("rows_by_folder", "folded"),
)
"""`there`: the reading of the table that had the row last; a row of an older one is gone from the table.
`folded` is the folder as systems compare it that take capitals for small letters. `files` says what the row's
photographs were when it was done."""

facts = Table(
    "facts",
    _metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

BOOK = Schema(name="batch", title=mark("The book of this batch"), tables=_metadata)

_c = rows.c
_DICT = msgspec.json.Decoder(dict[str, str])


class NewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as the table has it."""

    key: str
    number: int
    title: str
    folder: str
    cells: Mapping[str, str]


class BookedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row as the book has it. `results` and `failures` are JSON; `money` micro-dollars of what has a price,
    `unpriced` how many have none."""

    key: str
    number: int
    place: int
    title: str
    folder: str
    cells: dict[str, str]
    state: str
    results: str
    failures: str
    credits: int
    money: int
    unpriced: int
    files: str


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a row, as `BookedRow` has it."""

    state: str
    results: str
    failures: str
    credits: int
    money: int
    unpriced: int
    files: str


_CAME = (
    update(rows)
    .where(_c.key == bindparam("row_key", type_=_c.key.type))
    .values({name: bindparam(name, type_=_c[name].type) for name in Came.__struct_fields__})
)


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Of all rows that are in the table."""

    counts: Mapping[str, int]
    credits: int
    money: int
    unpriced: int


_FIELDS = tuple(_c[name] for name in BookedRow.__struct_fields__)


class BatchBook:
    """Opened by its first use. A second process is kept away by the batch's own lock, not here."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._database = Database(file, BOOK, durable=False, put_aside=True)
        self._ready = Statements()

    async def open(self) -> tuple[str, ...]:
        """What a person should be told: a damaged book was put aside.

        :raises DiskTrouble: `batch.*`
        """
        return await self._database.open()

    async def close(self) -> None:
        await self._database.close()

    # --- facts of the batch ----------------------------------------------------------------------

    async def facts(self) -> dict[str, str]:
        query = select(facts.c.name, facts.c.value)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return {row.name: row.value for row in found}

    async def note(self, **values: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(facts).where(facts.c.name.in_(list(values))))
            connection.execute(insert(facts), [{"name": n, "value": v} for n, v in values.items()])

        await self._database.run(work)

    # --- reading the table in --------------------------------------------------------------------

    async def begin_reading(self) -> int:
        """The number of a new reading: rows that it does not bring are gone when it is ended."""
        query = select(func.coalesce(func.max(_c.there), 0))
        return 1 + await self._database.read(lambda one: int(one.execute(query).scalar_one()))

    async def take_in(self, reading: int, first: int, some: Sequence[NewRow]) -> int:
        """The next rows of the table, from place `first`; how many of them are new. A row that is known keeps
        its state and its folder; two folders of one name are told apart."""

        def work(connection: Connection) -> int:
            keys = [one.key for one in some]
            known = set(connection.execute(select(_c.key).where(_c.key.in_(keys))).scalars())
            taken = _taken(connection, [one for one in some if one.key not in known])
            fresh: list[dict[str, Any]] = []
            for place, one in enumerate(some, first):
                if one.key in known:
                    connection.execute(
                        update(rows)
                        .where(_c.key == one.key)
                        .values(
                            number=one.number, place=place, title=one.title, there=reading,
                            cells=_text(one.cells),
                        )
                    )  # fmt: skip
                    continue
                folder = _free(one, taken)
                taken.add(folder.casefold())
                fresh.append(_fresh(one, folder, place, reading))
            if fresh:
                connection.execute(insert(rows), fresh)
            return len(fresh)

        return await self._database.run(work)

    async def end_reading(self, reading: int) -> int:
        """How many rows are no longer in the table. They stay in the book: a row may come back."""
        query = select(func.count()).where(_c.there == reading - 1)
        gone = await self._database.read(lambda one: int(one.execute(query).scalar_one()))
        await self.note(reading=str(reading))
        return gone

    # --- rows ------------------------------------------------------------------------------------

    async def page(
        self,
        reading: int,
        states: Collection[str] | None = None,
        *,
        after: int = 0,
        limit: int = 200,
        without: Collection[str] = (),
        only: Collection[int] = (),
    ) -> tuple[BookedRow, ...]:
        """Rows in the order of the table, after the row `after`; `only` of these numbers."""
        query = select(*_FIELDS).where(_c.there == reading, _c.number > after)
        if only:
            query = query.where(_c.number.in_(list(only)))
        if states is not None:
            query = query.where(_c.state.in_(list(states)))
        if without:
            query = query.where(not_(_c.key.in_(list(without))))
        return await self._rows(query.order_by(_c.number).limit(limit))

    async def next(
        self, reading: int, without: Collection[str], limit: int, only: Collection[int] = ()
    ) -> tuple[BookedRow, ...]:
        """The next that wait, in the order in which they go. `only` of these numbers."""
        query = select(*_FIELDS).where(_c.there == reading, _c.state == "waiting")
        if only:
            query = query.where(_c.number.in_(list(only)))
        if without:
            query = query.where(not_(_c.key.in_(list(without))))
        return await self._rows(query.order_by(_c.place).limit(limit))

    async def get(self, keys: Iterable[str]) -> tuple[BookedRow, ...]:
        return await self._rows(select(*_FIELDS).where(_c.key.in_(list(keys))).order_by(_c.number))

    async def _rows(self, query: Any) -> tuple[BookedRow, ...]:
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return tuple(map(_booked, found))

    async def write(self, key: str, came: Came) -> None:
        """What came of a row."""
        values = {**msgspec.structs.asdict(came), "row_key": key}
        await self._database.run(lambda connection: self._ready(connection, _CAME).count(connection, values))

    async def change_state(
        self, reading: int, to: str, of: Collection[str], keys: Collection[str] | None = None
    ) -> int:
        """All rows (or those of `keys`) that are in one of the states `of`; how many. What came of them stays
        until there is something else."""
        where = [_c.there == reading, _c.state.in_(list(of))]

        def work(connection: Connection) -> int:
            if keys is None:
                return int(connection.execute(update(rows).where(*where).values(state=to)).rowcount)
            changed = 0
            for part in _parts(list(keys)):
                statement = update(rows).where(*where, _c.key.in_(part)).values(state=to)
                changed += int(connection.execute(statement).rowcount)
            return changed

        return await self._database.run(work)

    async def move(self, reading: int, keys: Sequence[str], *, to_front: bool) -> None:
        """Before all others that wait, in the order given; or after them."""
        edge = func.min(_c.place) if to_front else func.max(_c.place)
        query = select(func.coalesce(edge, 0)).where(_c.there == reading)

        def work(connection: Connection) -> None:
            last = int(connection.execute(query).scalar_one())
            for at, key in enumerate(keys):
                place = last - len(keys) + at if to_front else last + 1 + at
                connection.execute(update(rows).where(_c.key == key).values(place=place))

        await self._database.run(work)

    async def sums(self, reading: int) -> Sums:
        columns = (func.sum(_c.credits), func.sum(_c.money), func.sum(_c.unpriced))
        query = select(_c.state, func.count(), *columns).where(_c.there == reading).group_by(_c.state)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return Sums(
            counts={str(row[0]): int(row[1]) for row in found},
            credits=sum(int(row[2]) for row in found),
            money=sum(int(row[3]) for row in found),
            unpriced=sum(int(row[4]) for row in found),
        )

    async def costs(self, spent: Mapping[str, tuple[int, int, int]]) -> None:
        """What the ledger counts for rows: key → micro-dollars, credits, how many without a price."""

        def work(connection: Connection) -> None:
            for key, (money, credits, unpriced) in spent.items():
                statement = update(rows).where(
                    _c.key == key,
                    not_(and_(_c.money == money, _c.credits == credits, _c.unpriced == unpriced)),
                )
                connection.execute(statement.values(money=money, credits=credits, unpriced=unpriced))

        await self._database.run(work)


def _taken(connection: Connection, some: Sequence[NewRow]) -> set[str]:
    wanted = {name.casefold() for one in some for name in _names(one)}
    found: set[str] = set()
    for part in _parts(sorted(wanted)):
        found |= set(connection.execute(select(_c.folded).where(_c.folded.in_(part))).scalars())
    return found


def _names(one: NewRow) -> tuple[str, str, str]:
    """What the row's folder may be called: the first that is free."""
    return (one.folder, f"{one.folder}-{one.number}", f"{one.folder}-{one.number}-{one.key}")


def _free(one: NewRow, taken: Collection[str]) -> str:
    return next((name for name in _names(one) if name.casefold() not in taken), _names(one)[-1])


def _fresh(one: NewRow, folder: str, place: int, reading: int) -> dict[str, Any]:
    return {
        "key": one.key, "number": one.number, "place": place, "title": one.title, "folder": folder,
        "folded": folder.casefold(), "cells": _text(one.cells), "there": reading, "state": "waiting",
        "results": "[]", "failures": "[]", "credits": 0, "money": 0, "unpriced": 0, "files": "",
    }  # fmt: skip


def _booked(row: Any) -> BookedRow:
    values = row._asdict()
    return BookedRow(**{**values, "cells": _DICT.decode(values["cells"])})


def _text(cells: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(cells)).decode()


def _parts(some: list[str]) -> Iterable[list[str]]:
    return (some[at : at + 500] for at in range(0, len(some), 500))
