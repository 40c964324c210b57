"""Operations to write down, and ledgers to write them into: files, or a server that TAGLOOM_LEDGER names."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from sqlalchemy import make_url

from app.basics.database_server import lock_number
from app.basics.ids import new_id
from app.basics.money import Money
from app.journal.leases import FolderLeases, Leases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.journal.server_leases import ServerLeases
from tests.support.postgres import asked

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def operation(**changes: Any) -> Operation:
    values: dict[str, Any] = {
        "id": new_id(),
        "state": State.INTENDED,
        "document": "/home/ana/shoes.tagloom",
        "node": "hero",
        "title": "Hero shot",
        "card": "gen4-image",
        "vendor": "runway",
        "model": "gen4_image",
        "draft": False,
        "address": "https://api.dev.runwayml.com",
        "fingerprint": "f" * 64,
        "node_key": "n" * 64,
        "seed": 4_294_967_295,
        "request": {"prompt": "鞋 @sneaker", "references": [{"sha256": "a" * 64, "tag": "sneaker"}]},
        "estimate": Money(80_000),
        "credits": 100,
        "made": NOON,
        "changed": NOON,
    }
    return Operation(**{**values, **changes})


def shared() -> str:
    """The address of the server, which children are told by their environment too."""
    return os.environ.get("TAGLOOM_LEDGER", "")


def address_in(folder: Path) -> Path | str:
    return shared() or folder / "ledger.sqlite"


def leases_in(folder: Path) -> Leases:
    return SharedLeases(shared()) if shared() else FolderLeases(folder / "leases")


class SharedLeases(ServerLeases):
    """Closed with their ledger: tests have many, and a program one."""

    _all: ClassVar[list[ServerLeases]] = []

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._all.append(self)

    @classmethod
    def close_all(cls) -> None:
        while cls._all:
            cls._all.pop().close()


def ledger_in(folder: Path, **changes: Any) -> Ledger:
    return Ledger(address_in(folder), leases_in(folder), **changes)


def write(folder: Path, statement: str, *values: object) -> None:
    """As another process writes it; values stand as ?."""
    if shared():
        url = shared()
        with psycopg.connect(url) as other:
            other.execute(statement.replace("?", "%s").encode(), values)
        return
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as file, file:
        file.execute(statement, values)


def emptied() -> None:
    """Nothing is left on the server of what was written there."""
    if shared() and asked(shared(), "SELECT 1 FROM pg_tables WHERE schemaname = current_schema()"):
        asked(shared(), "TRUNCATE operations, uploads, waiting_list")


def leases_left(folder: Path, ids: Iterable[str]) -> set[str]:
    """Those of `ids` whose leases anybody holds."""
    if not shared():
        return {path.stem for path in (folder / "leases").iterdir()}
    schema = str(make_url(shared()).query["options"]).removeprefix("-csearch_path=").split(",")[0]
    rows = asked(
        shared(),
        "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory'",
    )
    held = {row[0] for row in rows}
    return {id for id in ids if lock_number("lease", schema, id) in held}
