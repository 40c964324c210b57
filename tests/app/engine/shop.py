"""An engine of its own home over real vendors, each with a key: the sandbox takes any, and bills it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.basics.clock import SystemClock
from app.document.values import Document
from app.engine.engine import Engine
from app.engine.events import Event, RunFinished
from app.engine.job import Job
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.library.library import Library
from app.library.store import FolderStore
from app.providers.contract import Ticket, Vendor
from app.providers.transport import Transport
from app.sandbox.knobs import Knobs
from app.sandbox.server import Sandbox, serve
from tests.app.engine.scripted import KINDS
from tests.app.sandbox.conftest import flat_picture

Make = Callable[..., Vendor]
"""A vendor of these: address, key, transport, draft, clock."""


@dataclass(slots=True)
class Shops:
    vendors: dict[str, Vendor]

    async def is_live(self, id: str) -> bool:
        return True

    async def vendor(self, id: str) -> Vendor:
        return self.vendors[id]

    async def vendor_of(self, ticket: Ticket) -> Vendor:
        return self.vendors[ticket.vendor]


@dataclass(slots=True)
class Studio:
    home: Path
    sandbox: Sandbox
    ledger: Ledger
    engine: Engine

    def job(self, graph: Document, **changes: Any) -> Job:
        return Job(
            document=graph,
            document_id="cups",
            resolve=lambda file: self.home / file,
            output=self.home / "out",
            **changes,
        )

    async def run(self, graph: Document, **changes: Any) -> RunFinished:
        events: list[Event] = []
        return await self.engine.run(self.job(graph, **changes), events.append, "r")


@asynccontextmanager
async def opened(home: Path, *makes: Make, **knobs: object) -> AsyncIterator[Studio]:
    sandbox = await serve(knobs=Knobs(**{"seconds": 0.2, **knobs}), paint=flat_picture)  # type: ignore[arg-type]
    transport, clock = Transport(version="test"), SystemClock()
    vendors = [
        make(address=sandbox.url, key="key_test", transport=transport, draft=False, clock=clock)
        for make in makes
    ]
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"))
    library = Library(FolderStore(home / "library"), home / "index.sqlite")
    photographs = Photographs(home / "cache")
    shops = Shops({vendor.id: vendor for vendor in vendors})
    engine = Engine(ledger=ledger, library=library, photographs=photographs, vendors=shops, kinds=KINDS)
    try:
        yield Studio(home=home, sandbox=sandbox, ledger=ledger, engine=engine)
    finally:
        await engine.close()
        photographs.close()
        await transport.close()
        await library.close()
        await ledger.close()
        await sandbox.close()
