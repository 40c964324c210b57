"""A vendor that does as it is told, and counts; ledger, library and imaging beside it are the real ones."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from PIL import Image

from app.basics.faults import BadInput, Charged, Fault, Lost, Refused, Retry, Unreachable
from app.basics.money import Money
from app.catalogue.cards import Cards
from app.catalogue.reader import read_cards
from app.catalogue.request import ImageRequest
from app.document.values import Document, End, Fit, Link, Links, Node
from app.engine.engine import Engine
from app.engine.events import Event, RunFinished
from app.engine.job import Caps, Job
from app.engine.rescued import write_new
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation
from app.library.library import Library
from app.library.store import FolderStore
from app.nodes.declare import Kinds
from app.nodes.registry import build_kinds
from app.providers.contract import (
    Accepted,
    Account,
    CancelVerdict,
    Charge,
    Forgotten,
    Keeping,
    News,
    Ready,
    Ticket,
    Working,
)

CARDS: Cards = read_cards()
KINDS: Kinds = build_kinds(CARDS)
PRICE = Money(80_000)
CHARGE = Charge(money=PRICE, vendor_amount=8.0, vendor_unit="Runway credits")
LIVE = "https://vendor.test"
DRAFT = "http://127.0.0.1:1"


class QuickClock:
    """Hours pass in milliseconds: any sleep is short, and moves both clocks by its whole length."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime.fromtimestamp(1_790_000_000 + self.passed, UTC)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0.001)
        self.passed += seconds


def png(seed: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 9), (seed % 256, seed // 256 % 256, seed // 65536 % 256)).save(out, "PNG")
    return out.getvalue()


Behaviour = Fault | Exception | Callable[[], Awaitable[None]]


@dataclass(slots=True)
class FakeVendor:
    """`creates`, `looks` and `fetches` are scripts, used up from the left; an empty one does what is right.
    `jobs` are those it has accepted, and so are billed."""

    address: str = LIVE
    draft: bool = False
    id: str = "runway"
    title: str = "Runway"
    keeping: Keeping = field(
        default_factory=lambda: Keeping(
            vendor_title="Runway",
            uploads="Photographs go to Runway.",
            kept="For a day.",
            usage_page="https://usage.test",
            retention_source="",
        )
    )
    creates: deque[Behaviour] = field(default_factory=deque)
    looks: deque[News | Fault] = field(default_factory=deque)
    fetches: deque[bytes | Fault] = field(default_factory=deque)
    verdict: CancelVerdict = field(default_factory=lambda: CancelVerdict(free=True, words="Free."))
    work_seconds: float = 0.0
    jobs: dict[str, ImageRequest] = field(default_factory=dict)
    sent: list[ImageRequest] = field(default_factory=list)
    prepared: int = 0
    cancelled: list[str] = field(default_factory=list)
    looked: int = 0
    fetched: int = 0
    at_once: int = 0
    most_at_once: int = 0
    gone: bool = False
    charge: Charge | None = CHARGE
    _ids: itertools.count[int] = field(default_factory=itertools.count)

    async def prepare(self, request: ImageRequest) -> Mapping[str, str]:
        self.prepared += 1
        return {one.photograph.sha256: f"runway://{one.photograph.sha256}" for one in request.references}

    async def submit(self, request: ImageRequest, uploads: Mapping[str, str]) -> Accepted:
        self.sent.append(request)
        assert all(one.photograph.sha256 in uploads for one in request.references)
        step = self.creates.popleft() if self.creates else None
        if isinstance(step, Exception):
            if isinstance(step, Lost):
                self._accept(request)
            raise step
        if step is not None:
            await step()
        await asyncio.sleep(0)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        return Accepted(ticket=self._accept(request))

    def _accept(self, request: ImageRequest) -> Ticket:
        ticket = Ticket(vendor=self.id, id=f"job-{next(self._ids)}", address=self.address, draft=self.draft)
        self.jobs[ticket.id] = request
        return ticket

    async def look(self, ticket: Ticket) -> News:
        self.looked += 1
        if self.gone:
            raise Unreachable("No answer.", advice="We ask again.", code="runway.look", retry=Retry.LATER)
        if self.looks:
            step = self.looks.popleft()
            if isinstance(step, Fault):
                raise step
            if isinstance(step, Ready):
                self.at_once -= 1
            return step
        if ticket.id not in self.jobs:
            return Forgotten()
        if self.work_seconds:
            await asyncio.sleep(self.work_seconds)
        self.at_once -= 1
        return Ready(outputs=(f"{self.address}/{ticket.id}.png",), charge=self.charge)

    async def fetch(self, ticket: Ticket, output: str, target: Path) -> None:
        step = self.fetches.popleft() if self.fetches else png(self.jobs[ticket.id].seed or 0)
        if isinstance(step, Fault):
            raise step
        self.fetched += 1
        await asyncio.to_thread(write_new, target, step)

    async def cancel(self, ticket: Ticket) -> CancelVerdict:
        self.cancelled.append(ticket.id)
        return self.verdict

    async def account(self) -> Account:
        return Account(balance=None, unit="", concurrency={}, words="")

    async def close(self) -> None:
        return None


@dataclass(slots=True)
class FakeVendors:
    """`live` decides whether there is a key; `made_at` holds vendors by address, for old tickets."""

    bought: FakeVendor
    drafts: FakeVendor
    live: bool = True

    async def is_live(self, id: str) -> bool:
        return self.live

    async def vendor(self, id: str) -> FakeVendor:
        return self.bought if self.live else self.drafts

    async def vendor_of(self, ticket: Ticket) -> FakeVendor:
        for one in (self.bought, self.drafts):
            if one.address == ticket.address and one.draft == ticket.draft:
                return one
        if ticket.draft:
            return FakeVendor(address=ticket.address, draft=True, gone=True)
        raise BadInput("Another address.", advice="Set it back.", code="vendor.other-address")


@dataclass(slots=True)
class World:
    """An engine on a home of its own. `restart` is what a crash leaves: everything on disk, nothing else."""

    home: Path
    vendors: FakeVendors
    clock: QuickClock
    ledger: Ledger
    library: Library
    photographs: Photographs
    engine: Engine
    seeds: list[int]
    events: list[Event] = field(default_factory=list)

    @property
    def vendor(self) -> FakeVendor:
        return self.vendors.bought if self.vendors.live else self.vendors.drafts

    def job(self, document: Document, **changes: object) -> Job:
        base: dict[str, object] = {
            "document": document,
            "document_id": "shoes",
            "resolve": lambda file: self.home / file,
            "output": self.home / "out",
        }
        return Job(**{**base, **changes})  # type: ignore[arg-type]

    async def rows(self) -> tuple[Operation, ...]:
        return tuple(reversed(await self.ledger.list(1000)))


def build(home: Path, vendors: FakeVendors, clock: QuickClock) -> World:
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"), clock=clock)
    library = Library(FolderStore(home / "library"), home / "index.sqlite", clock=clock)
    photographs = Photographs(home / "cache")
    seeds: list[int] = []

    def draw() -> int:
        seeds.append(1000 + len(seeds))
        return seeds[-1]

    engine = Engine(
        ledger=ledger,
        library=library,
        photographs=photographs,
        vendors=vendors,
        kinds=KINDS,
        clock=clock,
        draw=draw,
        dice=lambda: 0.5,
    )
    return World(
        home=home,
        vendors=vendors,
        clock=clock,
        ledger=ledger,
        library=library,
        photographs=photographs,
        engine=engine,
        seeds=seeds,
    )


@asynccontextmanager
async def world(home: Path, vendors: FakeVendors | None = None) -> AsyncIterator[World]:
    known = vendors or FakeVendors(bought=FakeVendor(), drafts=FakeVendor(address=DRAFT, draft=True))
    made = build(home, known, QuickClock())
    try:
        yield made
    finally:
        await made.engine.close()
        made.photographs.close()
        await made.library.close()
        await made.ledger.close()


def document(
    nodes: Mapping[str, Node], links: Iterable[tuple[str, str] | tuple[str, str, str]] = ()
) -> Document:
    """`links` are `("words.text", "hero.prompt")`, with a tag as a third."""

    def end(text: str) -> End:
        node, socket = text.split(".")
        return End(node, socket)

    return Document(
        nodes=MappingProxyType(dict(nodes)),
        links=Links(
            tuple(
                Link(source=end(one[0]), target=end(one[1]), tag=one[2] if len(one) > 2 else "", fit=Fit())
                for one in links
            )
        ),
    )


def words(text: str = "A cup on a table") -> Node:
    return Node(kind="prompt", values={"text": text})


def photo(file: str) -> Node:
    return Node(kind="reference-image", values={"file": file})


def model(seed: int | None = None, **values: str | int) -> Node:
    return Node(kind="gen4-image", values={"seed": seed, **values})


def hero(seed: int | None = 42, text: str = "A cup on a table") -> Document:
    """One prompt, one model."""
    return document({"words": words(text), "hero": model(seed)}, [("words.text", "hero.prompt")])


def many(count: int, seed: int | None = None) -> Document:
    """One prompt feeding `count` models with different seeds (or drawn ones)."""
    nodes: dict[str, Node] = {"words": words()}
    for number in range(count):
        nodes[f"m{number}"] = model(None if seed is None else seed + number)
    return document(nodes, [("words.text", f"m{number}.prompt") for number in range(count)])


async def ran(one: World, graph: Document | None = None, **changes: object) -> RunFinished:
    """A run of `graph`, or of one prompt and one model; its events go to the world's."""
    return await one.engine.run(one.job(graph or hero(), **changes), one.events.append)


async def until(true: Callable[[], object]) -> None:
    """Returns when `true` gives something true; fails after some seconds."""
    for _ in range(3000):
        if true():
            return
        await asyncio.sleep(0.002)
    raise AssertionError("it never came true")


def lost() -> Lost:
    return Lost(
        "We sent this request, but the connection broke.",
        advice="It may have been charged.",
        code="runway.lost.reset",
        charged=Charged.UNKNOWN,
        retry=Retry.ASK,
    )


def too_many(after: float | None = None) -> Refused:
    return Refused(
        "Too many jobs.", advice="Wait.", code="runway.limit", retry=Retry.LATER, retry_after=after
    )


def refused() -> Refused:
    return Refused("Not this prompt.", advice="Change it.", code="runway.bad-request")


def not_sent() -> Unreachable:
    return Unreachable("Not reached.", advice="Run again.", code="runway.not-sent.refused", retry=Retry.NOW)


def caps(**limits: int) -> Caps:
    return Caps(**{name: Money(value) if name.endswith("money") else value for name, value in limits.items()})


__all__ = ["PRICE", "Working", "World", "build", "caps", "document", "hero", "many", "world"]
