"""A batch through the whole engine: document, plan, ledger, library, imaging, vendor file, transport."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from app.basics.clock import SystemClock
from app.basics.heaps import share_heaps
from app.basics.threads import take_short_turns
from app.catalogue.reader import read_cards
from app.document.values import Document, End, Link, Links, Node
from app.engine.engine import Engine
from app.engine.job import Job
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.uploads import UploadMemory
from app.library.library import Library
from app.library.store import FolderStore
from app.nodes.registry import build_kinds
from app.providers.contract import Ticket, Vendor
from app.providers.transport import Transport
from app.providers.vendors.runway import RunwayVendor
from benchmarks.batch_client import PROMPT, Lag, main, measured, photographs


class OneShop:
    """Every model is bought at the same vendor."""

    def __init__(self, runway: RunwayVendor) -> None:
        self._runway = runway

    async def is_live(self, id: str) -> bool:
        return True

    async def vendor(self, id: str) -> Vendor:
        return self._runway

    async def vendor_of(self, ticket: Ticket) -> Vendor:
        return self._runway


@asynccontextmanager
async def opened(url: str, folder: Path, ledger: Ledger | None = None) -> AsyncIterator[Engine]:
    ledger = ledger or Ledger(folder / "ledger.sqlite", FolderLeases(folder / "leases"))
    library = Library(FolderStore(folder / "library"), folder / "index.sqlite")
    prepared = Photographs(folder / "cache")
    transport = Transport(version="bench")
    runway = RunwayVendor(
        address=url,
        key="key_bench",
        transport=transport,
        uploads=UploadMemory(ledger.database),
        draft=False,
        clock=SystemClock(),
    )
    await ledger.open()
    await library.open()
    engine = Engine(
        ledger=ledger,
        library=library,
        photographs=prepared,
        vendors=OneShop(runway),
        kinds=build_kinds(read_cards()),
    )
    try:
        yield engine
    finally:
        await engine.close()
        await runway.close()
        await transport.close()
        prepared.close()
        await library.close()
        await ledger.close()


def document(jobs: int, files: Mapping[str, Path]) -> Document:
    """One prompt and three photographs, shared by all models; each has a seed of its own."""
    nodes = {tag: Node(kind="reference-image", values={"file": file.name}) for tag, file in files.items()}
    nodes["words"] = Node(kind="prompt", values={"text": PROMPT})
    links = []
    for number in range(jobs):
        id = f"shot{number}"
        nodes[id] = Node(kind="gen4-image", values={"seed": number})
        links.append(Link(source=End("words", "text"), target=End(id, "prompt")))
        links.extend(
            Link(source=End(tag, "image"), target=End(id, "reference_images"), tag=tag) for tag in files
        )
    return Document(nodes=MappingProxyType(nodes), links=Links(tuple(links)))


async def by_engine(url: str, jobs: int, folder: Path) -> dict[str, object]:
    job = Job(
        document=document(jobs, photographs(folder)),
        document_id="bench",
        resolve=lambda file: folder / file,
        output=folder / "out",
    )
    lag = Lag()
    async with opened(url, folder) as engine:

        async def work() -> int:
            watching = asyncio.create_task(lag.watch())
            finished = await engine.run(job, lambda event: None)
            watching.cancel()
            await asyncio.wait({watching})
            for failure in finished.failures[:3]:
                print(failure.fault.sentence(), failure.fault.detail, file=sys.stderr)
            return len(finished.results)

        told = await measured(work)
    told["longest_stall_ms"] = round(lag.longest * 1e3, 1)
    return told


if __name__ == "__main__":
    share_heaps()  # as the command does
    take_short_turns()
    main(by_engine)
