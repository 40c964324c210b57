"""A sender at work on its own: ledger, lanes and budget are the real ones, the vendor does as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.basics.money import Money
from app.engine.budget import Budget, Purse
from app.engine.buyer import Buyer
from app.engine.events import Event
from app.engine.fingerprint import AskedKeys
from app.engine.job import NO_CAPS, Caps
from app.engine.lanes import Lanes
from app.engine.order import Order
from app.engine.queue import Queue
from app.engine.rescued import RescuedPictures
from app.engine.sending import Sender, Sent
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.library import Library
from app.library.store import FolderStore
from tests.app.engine.scripted import CARDS, DRAFT, FakeVendor, QuickClock
from tests.app.journal.make import operation

CARD = CARDS["gen4-image"]
OFFER = CARD.offers[0]


def order(node: str = "hero", **changes: object) -> Order:
    values: dict[str, object] = {
        "run": "run-1",
        "document": "shoes",
        "node": node,
        "title": "Hero shot",
        "card": CARD,
        "offer": OFFER,
        "price": CARD.price_for({"resolution": "1080p"}),
        "values": {"resolution": "1080p"},
        "prompt": "A cup on a table",
        "references": (),
        "keys": AskedKeys(base="k"),
        "seed": 42,
    }
    return Order(**{**values, **changes})  # type: ignore[arg-type]


@dataclass(slots=True, kw_only=True)
class Desk:
    sender: Sender
    ledger: Ledger
    lanes: Lanes
    queue: Queue
    vendor: FakeVendor
    clock: QuickClock
    buyer: Buyer
    purse: Purse
    heard: list[Event] = field(default_factory=list)

    def tells(self, hear: Callable[[Event], None]) -> None:
        """From now on `hear` is told what happens, and nobody else."""
        self.buyer = replace(self.buyer, tell=hear)

    async def row(self, **changes: object) -> Operation:
        given = {"document": "shoes", "draft": self.vendor.draft, "seed": 42, "estimate": Money(80_000)}
        return await self.ledger.intend(operation(**{**given, **changes}))

    async def send(self, row: Operation) -> Sent:
        """As the purchase of one picture does."""
        wanted = order(row.node)
        async with self.sender.door(wanted, self.vendor, self.buyer) as place:
            return await self.sender.send(row, wanted, self.vendor, self.buyer, place)

    async def now(self, row: Operation) -> Operation:
        found = await self.ledger.get(row.id)
        assert found is not None
        return found

    async def state(self, row: Operation) -> State:
        return (await self.now(row)).state


@asynccontextmanager
async def desk(folder: Path, *, draft: bool = False, caps: Caps = NO_CAPS) -> AsyncIterator[Desk]:
    """Its clock has been going for five minutes."""
    clock = QuickClock()
    clock.passed = 300.0
    ledger = Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"), clock=clock)
    queue = Queue()
    lanes = Lanes(clock, queue)
    budget = Budget(ledger, clock)
    photographs = Photographs(folder / "cache")
    library = Library(FolderStore(folder / "library"), folder / "index.sqlite")
    heard: list[Event] = []
    purse = Purse(caps=caps, document="shoes")
    made = Desk(
        sender=Sender(
            ledger=ledger,
            lanes=lanes,
            budget=budget,
            preparer=photographs,
            rescued=RescuedPictures(library),
            clock=clock,
            dice=lambda: 0.5,
        ),
        ledger=ledger,
        lanes=lanes,
        queue=queue,
        vendor=FakeVendor(address=DRAFT, draft=True) if draft else FakeVendor(),
        clock=clock,
        buyer=Buyer(tell=heard.append, purse=purse, stopping=lambda: True, noted=lambda _: None),
        purse=purse,
        heard=heard,
    )
    try:
        yield made
    finally:
        await made.sender.close()
        photographs.close()
        await library.close()
        await ledger.close()
