"""A step of the ledger against a bare durable commit, and a first page of ten thousand."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from msgspec.structs import replace
from sqlalchemy import Connection, insert

from app.basics.database import Database
from app.basics.database_statements import Statements
from app.basics.ids import new_id
from app.basics.money import Money
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.journal.server_leases import ServerLeases
from app.journal.tables import operations, to_row
from app.library import index
from app.library.library import Library
from app.library.store import FolderStore
from app.library.tables import INDEX
from benchmarks.report import Report
from tests.support.postgres import BINARIES, server

OPERATIONS = 100
CHANGE = "UPDATE operations SET state = :state, changed = :changed, sent = :sent WHERE id = :id"
INSERT = (
    f"INSERT INTO operations ({', '.join(operations.c.keys())}) VALUES (:{', :'.join(operations.c.keys())})"
)
ROWS = 10_000
PAGE = 100


def run(report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="tagloom-bench-") as folder:
        asyncio.run(_run(report, Path(folder)))


async def _run(report: Report, folder: Path) -> None:
    await _transitions(report, folder)
    await _pages(report, folder)
    if BINARIES:  # else there is no PostgreSQL here
        with server(fast=False) as postgres:
            await _server_transitions(report, postgres.fresh())


async def _transitions(report: Report, folder: Path) -> None:
    """Both make the same change to a row of the same table, now the one first and now the other, so that
    what the disk is busy with meets both."""
    ledger = Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"))
    await ledger.open()
    bare = _bare(folder / "bare.sqlite", folder / "ledger.sqlite")
    ours: list[float] = []
    floor: list[float] = []
    try:
        for number in range(OPERATIONS):
            operation = _operation()
            await ledger.intend(operation)
            lease = await ledger.acquire(operation.id)
            bare.execute(INSERT, to_row(operation))
            for state in (State.SENDING, State.SUBMITTED, State.RUNNING, State.DELIVERED):
                change = to_row(replace(operation, state=state, sent=operation.made))
                if number % 2:
                    floor.append(_commit(bare, change))
                begun = time.perf_counter()
                await ledger.advance(operation.id, state)
                ours.append(time.perf_counter() - begun)
                if not number % 2:
                    floor.append(_commit(bare, change))
            if lease is not None:
                lease.release()
    finally:
        bare.close()
        await ledger.close()
    report.add(
        "ledger: one transition",
        statistics.median(ours) * 1e6,
        "µs",
        against="a bare sqlite3 commit (WAL, FULL) of the same change, taken in turns; medians",
        floor=statistics.median(floor) * 1e6,
        target=1.6,
        steps=len(ours),
    )


async def _server_transitions(report: Report, address: str) -> None:
    """As `_transitions`, on a PostgreSQL of this machine that commits to the disk."""
    leases = ServerLeases(address)
    ledger = Ledger(address, leases)
    await ledger.open()
    change = re.sub(r":(\w+)", r"%(\1)s", CHANGE)
    ours: list[float] = []
    floor: list[float] = []
    try:
        with psycopg.connect(address, autocommit=True) as bare:
            for number in range(OPERATIONS):
                operation, twin = _operation(), _operation()
                for one in (operation, twin):
                    await ledger.intend(one)
                lease = await ledger.acquire(operation.id)
                await ledger.advance(operation.id, State.SENDING)
                for state in (State.SUBMITTED, State.RUNNING, State.DELIVERED):
                    row = to_row(replace(twin, state=state, sent=twin.made))
                    if number % 2:
                        floor.append(_server_commit(bare, change, row))
                    begun = time.perf_counter()
                    await ledger.advance(operation.id, state)
                    ours.append(time.perf_counter() - begun)
                    if not number % 2:
                        floor.append(_server_commit(bare, change, row))
                if lease is not None:
                    lease.release()
    finally:
        await ledger.close()
        leases.close()
    report.add(
        "ledger: one transition on PostgreSQL",
        statistics.median(ours) * 1e6,
        "µs",
        against="a bare psycopg transaction (BEGIN, UPDATE, COMMIT) of the same change there; medians",
        floor=statistics.median(floor) * 1e6,
        target=1.6,
        steps=len(ours),
    )


def _server_commit(bare: psycopg.Connection[Any], change: str, row: dict[str, object]) -> float:
    begun = time.perf_counter()
    with bare.transaction():
        bare.execute(change.encode(), row)
    return time.perf_counter() - begun


def _commit(bare: sqlite3.Connection, change: dict[str, object]) -> float:
    begun = time.perf_counter()
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(CHANGE, change)
    bare.execute("COMMIT")
    return time.perf_counter() - begun


def _bare(file: Path, like: Path) -> sqlite3.Connection:
    """A database with the ledger's own tables and indexes, spoken to directly."""
    with contextlib.closing(sqlite3.connect(like)) as source:
        made = source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name = 'operations'"
        )
        statements = [sql for (sql,) in made]
    bare = sqlite3.connect(file, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    for statement in statements:
        bare.execute(statement)
    return bare


async def _pages(report: Report, folder: Path) -> None:
    ledger = Ledger(folder / "history.sqlite", FolderLeases(folder / "leases"))
    made = [to_row(_operation()) for _ in range(ROWS)]
    await ledger.database.run(lambda connection: connection.execute(insert(operations), made).close())
    await _fill_index(folder / "index.sqlite")
    library = Library(FolderStore(folder / "library"), folder / "index.sqlite")
    await library.open()
    try:
        await _page(report, "ledger: first page of history", lambda: ledger.list(PAGE))
        await _page(report, "library: first page", lambda: library.page(PAGE))
    finally:
        await library.close()
        await ledger.close()


async def _page(report: Report, name: str, first: Callable[[], Awaitable[Sequence[object]]]) -> None:
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        found = await first()
        times.append(time.perf_counter() - begun)
        if len(found) != PAGE:
            raise RuntimeError(f"{name}: {len(found)} rows")
    report.add(
        name,
        statistics.median(times) * 1e3,
        "ms",
        against=f"a limit of 5 ms for {PAGE} of {ROWS} results",
        floor=5.0,
        target=1.0,
        worst=max(times) * 1e3,
    )


async def _fill_index(file: Path) -> None:
    database, ready = Database(file, INDEX), Statements()

    def work(connection: Connection) -> None:
        for number in range(ROWS):
            index.enter(connection, ready, _entry(number))

    await database.run(work)
    await database.close()


def _entry(number: int) -> index.Entry:
    operation = _operation()
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    return index.Entry(
        sha256=sha256,
        suffix=".png",
        mime="image/png",
        width=1920,
        height=1080,
        bytes=2_500_000,
        made=number,
        entered=number,
        operation=operation.id,
        fingerprint=sha256,
        document=operation.document,
        node=f"hero-{number % 50}",
        card=operation.card,
        vendor=operation.vendor,
        draft=False,
        prompt=PROMPT,
        seed=number,
        credits=100,
        money=80_000,
        request=dict(operation.request),
    )


PROMPT = "Professional product photo of @sneaker worn by @model in @studio setting, dramatic lighting."


def _operation() -> Operation:
    now = datetime.now(UTC)
    references = [{"sha256": f"{number}" * 64, "tag": tag} for number, tag in enumerate(("sneaker", "model"))]
    return Operation(
        id=new_id(),
        state=State.INTENDED,
        document="/home/ana/catalogue/shoes.tagloom",
        node="hero",
        title="Hero shot",
        card="gen4-image",
        vendor="runway",
        model="gen4_image",
        draft=False,
        address="https://api.dev.runwayml.com",
        fingerprint="f" * 64,
        node_key="n" * 64,
        seed=42,
        request={"prompt": PROMPT, "references": references, "ratio": "1920:1080"},
        estimate=Money(80_000),
        credits=100,
        made=now,
        changed=now,
    )
