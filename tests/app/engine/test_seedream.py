"""The whole way of a synchronous vendor: engine, ModelArk's own vendor file, ledger and library against the
sandbox. The answer to the create is the picture's address, good for a day; nobody can be asked anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.basics.clock import SystemClock
from app.basics.faults import Lost
from app.basics.money import NOTHING, Money
from app.document.values import Document, Node
from app.engine.engine import Engine
from app.engine.events import Event, RunFinished
from app.engine.job import Job
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.library.library import Library
from app.library.store import FolderStore
from app.providers.contract import Ticket
from app.providers.transport import Transport
from app.providers.vendors.byteplus import ByteplusVendor
from app.sandbox.knobs import Knobs
from app.sandbox.server import Sandbox, serve
from tests.app.engine.scripted import KINDS, document, photo, until, words
from tests.app.sandbox.conftest import flat_picture

PRICE = Money(40_000)


@dataclass(slots=True)
class Shop:
    """One vendor file, with a key or as a draft."""

    vendor_: ByteplusVendor

    async def is_live(self, id: str) -> bool:
        return not self.vendor_.draft

    async def vendor(self, id: str) -> ByteplusVendor:
        return self.vendor_

    async def vendor_of(self, ticket: Ticket) -> ByteplusVendor:
        return self.vendor_


@dataclass(slots=True)
class Process:
    """One process of Tagloom on a home; the sandbox outlives it."""

    home: Path
    vendor: ByteplusVendor
    ledger: Ledger
    library: Library
    engine: Engine
    events: list[Event] = field(default_factory=list)

    async def run(self, graph: Document, **changes: Any) -> RunFinished:
        job = Job(
            document=graph,
            document_id="shoes",
            resolve=lambda file: self.home / file,
            output=self.home / "out",
            **changes,
        )
        return await self.engine.run(job, self.events.append)


@asynccontextmanager
async def process(home: Path, sandbox: Sandbox, *, draft: bool = False) -> AsyncIterator[Process]:
    transport = Transport(version="test")
    clock = SystemClock()
    vendor = ByteplusVendor(
        address=sandbox.url, key="key_test", transport=transport, draft=draft, clock=clock
    )
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"))
    library = Library(FolderStore(home / "library"), home / "index.sqlite")
    photographs = Photographs(home / "cache")
    engine = Engine(
        ledger=ledger, library=library, photographs=photographs, vendors=Shop(vendor), kinds=KINDS
    )
    try:
        yield Process(home=home, vendor=vendor, ledger=ledger, library=library, engine=engine)
    finally:
        await engine.close()
        photographs.close()
        await transport.close()
        await library.close()
        await ledger.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    one = await serve(knobs=Knobs(seconds=0.05), paint=flat_picture)
    yield one
    await one.close()


def graph(home: Path, references: int = 14) -> Document:
    nodes: dict[str, Node] = {
        "words": words("A still life of all that is in the pictures"),
        "hero": Node(kind="seedream-4-5", values={"resolution": "4K", "aspect_ratio": "1:1"}),
        "keep": Node(kind="save-image"),
    }
    links = [("words.text", "hero.prompt"), ("hero.image", "keep.image")]
    for at in range(references):
        Image.new("RGB", (320, 20 + 10 * at), (at * 15, 90, 60)).save(home / f"p{at}.jpg")
        nodes[f"p{at}"] = photo(f"p{at}.jpg")
        links.append((f"p{at}.image", "hero.reference_images"))
    return document(nodes, links)


async def test_fourteen_references_and_4k_are_bought_once(tmp_path: Path, sandbox: Sandbox) -> None:
    async with process(tmp_path, sandbox) as one:
        finished = await one.run(graph(tmp_path))
        assert finished.failures == ()
        (result, *_) = finished.results
        assert (result.width, result.height, result.seed, finished.money) == (4096, 4096, None, PRICE)
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["hero.jpg"]
        (row,) = await one.ledger.list(10)
        assert (row.state, row.charged, row.vendor_amount, row.vendor_unit) == (
            State.SETTLED,
            PRICE,
            1.0,
            "pictures",
        )
        again = await one.run(graph(tmp_path))
        assert (again.money, again.results[0].reused) == (NOTHING, True)
    tally = sandbox.stage.tally
    assert (tally.creates, tally.accepted, tally.downloads, tally.keys_leaked) == (1, 1, 1, 0)


async def test_what_died_before_the_picture_was_home_is_fetched_for_free(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching = asyncio.Event()

    async def never(ticket: Ticket, output: str, target: Path) -> None:
        fetching.set()
        await asyncio.sleep(3600)

    async with process(tmp_path, sandbox) as one:
        monkeypatch.setattr(one.vendor, "fetch", never)
        run = asyncio.create_task(one.run(graph(tmp_path)))
        await fetching.wait()
        run.cancel()
        await asyncio.wait({run})
        (row,) = await one.ledger.list(10)
        assert row.state is State.SUBMITTED
        assert "key_test" not in str(row.ticket)
    async with process(tmp_path, sandbox) as another:
        ((_, asset),) = (await another.engine.recover()).brought
        assert (asset.width, asset.height) == (4096, 4096)
        assert (await another.ledger.list(10))[0].charged == PRICE
        assert (await another.run(graph(tmp_path))).money == NOTHING
        (row,) = await another.ledger.list(10)
        assert row.ticket is not None
        assert row.ticket["look_at"] == "", "the address is forgotten with its use"
    assert (sandbox.stage.tally.creates, sandbox.stage.tally.accepted) == (1, 1)


@pytest.mark.parametrize(
    "knobs", [{"lose_next": 1}, {"garble_next": 1}, {"refuse_next": 1, "refuse_status": 500}]
)
async def test_a_lost_answer_is_unknown_and_never_sent_again(
    tmp_path: Path, sandbox: Sandbox, knobs: dict[str, object]
) -> None:
    sandbox.stage.board.turn(knobs)
    async with process(tmp_path, sandbox) as one:
        for _ in range(2):
            (failure, *_) = (await one.run(graph(tmp_path, 1))).failures
            assert isinstance(failure.fault, Lost)
        assert sandbox.stage.tally.creates == 1
        assert [row.state for row in await one.ledger.list(10)] == [State.UNKNOWN]
        finished = await one.run(graph(tmp_path, 1), retry_unknown=True)
        assert finished.money == PRICE
    assert sandbox.stage.tally.creates == 2


async def test_a_limit_is_waited_for(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.stage.board.turn({"refuse_next": 1, "refuse_status": 429, "retry_after": 0.05})
    async with process(tmp_path, sandbox) as one:
        assert (await one.run(graph(tmp_path, 1))).money == PRICE
    assert (sandbox.stage.tally.creates, sandbox.stage.tally.accepted) == (2, 1)


async def test_moderation_costs_nothing_and_says_where(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.stage.board.turn({"moderated_words": ("still life",)})
    async with process(tmp_path, sandbox) as one:
        (failure, *_) = (await one.run(graph(tmp_path, 1))).failures
        assert (failure.fault.code, failure.fault.where.socket) == ("byteplus.safety.input.text", "prompt")
        sandbox.stage.board.turn({"moderated_words": (), "fail_next": 1})
        (failure, *_) = (await one.run(graph(tmp_path, 1))).failures
        assert failure.fault.code == "byteplus.safety.output"
        rows = await one.ledger.list(10)
        assert {row.state for row in rows} == {State.REFUSED, State.FAILED}
        assert await one.ledger.spent() == NOTHING


async def test_a_draft_whose_sandbox_is_gone_is_made_anew(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching = asyncio.Event()

    async def never(ticket: Ticket, output: str, target: Path) -> None:
        fetching.set()
        await asyncio.sleep(3600)

    async with process(tmp_path, sandbox, draft=True) as one:
        with monkeypatch.context() as patch:
            patch.setattr(one.vendor, "fetch", never)
            run = asyncio.create_task(one.run(graph(tmp_path, 1)))
            await fetching.wait()
            run.cancel()
            await asyncio.wait({run})
        sandbox.stage.tasks.forget()
        finished = await one.run(graph(tmp_path, 1))
        assert finished.failures == ()
        assert (finished.money, finished.results[0].draft) == (NOTHING, True)
    assert sandbox.stage.tally.accepted == 2


async def test_stopping_does_not_lose_what_is_being_made(tmp_path: Path, sandbox: Sandbox) -> None:
    """The create is waited for: there is no other way to learn of the picture."""
    sandbox.stage.board.turn({"seconds": 0.5})
    async with process(tmp_path, sandbox) as one:
        run = asyncio.create_task(one.run(graph(tmp_path, 1)))
        await until(lambda: sandbox.stage.tally.accepted)
        run.cancel()
        await asyncio.wait({run})
        assert [row.state for row in await one.ledger.list(10)] == [State.SUBMITTED]
        assert len((await one.engine.recover()).brought) == 1
    assert sandbox.stage.tally.accepted == 1
