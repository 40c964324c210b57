"""What can still be read of a damaged ledger: its rows from both ends, as far as the damage."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from app.basics.database import Database
from app.journal import queries
from app.journal.operations import Operation
from app.journal.tables import COLUMNS, operations, to_operation, to_row

_NAMES = ", ".join(column.name for column in COLUMNS)


async def salvage(ledger: Database) -> int:
    """Takes in again what can be read of the damaged file that `ledger.open` put aside; how many operations.
    What was under way is then followed as ever."""
    if ledger.aside is None:
        return 0
    found = await asyncio.to_thread(readable, ledger.aside)

    def work(connection: Connection) -> int:
        known = set(connection.execute(select(operations.c.id)).scalars())
        rows = [to_row(one) for one in found if one.id not in known]
        if rows:
            connection.execute(queries.NEW, rows)
        return len(rows)

    return await ledger.run(work)


def readable(file: Path) -> tuple[Operation, ...]:
    """The operations of a damaged file, oldest first. It is only read: a copy of it is opened, since opening
    would write its log into it. Blocks."""
    rows: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="tagloom-") as folder:
        copy = Path(folder) / "ledger.sqlite"
        for end in ("", "-wal"):
            with contextlib.suppress(OSError):
                shutil.copyfile(file.with_name(file.name + end), copy.with_name(copy.name + end))
        for way in ("ASC", "DESC"):
            for row in _rows(copy, way):
                rows.setdefault(str(row[0]), row)
    return tuple(one for id in sorted(rows) if (one := _operation(rows[id])) is not None)


def _rows(file: Path, way: str) -> Iterator[Any]:
    """Until the first that cannot be read."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file)) as connection:
        yield from connection.execute(f"SELECT {_NAMES} FROM operations ORDER BY rowid {way}")


def _operation(row: Any) -> Operation | None:
    """None where its content is damaged."""
    try:
        return to_operation(row)
    except (ValueError, TypeError, KeyError, OverflowError):  # msgspec's errors are ValueErrors
        return None
