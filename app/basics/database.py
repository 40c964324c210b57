"""One SQL database and the one thread that speaks to it: a file of SQLite, or PostgreSQL by its address.

The rooms above speak SQLAlchemy Core and hand functions of a connection to :meth:`Database.run`: each
is carried out whole or not at all, and is committed before its result is seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from app.basics.database_backing import Backing
from app.basics.database_faults import is_corrupt, newer, uncertain
from app.basics.database_file import InFile, move_aside
from app.basics.database_jobs import End, Job, Jobs, done, shareable, tell
from app.basics.database_server import OnServer, is_server, server_url
from app.basics.faults import Bug, Fault
from app.basics.words import say

T = TypeVar("T")
FILE_PATIENCE, SERVER_PATIENCE = 10.0, 30.0
"""Seconds. A server is away for longer while another takes its place."""
FIRST_PATIENCE = 1.5
"""Seconds for one that was never there: its address may be wrong, or it is just starting."""

_versions = Table(
    "tagloom_schema",
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """One dated step: what brings the tables to `version`."""

    version: int
    date: str
    what: str
    apply: Callable[[Connection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The tables of a room. `name` begins the codes of its faults, `title` their sentences."""

    name: str
    title: str
    tables: MetaData
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def version(self) -> int:
        return max((upgrade.version for upgrade in self.upgrades), default=1)


class _Unsure(Exception):
    """The connection was lost while it committed. `__cause__` says how."""


class Database:
    """`address` is a file, or a SQLAlchemy URL. Opened by `open`, else by the first `run`.

    `durable`: a commit outlives a power cut (else only a crash of the program). `patience`: seconds to
    wait for another process, or for a server that has gone away. `one_writer`: those who write wait for
    each other on a server too, as they do for a file. `ballast`: bytes kept on disk, given up when the disk
    is full, so that what has to be written down can be. `put_aside`: a damaged file is renamed, dated, and
    a new one begun; `notes` says so. Without it a damaged file is never touched.

    :raises BadInput: `<name>.address`: neither a file, nor a URL of SQLite or PostgreSQL
    """

    def __init__(
        self,
        address: str | Path,
        schema: Schema,
        *,
        durable: bool = True,
        put_aside: bool = False,
        patience: float | None = None,
        ballast: int = 0,
        one_writer: bool = False,
    ) -> None:
        self.schema = schema
        self._backing = _backing(address, schema.name, durable, patience, ballast)
        self.file = self._backing.file
        self.place = self._backing.place
        """Where it is, for people: a path, or server and database; never a password."""
        self.notes: tuple[str, ...] = ()
        self.aside: Path | None = None
        """Where a damaged file was put by this opening."""
        self._put_aside = put_aside
        self._patience = _patience(address, patience)
        self._one_writer = one_writer
        self._jobs = Jobs()
        self._thread: Thread | None = None
        self._closed = False
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._opened = False

    async def open(self) -> tuple[str, ...]:
        """Opens it if it is not open yet; what a person should be told about it, if anything.

        :raises DiskTrouble: `<name>.corrupt`, `.newer`, `.locked`, `.full`, `.read-only`, `.unopenable`
        """
        await self.read(_nothing)
        return self.notes

    def run(
        self, work: Callable[[Connection], T], again: Callable[[Connection], T] | None = None
    ) -> Awaitable[T]:
        """Carries out `work` in a transaction of its own, in the database's thread, committed on return.

        A caller that is cancelled while it waits does not stop the work. `work` may be called a second
        time where the first was surely undone (no space, a connection lost on the way), so it must have no
        effects but its statements. `again` is done instead where a server was lost just as it committed, so
        that `work` may be there or not, and may even still be coming; without it that is a fault.

        :raises DiskTrouble: as `open` does; `<name>.uncertain`
        """
        return self._ask(lambda: self._do(work, self._backing.writes, again), work, writes=True)

    def read(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Like `run`, for work that only reads: it never waits for another process that writes."""
        return self._ask(lambda: self._do(work, self._backing.reads, work), work)

    async def check(self, *, thorough: bool = False) -> tuple[str, ...]:
        """What SQLite finds wrong with its file, in its own words; nothing where all is well, and of other
        databases. `thorough` also holds every index against its table, which takes as long as reading all."""
        return await self.read(lambda connection: self._backing.wrong(_raw(connection), thorough))

    async def mend_indexes(self) -> None:
        """Builds every index anew from its table."""
        await self.run(lambda connection: self._backing.mend(_raw(connection)))

    async def close(self) -> None:
        """Finishes what was asked, then ends the thread. May be called twice."""
        if self._closed:
            return
        thread = self._thread
        if thread is not None:
            done = self._ask(self._disconnect)
            self._jobs.end()
            self._closed = True
            await done
            thread.join()
        self._closed = True

    def _ask(
        self, alone: Callable[[], T], work: Callable[[Connection], T] | None = None, *, writes: bool = False
    ) -> asyncio.Future[T]:
        """Not `run_in_executor`: that takes twice as long, and a cancelled caller would take back a ticket
        that still waits to be written."""
        if self._closed:
            raise Bug(
                say("{title} was used after it was closed.", title=self.schema.title),
                advice=say("Please report this."),
                code=f"{self.schema.name}.closed",
            )
        if self._thread is None:
            self._thread = Thread(target=self._work, name=f"tagloom-{self.schema.name}", daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(Job(alone, work, writes, loop, future))
        return future

    # --- in the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while jobs := self._jobs.taken():
            while jobs:
                works = shareable(jobs)
                count = len(works) or 1
                if ends := self._together(works):
                    tell(jobs[:count], ends)
                else:
                    for at in range(count):
                        tell(jobs[at : at + 1], [done(jobs[at].alone)])
                del jobs[:count], works, ends  # a thread that waits keeps nothing alive

    def _together(self, works: Sequence[Callable[[Connection], Any]]) -> list[End]:
        """In one transaction, told after its commit, which takes longer than all else. Nothing where there
        are none, or where anything at all went wrong: then it is undone, and each is to be done alone."""
        connection = self._connection
        if not works or connection is None or not self._backing.shares_commits:
            return []
        end = done(
            lambda: self._transact(
                connection, lambda one: [work(one) for work in works], self._backing.writes
            )
        )
        if end.error is not None:
            self._let_go_if_lost()
            return []
        return [End(result) for result in end.result]

    def _do(
        self, work: Callable[[Connection], T], begin: str, again: Callable[[Connection], T] | None = None
    ) -> T:
        begun = time.monotonic()
        deadline = begun + self._patience
        while True:
            try:
                return self._transact(self._connection or self._connect(), work, begin)
            except _Unsure as unsure:
                self._disconnect()
                if again is None or time.monotonic() > deadline:
                    raise self._uncertain(unsure) from unsure
                work = again
            except self._errors() as error:
                known = self._opened or time.monotonic() < begun + FIRST_PATIENCE
                self._let_go_if_lost()
                if not self._backing.may_pass(error, known=known) or time.monotonic() > deadline:
                    raise self._backing.fault(self.schema.name, self.schema.title, error) from error

    def _transact(self, connection: Connection, work: Callable[[Connection], T], begin: str) -> T:
        # Begun and ended at the driver, since SQLAlchemy's own transaction takes as long as a small commit.
        raw = _raw(connection)
        done = committing = False
        try:
            raw.execute(begin)
            if self._one_writer and begin == self._backing.writes:
                self._backing.alone(raw, self.schema.name)
            result = work(connection)
            committing = True
            if connection.in_transaction():
                connection.commit()
            else:
                raw.commit()
            done = True
        except self._errors() as error:
            if committing and self._backing.is_lost(raw):
                raise _Unsure from error
            raise
        finally:
            if not done:
                self._undo(connection, raw)
        return result

    def _undo(self, connection: Connection, raw: Any) -> None:
        if self._backing.is_lost(raw):
            return  # the server has done it, or does when it learns of it
        with contextlib.suppress(*self._errors()):  # told by the one that came first
            connection.rollback()
        raw.rollback()

    def _errors(self) -> tuple[type[Exception], ...]:
        return (DBAPIError, OSError, *self._backing.errors)

    def _let_go_if_lost(self) -> None:
        connection = self._connection
        if connection is not None and (connection.invalidated or self._backing.is_lost(_raw(connection))):
            self._disconnect()

    def _uncertain(self, unsure: _Unsure) -> Fault:
        fault = self._backing.fault(self.schema.name, self.schema.title, _cause(unsure))
        return uncertain(self.schema.name, self.schema.title, self.place, fault.detail)

    def _connect(self) -> Connection:
        with self._backing.opening():
            try:
                notes, engine, connection = self._open_once()
            except (DBAPIError, sqlite3.DatabaseError) as error:
                if self.file is None or not self._put_aside or not is_corrupt(error):
                    raise
                moved = self.aside = move_aside(self.file)
                notes, engine, connection = self._open_once()
                said = say(
                    "{title} was damaged. It was put aside as {name}, and a new one begun.",
                    title=self.schema.title,
                    name=moved.name,
                )
                notes.insert(0, said)
        if not self._opened:  # what is opened again has nothing new to tell
            self.notes = tuple(notes)
        self._engine, self._connection, self._opened = engine, connection, True
        return connection

    def _open_once(self) -> tuple[list[str], Engine, Connection]:
        notes: list[str] = []
        with contextlib.ExitStack() as undo:
            engine = self._backing.engine(self.schema.title, notes)
            undo.callback(engine.dispose)
            connection = engine.connect()
            undo.callback(connection.close)
            raw = _raw(connection)
            self._backing.check(raw)
            try:
                self._transact(connection, self._upgrade, self._backing.writes)
            except _Unsure as unsure:  # it begins with a look at what is there
                raise _cause(unsure) from unsure
            self._backing.opened(raw)
            undo.pop_all()
        return notes, engine, connection

    def _upgrade(self, connection: Connection) -> None:
        known = self.schema.version
        self._backing.alone(_raw(connection), self.schema.name)
        _versions.create(connection, checkfirst=True)
        row = _versions.c.name == self.schema.name
        found = connection.execute(select(_versions.c.version).where(row)).scalar()
        now = int(time.time() * 1_000_000)
        if found is None:
            self.schema.tables.create_all(connection)
            row_of = {"name": self.schema.name, "version": known, "changed": now}
            connection.execute(insert(_versions).values(row_of))
            return
        if found > known:
            shared = self.file is None
            raise newer(self.schema.name, self.schema.title, self.place, found, known, shared=shared)
        for step in sorted(self.schema.upgrades, key=lambda upgrade: upgrade.version):
            if step.version > found:
                step.apply(connection)
        if found < known:
            connection.execute(update(_versions).where(row).values(version=known, changed=now))

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(*self._errors()):  # a lost one cannot say goodbye
                self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None


def alone(connection: Connection, schema: Schema) -> None:
    """Makes transactions that call this wait for each other, on databases where writers do not anyway."""
    if connection.dialect.name != "sqlite":  # where BEGIN IMMEDIATE has done it
        connection.execute(
            select(_versions.c.version).where(_versions.c.name == schema.name).with_for_update()
        )


def _nothing(_connection: Connection) -> None:
    return None


def _cause(unsure: _Unsure) -> Exception:
    return unsure.__cause__ if isinstance(unsure.__cause__, Exception) else unsure


def _raw(connection: Connection) -> Any:
    """The driver's own."""
    return connection.connection.dbapi_connection


def _backing(address: str | Path, name: str, durable: bool, patience: float | None, ballast: int) -> Backing:
    wait = _patience(address, patience)
    if is_server(address):
        return OnServer(server_url(str(address), name), durable=durable, patience=min(wait, FILE_PATIENCE))
    url = make_url(str(address)) if "://" in str(address) else URL.create("sqlite", database=str(address))
    return InFile(url, durable=durable, patience=wait, ballast=ballast)


def _patience(address: str | Path, patience: float | None) -> float:
    if patience is not None:
        return patience
    return SERVER_PATIENCE if is_server(address) else FILE_PATIENCE
