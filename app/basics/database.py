"""One SQL database and the one thread that speaks to it. SQLite by default; any other is an address.

The rooms above speak SQLAlchemy Core and hand functions of a connection to :meth:`Database.run`: each
is carried out whole or not at all, and is committed before its result is seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, TypeVar

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
    create_engine,
    event,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from app.basics.database_faults import database_fault, is_corrupt, is_full, newer
from app.basics.database_file import LOG_PAGES, Ballast, lengthen_log, move_aside, set_journal, slower_here
from app.basics.faults import Bug
from app.basics.mounts import network_file_system
from app.basics.process_lock import ProcessLock, try_lock
from app.basics.words import say

T = TypeVar("T")
_MOST_WRONG = 20

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


class _Job(NamedTuple):
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Database:
    """`address` is a file, or a SQLAlchemy URL. Opened by `open`, else by the first `run`.

    `durable`: a commit outlives a power cut (else only a crash of the program). `patience`: seconds to
    wait for another process. `ballast`: bytes kept on disk, given up when the disk is full, so that what
    has to be written down can be. `put_aside`: a damaged file is renamed, dated, and a new one begun;
    `notes` says so. Without it a damaged file is never touched.
    """

    def __init__(
        self,
        address: str | Path,
        schema: Schema,
        *,
        durable: bool = True,
        put_aside: bool = False,
        patience: float = 10.0,
        ballast: int = 0,
    ) -> None:
        self.schema = schema
        self.file = _file_of(address)
        self.notes: tuple[str, ...] = ()
        self.aside: Path | None = None
        """Where a damaged file was put by this opening."""
        self._address = address
        self._durable = durable
        self._put_aside = put_aside
        self._patience = patience
        self._ballast = Ballast(self.file, ballast)
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._closed = False
        self._engine: Engine | None = None
        self._connection: Connection | None = None

    async def open(self) -> tuple[str, ...]:
        """Opens it if it is not open yet; what a person should be told about it, if anything.

        :raises DiskTrouble: `<name>.corrupt`, `.newer`, `.locked`, `.full`, `.read-only`, `.unopenable`
        """
        await self.read(_nothing)
        return self.notes

    def run(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Carries out `work` in a transaction of its own, in the database's thread, committed on return.

        A caller that is cancelled while it waits does not stop the work. `work` may be called a second
        time where the first was undone for want of space, so it must have no effects but its statements.

        :raises DiskTrouble: as `open` does
        """
        return self._ask(lambda: self._do(work, "BEGIN IMMEDIATE"))

    def read(self, work: Callable[[Connection], T]) -> Awaitable[T]:
        """Like `run`, for work that only reads: it never waits for another process that writes."""
        return self._ask(lambda: self._do(work, "BEGIN"))

    async def check(self, *, thorough: bool = False) -> tuple[str, ...]:
        """What SQLite finds wrong with its file, in its own words; nothing where all is well, and of other
        databases. `thorough` also holds every index against its table, which takes as long as reading all."""
        return await self.read(lambda connection: _found_wrong(connection, thorough))

    async def mend_indexes(self) -> None:
        """Builds every index anew from its table."""
        await self.run(_reindex)

    async def close(self) -> None:
        """Finishes what was asked, then ends the thread. May be called twice."""
        if self._closed:
            return
        thread = self._thread
        if thread is not None:
            done = self._ask(self._disconnect)
            self._jobs.put(None)
            self._closed = True
            await done
            thread.join()
        self._closed = True

    def _ask(self, work: Callable[[], T]) -> asyncio.Future[T]:
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
        self._jobs.put(_Job(work, loop, future))
        return future

    # --- in the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = job.work()
            except BaseException as caught:  # whatever it is belongs to whoever asked and waits
                error = caught
            with contextlib.suppress(RuntimeError):  # their loop has ended; the work is done all the same
                job.loop.call_soon_threadsafe(_settle, job.future, result, error)
            del job, result, error  # a thread that waits keeps nothing alive

    def _do(self, work: Callable[[Connection], T], begin: str) -> T:
        try:
            connection = self._connection or self._connect()
            try:
                return self._transact(connection, work, begin)
            except (DBAPIError, sqlite3.Error) as error:
                if not is_full(error) or not self._ballast.give_up():
                    raise
                return self._transact(connection, work, begin)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise database_fault(self.schema.name, self.schema.title, self._place(), error) from error

    def _transact(self, connection: Connection, work: Callable[[Connection], T], begin: str) -> T:
        # Begun and ended at the driver, since SQLAlchemy's own transaction takes as long as a small commit.
        raw: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            raw.execute(begin)
        done = False
        try:
            result = work(connection)
            if connection.in_transaction():
                connection.commit()
            else:
                raw.commit()
            done = True
        finally:
            if not done:
                connection.rollback()
                raw.rollback()
        return result

    def _connect(self) -> Connection:
        with self._opening():
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
        self.notes = tuple(notes)
        self._engine, self._connection = engine, connection
        return connection

    @contextlib.contextmanager
    def _opening(self) -> Iterator[None]:
        """One process at a time opens, upgrades or puts aside; the others wait."""
        lock: ProcessLock | None = None
        if self.file is not None:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            deadline = time.monotonic() + self._patience
            while (lock := try_lock(self.file.with_name(self.file.name + ".opening"))) is None:
                if time.monotonic() > deadline:
                    raise sqlite3.OperationalError("database is locked: another process is opening it")
                time.sleep(0.005)
        try:
            yield
        finally:
            if lock is not None:
                lock.release()

    def _open_once(self) -> tuple[list[str], Engine, Connection]:
        notes: list[str] = []
        if self.file is not None and not self.file.exists():
            os.close(os.open(self.file, os.O_CREAT | os.O_RDWR, 0o600))
        with contextlib.ExitStack() as undo:
            engine = create_engine(_url_of(self._address))
            undo.callback(engine.dispose)
            if engine.dialect.name == "sqlite":
                self._prepare_sqlite(engine, notes)
            connection = engine.connect()
            undo.callback(connection.close)
            self._check(connection)
            self._transact(connection, self._upgrade, "BEGIN IMMEDIATE")
            if engine.dialect.name == "sqlite" and self._durable:
                lengthen_log(connection.connection.dbapi_connection)
            undo.pop_all()
        self._ballast.lay()
        return notes, engine, connection

    def _prepare_sqlite(self, engine: Engine, notes: list[str]) -> None:
        network = "" if self.file is None else network_file_system(self.file)

        @event.listens_for(engine, "connect")
        def connected(raw: Any, _record: object) -> None:
            raw.isolation_level = None  # transactions begin where we say, below
            raw.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")
            mode = set_journal(raw, "TRUNCATE" if network else "WAL", self._patience)
            # A rollback journal with NORMAL can lose the database itself on a power cut, so FULL there too.
            raw.execute(f"PRAGMA synchronous = {'FULL' if self._durable or mode != 'wal' else 'NORMAL'}")
            # On macOS fsync alone leaves it in the drive's own memory.
            raw.execute(f"PRAGMA fullfsync = {int(self._durable)}")
            raw.execute(f"PRAGMA secure_delete = {int(self._durable)}")  # an address that is no longer needed
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES - 50}")
            if mode != "wal" and self.file is not None:
                notes.append(slower_here(self.schema.title, network, self.file.parent))

    def _check(self, connection: Connection) -> None:
        """3 ms at 10,000 rows; finds what would otherwise be found in the middle of a purchase."""
        if connection.dialect.name != "sqlite":
            return
        found = self._transact(connection, _quick_check, "BEGIN")
        if found != "ok":
            raise sqlite3.DatabaseError(f"malformed: {found}")

    def _upgrade(self, connection: Connection) -> None:
        known = self.schema.version
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
            raise newer(self.schema.name, self.schema.title, self._place(), found, known)
        for step in sorted(self.schema.upgrades, key=lambda upgrade: upgrade.version):
            if step.version > found:
                step.apply(connection)
        if found < known:
            connection.execute(update(_versions).where(row).values(version=known, changed=now))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._engine is not None:
            self._engine.dispose()
        self._connection = self._engine = None

    def _place(self) -> str:
        return str(self.file) if self.file is not None else _url_of(self._address).render_as_string()


def alone(connection: Connection, schema: Schema) -> None:
    """Makes transactions that call this wait for each other, on databases where writers do not anyway."""
    if connection.dialect.name != "sqlite":  # where BEGIN IMMEDIATE has done it
        connection.execute(
            select(_versions.c.version).where(_versions.c.name == schema.name).with_for_update()
        )


def _nothing(_connection: Connection) -> None:
    return None


def _quick_check(connection: Connection) -> Any:
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()


def _found_wrong(connection: Connection, thorough: bool) -> tuple[str, ...]:
    if connection.dialect.name != "sqlite":
        return ()
    pragma = "integrity_check" if thorough else "quick_check"
    found = connection.exec_driver_sql(f"PRAGMA {pragma}({_MOST_WRONG})").scalars().all()
    return tuple(str(one) for one in found if one != "ok")


def _reindex(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("REINDEX").close()


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():  # the caller was cancelled
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)


def _file_of(address: str | Path) -> Path | None:
    if isinstance(address, str) and "://" in address:
        url = make_url(address)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    return Path(address)


def _url_of(address: str | Path) -> URL:
    if isinstance(address, str) and "://" in address:
        return make_url(address)
    return URL.create("sqlite", database=str(address))
