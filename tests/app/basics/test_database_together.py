"""Jobs that wait together share a commit. Nobody sees anything before it, and trouble of one is its own."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import IntegrityError

from app.basics.database import Database, Schema
from app.basics.faults import DiskTrouble

_metadata = MetaData()
_rows = Table("rows", _metadata, Column("id", Integer, primary_key=True))
_SCHEMA = Schema(name="test", title="The test", tables=_metadata)


class Raw:
    """The driver's connection, its commits counted; `fails` of them do not come about."""

    def __init__(self, raw: Any, fails: int) -> None:
        self.raw, self.fails, self.commits = raw, fails, 0

    def commit(self) -> None:
        self.commits += 1
        if self.fails:
            self.fails -= 1
            raise sqlite3.OperationalError("disk I/O error")
        self.raw.commit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    one = Database(tmp_path / "test.sqlite", _SCHEMA)
    await one.open()
    yield one
    await one.close()


async def watched(database: Database, fails: int = 0) -> Raw:
    """From now on."""
    made: list[Raw] = []

    def work(connection: Connection) -> None:
        made.append(Raw(connection.connection.dbapi_connection, fails))

    await database.read(work)
    held = database._connection
    assert held is not None
    fairy: Any = held.connection
    fairy.dbapi_connection = made[0]
    return made[0]


def held_up(database: Database) -> Any:
    """A job that keeps the thread until the others wait."""
    go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(connection: Connection) -> None:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(5)

    return database.read(work), go


def put(id: int) -> Any:
    def work(connection: Connection) -> int:
        connection.execute(insert(_rows).values(id=id))
        return id

    return work


def ids(connection: Connection) -> list[int]:
    return list(connection.execute(select(_rows.c.id).order_by(_rows.c.id)).scalars())


async def together(database: Database, *works: Any) -> list[Any]:
    """`works` all wait at the same time; those that are ids are written."""
    first, go = held_up(database)
    asked = [database.run(put(one)) if isinstance(one, int) else database.read(one) for one in works]
    go.set()
    await first
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_what_waits_together_shares_one_commit(database: Database) -> None:
    raw = await watched(database)
    assert await together(database, *range(20)) == list(range(20))
    assert raw.commits <= 3
    assert await database.read(ids) == list(range(20))


async def test_they_are_done_in_their_order_and_see_each_other(database: Database) -> None:
    ends = await together(database, 1, ids, 2, ids, 3)
    assert ends == [1, [1], 2, [1, 2], 3]


async def test_the_error_of_one_is_only_its_own(database: Database) -> None:
    await database.run(put(5))
    ends = await together(database, 4, 5, 6, 7)
    assert [ends[0], *ends[2:]] == [4, 6, 7]
    assert isinstance(ends[1], DiskTrouble | IntegrityError)
    assert await database.read(ids) == [4, 5, 6, 7]


async def test_a_commit_that_fails_is_undone_and_each_is_done_alone(database: Database) -> None:
    raw = await watched(database, fails=0)
    first, go = held_up(database)
    asked = [database.run(put(one)) for one in range(3)]
    raw.fails = 2  # of the one that is held up, which reads; and of those that wait
    go.set()
    with pytest.raises(DiskTrouble):
        await first
    assert await asyncio.gather(*asked) == [0, 1, 2]
    assert await database.read(ids) == [0, 1, 2]


async def test_nobody_is_told_before_the_commit(database: Database, tmp_path: Path) -> None:
    """Another connection sees of each row what its writer was told."""
    other = sqlite3.connect(tmp_path / "test.sqlite")
    missing: list[int] = []

    async def one(id: int) -> None:
        await database.run(put(id))
        if not other.execute("SELECT 1 FROM rows WHERE id = ?", (id,)).fetchone():
            missing.append(id)

    await asyncio.gather(*(one(id) for id in range(200)))
    assert missing == []
    other.close()


async def test_one_who_leaves_takes_nothing_back(database: Database) -> None:
    first, go = held_up(database)
    asked = [asyncio.ensure_future(database.run(put(one))) for one in range(4)]
    asked[1].cancel()
    go.set()
    await first
    await asyncio.wait(asked)
    assert await database.read(ids) == [0, 1, 2, 3]


async def test_what_was_asked_before_the_close_is_done(tmp_path: Path) -> None:
    database = Database(tmp_path / "test.sqlite", _SCHEMA)
    await database.open()
    asked = [database.run(put(one)) for one in range(100)]
    await database.close()
    assert await asyncio.gather(*asked) == list(range(100))
    again = Database(tmp_path / "test.sqlite", _SCHEMA)
    assert len(await again.read(ids)) == 100
    await again.close()
