"""One row of the fault matrix, lived through: the real engine, the vendor's own file, transport, ledger
and library against a server that misbehaves as it is told. Only the clock's sleeps are short.

Each row is lived in three processes: the run with the trouble; one that recovers when the trouble is over;
and the same document run once more, with nobody saying that an unknown may be sent again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.basics.faults import Charged, Fault, Retry
from app.compose import vendor_kinds
from app.engine.engine import Engine
from app.engine.job import Job
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import Operation, State
from app.library.library import Library
from app.library.store import FolderStore
from app.providers.clients import Patience
from app.providers.contract import Ticket, Vendor
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads
from tests.app.basics.disks import fill
from tests.app.engine.fault_vendors import PICTURE, PNG, Seller
from tests.app.engine.scripted import KINDS, QuickClock, document, words
from tests.app.providers.contract_table import KEY
from tests.app.providers.scripted import Answerer, Reply, Routes, Scripted, Seen, dead_url, scripted

Script = Answerer | Sequence[Answerer] | None
MOMENTS = ("create", "look", "picture")
QUICK = Patience(connect=2.0, read=0.6, write=2.0, pool=1.0, whole=1.2, work=0.8, download=5.0)
WHOLE = ".whole"
"""How the file of a picture ends that came inside an answer, until the library has it."""


@contextmanager
def untroubled(home: Path) -> Iterator[None]:
    yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`create`, `look` and `picture` go before the good ones; `refused`: nobody listens. `full_at`: when the
    disk is full (`start`, or one of those three); `trouble` lasts while the first process runs. `later`:
    seconds until somebody recovers, and `lasts`: the server has not mended its ways by then. The rest is what
    must come of it.

    `counted`: whether the ledger counts the price as spent, or as perhaps spent. `state` and `after`: of the
    row, when the run has ended and after recovery; None where there is no row.
    """

    group: str
    name: str
    create: Script = None
    look: Script = None
    picture: Script = None
    refused: bool = False
    jumps: tuple[float, ...] = ()
    full_at: str = ""
    trouble: Callable[[Path], AbstractContextManager[None]] = untroubled
    patience: Patience = QUICK
    later: float = 0
    lasts: bool = False
    sent: int = 1
    counted: bool = True
    shown: str = ""
    charged: Charged | None = None
    retry: Retry | None = None
    state: State | None = State.SETTLED
    after: State | None = State.SETTLED

    def routes(self, seller: Seller) -> Routes:
        return {
            seller.table.create: self.create or seller.created,
            PICTURE: self.picture or PNG,
            **({seller.table.look: self.look or seller.looks} if seller.looks else {}),
        }


PLAIN = Case(group="", name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a process said, and what lay in ledger and library when it had ended; `halves` are pieces of
    downloads left behind, `lying` whole files that no picture could be made of."""

    fault: Fault | None
    row: Operation | None = None
    rows: int = 0
    counted: int = 0
    pictures: int = 0
    halves: int = 0
    lying: tuple[Path, ...] = ()


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
    """The vendors of a person who has a key for one."""

    one: Vendor

    async def is_live(self, id: str) -> bool:
        return True

    async def vendor(self, id: str) -> Vendor:
        return self.one

    async def vendor_of(self, ticket: Ticket) -> Vendor:
        return self.one


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    home: Path
    seller: Seller
    ledger: Ledger
    library: Library
    engine: Engine

    async def run(self) -> Fault | None:
        """The fault that the one model shows, if any."""
        job = Job(
            document=document({"words": words(), "hero": self.seller.node}, [("words.text", "hero.prompt")]),
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


async def live(case: Case, seller: Seller, home: Path) -> Lived:
    create = seller.table.create
    async with scripted(case.routes(seller)) as server, _fresh_eyes(home) as look:
        if case.full_at in MOMENTS:
            _fill_at(server, {"create": create, "look": seller.table.look}.get(case.full_at, PICTURE), home)
        address = dead_url() if case.refused else server.url
        with case.trouble(home):
            said = await _lived(case, seller, home, address, Process.run)
        sent = [server.count(create)]
        (home / "filler").unlink(missing_ok=True)
        first = await look(said)
        if not case.lasts:
            server.routes = dict(PLAIN.routes(seller))
        then = replace(PLAIN, jumps=(case.later,))
        recovered = await look(await _lived(then, seller, home, server.url, Process.recover))
        sent.append(server.count(create))
        server.routes = dict(PLAIN.routes(seller))
        again = await look(await _lived(then, seller, home, server.url, Process.run))
        sent.append(server.count(create))
    return Lived(first=first, recovered=recovered, again=again, sent=(sent[0], sent[1], sent[2]))


async def _lived(case: Case, seller: Seller, home: Path, address: str, doing: Doing) -> Fault | None:
    try:
        async with _process(case, seller, home, address) as process:
            if case.full_at == "start":
                await process.ledger.open()
                await process.library.open()
                fill(home)
            return await doing(process)
    except Fault as fault:
        return fault


@asynccontextmanager
async def _process(case: Case, seller: Seller, home: Path, address: str) -> AsyncIterator[Process]:
    """A process as far as it matters: everything on disk, nothing else, is shared with the one before."""
    clock = JumpyClock(case.jumps)
    async with AsyncExitStack() as stack:
        transport = Transport(version="test", patience=case.patience)
        stack.push_async_callback(transport.close)
        ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"), clock=clock)
        ledger.database._patience = 0.3  # another process is not waited for long
        stack.push_async_callback(ledger.close)
        library = Library(FolderStore(home / "library"), home / "index.sqlite", clock=clock)
        stack.push_async_callback(library.close)
        kinds = vendor_kinds(transport, SessionUploads(clock), clock, library.temp)
        kind = next(one for one in kinds if one.id == seller.id)
        photographs = Photographs(home / "cache")
        stack.callback(photographs.close)
        engine = Engine(
            ledger=ledger,
            library=library,
            photographs=photographs,
            vendors=OneShop(kind.make(address=address, key=KEY, draft=False)),
            kinds=KINDS,
            clock=clock,
            dice=lambda: 0.5,
        )
        stack.push_async_callback(engine.close)
        yield Process(home=home, seller=seller, ledger=ledger, library=library, engine=engine)


@asynccontextmanager
async def _fresh_eyes(home: Path) -> AsyncIterator[Callable[[Fault | None], Awaitable[Told]]]:
    """Somebody who sees only what is on the disk, from the first process's end on."""
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"))
    library = Library(FolderStore(home / "library"), home / "index.sqlite")

    async def look(said: Fault | None) -> Told:
        if not (home / "ledger.sqlite").exists():
            return Told(fault=said)
        rows = await ledger.list(100)
        found = [asset for row in rows if row.asset and (asset := await library.get(row.asset))]
        whole = [asset for asset in found if await library.verify(asset)]
        left = list((home / "library" / "incoming").glob("*"))
        return Told(
            fault=said,
            row=rows[-1] if rows else None,
            rows=len(rows),
            counted=await ledger.spent(),
            pictures=len({asset.sha256 for asset in whole}),
            halves=sum(file.suffix != WHOLE for file in left),
            lying=tuple(file for file in left if file.suffix == WHOLE),
        )

    try:
        yield look
    finally:
        await library.close()
        await ledger.close()


def _fill_at(server: Scripted, route: str, home: Path) -> None:
    """The disk is full from the moment that this is asked, before it is answered."""
    usual = server.routes[route]

    def answer(seen: Seen) -> Reply:
        if not (home / "filler").exists():
            fill(home)
        one: Answerer = usual  # type: ignore[assignment]
        return one(seen) if callable(one) else one

    server.routes[route] = answer
