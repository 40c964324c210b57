"""Rows in the ledger of this test's home, as an earlier session left them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.basics.places import find_places
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from tests.app.journal.test_ledger import brought_to


def ledger_at(home: Path) -> Ledger:
    places = find_places({"TAGLOOM_HOME": str(home)}).ensure()
    return Ledger(places.ledger, FolderLeases(places.leases))


def wrote(home: Path, state: State, **changes: object) -> str:
    """A new row in `state`; its id."""

    async def write() -> str:
        ledger = ledger_at(home)
        try:
            return await brought_to(ledger, state, **changes)
        finally:
            await ledger.close()

    return asyncio.run(write())


def row(home: Path, id: str) -> Operation:
    async def read() -> Operation | None:
        ledger = ledger_at(home)
        try:
            return await ledger.get(id)
        finally:
            await ledger.close()

    found = asyncio.run(read())
    assert found is not None
    return found
