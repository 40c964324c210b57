"""One row of the fault matrix, lived through: the real engine, Runway's own vendor file, transport, ledger
and library against a server that misbehaves as it is told. Only the clock's sleeps are short.

Each row is lived in three processes: the run with the trouble; one that recovers when the trouble is over;
and the same document run once more, with nobody saying that an unknown may be sent again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from app.basics.faults import Charged, Fault, Retry
from app.engine.engine import Engine
from app.engine.job import Job
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.library import Library
from app.library.store import FolderStore
from app.providers.contract import Ticket
from app.providers.transport import Patience, Transport
from app.providers.uploads import SessionUploads
from app.providers.vendors.runway import RunwayVendor
from tests.app.basics.disks import fill
from tests.app.engine.scripted import KINDS, QuickClock, hero, png
from tests.app.providers.runway_bench import CREATED, KEY
from tests.app.providers.runway_table import CREATE, LOOK, SIGNED, task
from tests.app.providers.scripted import Answerer, Reply, Routes, Scripted, Seen, dead_url, scripted

QUICK = Patience(connect=2.0, read=0.6, write=2.0, pool=1.0, whole=1.2, download=5.0)
PICTURE = r"GET /out/.*"
MOMENTS: Mapping[str, str] = MappingProxyType({"create": CREATE, "look": LOOK, "picture": PICTURE})
CREDIT = 10_000
"""Micro-dollars of a Runway credit."""


def ready(seen: Seen) -> Reply:
    """A task that is done, its picture on the same server behind a signed address."""
    output = f"http://{seen.headers['host']}/out/a.png?_jwt={SIGNED}"
    return task("SUCCEEDED", output=[output], cost={"credits": 8})


GOOD: Routes = {
    CREATE: CREATED,
    LOOK: ready,
    PICTURE: Reply(body=png(42), headers={"Content-Type": "image/png"}),
}


@contextmanager
def untroubled(home: Path) -> Iterator[None]:
    yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`routes` go before the good ones; `refused`: nobody listens. `full_at`: when the disk is full (`start`,
    or one of `MOMENTS`); `trouble` lasts while the first process runs. The rest is what must come of it.

    `counted`: Runway's credits that the ledger counts as spent, or as perhaps spent. `state` and `after`: of
    the row, when the run has ended and after recovery; None where there is no row.
    """

    group: str
    name: str
    routes: Routes = field(default_factory=dict)
    refused: bool = False
    jumps: tuple[float, ...] = ()
    full_at: str = ""
    trouble: Callable[[Path], AbstractContextManager[None]] = untroubled
    patience: Patience = QUICK
    sent: int = 1
    counted: float = 8
    shown: str = ""
    charged: Charged | None = None
    retry: Retry | None = None
    state: State | None = State.SETTLED
    after: State | None = State.SETTLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a process said, and what lay in ledger and library when it had ended; `halves` are pieces of
    downloads left behind."""

    fault: Fault | None
    row: Operation | None = None
    rows: int = 0
    counted: float = 0
    pictures: int = 0
    halves: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """`sent` counts creates as the server saw them, up to the end of each process."""

    first: Told
    recovered: Told
    again: Told
    sent: tuple[int, int, int]


class JumpyClock(QuickClock):
    """The wall clock jumps whenever it is looked at; what measures durations does not."""

    def __init__(self, jumps: tuple[float, ...]) -> None:
        super().__init__()
        self._jumps = jumps or (0.0,)
        self._looked = 0

    def now(self) -> datetime:
        self._looked += 1
        return super().now() + timedelta(seconds=self._jumps[self._looked % len(self._jumps)])


@dataclass(frozen=True, slots=True)
class OneShop:
    """The vendors of a person who has a key for Runway."""

    runway: RunwayVendor

    async def is_live(self, id: str) -> bool:
        return True

    async def vendor(self, id: str) -> RunwayVendor:
        return self.runway

    async def vendor_of(self, ticket: Ticket) -> RunwayVendor:
        return self.runway


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    home: Path
    ledger: Ledger
    library: Library
    engine: Engine

    async def run(self) -> Fault | None:
        """The fault that the one model shows, if any."""
        job = Job(
            document=hero(),
            document_id="shoes",
            resolve=lambda file: self.home / file,
            output=self.home / "out",
        )
        finished = await self.engine.run(job, lambda event: None)
        return finished.failures[0].fault if finished.failures else None

    async def recover(self) -> Fault | None:
        recovered = await self.engine.recover()
        return next((fault for _, fault in (*recovered.failed, *recovered.left)), None)


Doing = Callable[[Process], Awaitable[Fault | None]]


async def live(case: Case, home: Path) -> Lived:
    async with scripted({**case.routes, **{k: v for k, v in GOOD.items() if k not in case.routes}}) as server:
        if case.full_at in MOMENTS:
            _fill_at(server, MOMENTS[case.full_at], home)
        address = dead_url() if case.refused else server.url
        with case.trouble(home):
            said = await _lived(case, home, address, Process.run)
        sent = [server.count(CREATE)]
        (home / "filler").unlink(missing_ok=True)
        first = await _looked(home, said)
        server.routes = dict(GOOD)
        recovered = await _looked(
            home, await _lived(Case(group="", name=""), home, server.url, Process.recover)
        )
        sent.append(server.count(CREATE))
        again = await _looked(home, await _lived(Case(group="", name=""), home, server.url, Process.run))
        sent.append(server.count(CREATE))
    return Lived(first=first, recovered=recovered, again=again, sent=(sent[0], sent[1], sent[2]))


async def _lived(case: Case, home: Path, address: str, doing: Doing) -> Fault | None:
    try:
        async with _process(case, home, address) as process:
            if case.full_at == "start":
                await process.ledger.open()
                await process.library.open()
                fill(home)
            return await doing(process)
    except Fault as fault:
        return fault


@asynccontextmanager
async def _process(case: Case, home: Path, address: str) -> AsyncIterator[Process]:
    """A process as far as it matters: everything on disk, nothing else, is shared with the one before."""
    clock = JumpyClock(case.jumps)
    async with AsyncExitStack() as stack:
        transport = Transport(version="test", patience=case.patience)
        stack.push_async_callback(transport.close)
        runway = RunwayVendor(
            address=address,
            key=KEY,
            transport=transport,
            uploads=SessionUploads(clock),
            draft=False,
            clock=clock,
        )
        ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"), clock=clock)
        ledger.database._patience = 0.3  # another process is not waited for long
        stack.push_async_callback(ledger.close)
        library = Library(FolderStore(home / "library"), home / "index.sqlite", clock=clock)
        stack.push_async_callback(library.close)
        photographs = Photographs(home / "cache")
        stack.callback(photographs.close)
        engine = Engine(
            ledger=ledger,
            library=library,
            photographs=photographs,
            vendors=OneShop(runway),
            kinds=KINDS,
            clock=clock,
            dice=lambda: 0.5,
        )
        stack.push_async_callback(engine.close)
        yield Process(home=home, ledger=ledger, library=library, engine=engine)


async def _looked(home: Path, said: Fault | None) -> Told:
    """With fresh eyes, and only what is on the disk."""
    if not (home / "ledger.sqlite").exists():
        return Told(fault=said)
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"))
    library = Library(FolderStore(home / "library"), home / "index.sqlite")
    try:
        rows = await ledger.list(100)
        found = [asset for row in rows if row.asset and (asset := await library.get(row.asset))]
        whole = [asset for asset in found if await library.verify(asset)]
        return Told(
            fault=said,
            row=rows[-1] if rows else None,
            rows=len(rows),
            counted=await ledger.spent() / CREDIT,
            pictures=len({asset.sha256 for asset in whole}),
            halves=len(list((home / "library" / "incoming").glob("*"))),
        )
    finally:
        await library.close()
        await ledger.close()


def _fill_at(server: Scripted, moment: str, home: Path) -> None:
    """The disk is full from the moment that this is asked, before it is answered."""
    usual = server.routes[moment]

    def answer(seen: Seen) -> Reply:
        if not (home / "filler").exists():
            fill(home)
        one: Answerer = usual  # type: ignore[assignment]
        return one(seen) if callable(one) else one

    server.routes[moment] = answer
