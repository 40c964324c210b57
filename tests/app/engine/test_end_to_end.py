"""The whole way: engine, Runway's own vendor file, transport, ledger and library against the sandbox."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from app.basics.clock import SystemClock
from app.basics.faults import Lost
from app.basics.money import Money
from app.document.values import Document, Node
from app.engine.engine import Engine
from app.engine.events import Event, NodeDone, NodeRunning, RunFinished
from app.engine.job import Job
from app.engine.results import Notice
from app.imaging.photographs import Photographs
from app.journal.leases import FolderLeases
from app.journal.ledger import Ledger
from app.journal.operations import State
from app.library.library import Library
from app.library.store import FolderStore
from app.nodes.models import switch
from app.providers.contract import Ticket
from app.providers.transport import Transport
from app.providers.uploads import SessionUploads
from app.providers.vendors.runway import RunwayVendor
from app.sandbox.knobs import Knobs
from app.sandbox.order import Order
from app.sandbox.server import Sandbox, serve
from tests.app.engine.scripted import KINDS, document, hero, many, model, photo, words

REFS = Path(__file__).parents[3] / "resources" / "examples" / "refs"


def flat(order: Order) -> bytes:
    out = io.BytesIO()
    red, green, blue = order.digest()[:3]
    Image.new("RGB", (order.width, order.height), (red, green, blue)).save(out, "PNG", compress_level=1)
    return out.getvalue()


@dataclass(slots=True)
class Shops:
    """The same vendor file twice: with a key (the sandbox takes any, and bills it), and as a draft."""

    bought: RunwayVendor
    drafts: RunwayVendor
    live: bool = True

    async def is_live(self, id: str) -> bool:
        return self.live

    async def vendor(self, id: str) -> RunwayVendor:
        return self.bought if self.live else self.drafts

    async def vendor_of(self, ticket: Ticket) -> RunwayVendor:
        return self.drafts if ticket.draft else self.bought


@dataclass(slots=True)
class Studio:
    home: Path
    sandbox: Sandbox
    shops: Shops
    ledger: Ledger
    library: Library
    engine: Engine
    events: list[Event] = field(default_factory=list)

    async def run(self, graph: Document, **changes: object) -> RunFinished:
        base: dict[str, object] = {
            "document": graph,
            "document_id": "shoes",
            "resolve": lambda file: self.home / file,
            "output": self.home / "out",
        }
        job = Job(**{**base, **changes})  # type: ignore[arg-type]
        return await self.engine.run(job, self.events.append, "r")


@asynccontextmanager
async def opened(home: Path, **knobs: object) -> AsyncIterator[Studio]:
    sandbox = await serve(knobs=Knobs(**{"seconds": 0.2, **knobs}), paint=flat)  # type: ignore[arg-type]
    clock = SystemClock()
    transport = Transport(version="test")
    uploads = SessionUploads(clock)

    def shop(draft: bool) -> RunwayVendor:
        return RunwayVendor(
            address=sandbox.url,
            key="key_test",
            transport=transport,
            uploads=uploads,
            draft=draft,
            clock=clock,
        )

    shops = Shops(bought=shop(False), drafts=shop(True))
    ledger = Ledger(home / "ledger.sqlite", FolderLeases(home / "leases"))
    library = Library(FolderStore(home / "library"), home / "index.sqlite")
    photographs = Photographs(home / "cache")
    engine = Engine(ledger=ledger, library=library, photographs=photographs, vendors=shops, kinds=KINDS)
    try:
        yield Studio(home=home, sandbox=sandbox, shops=shops, ledger=ledger, library=library, engine=engine)
    finally:
        await engine.close()
        photographs.close()
        for vendor in (shops.bought, shops.drafts):
            await vendor.close()
        await transport.close()
        await library.close()
        await ledger.close()
        await sandbox.close()


def example(home: Path, **values: object) -> Document:
    files = sorted(path for path in REFS.iterdir() if path.suffix in (".jpg", ".png", ".jpeg"))[:3]
    for path in files:
        shutil.copyfile(path, home / path.name)
    tags = ("sneaker", "model", "studio")
    return document(
        {
            "words": words("Professional photo of @sneaker worn by @model in @studio setting"),
            **{tag: photo(path.name) for tag, path in zip(tags, files, strict=True)},
            "hero": model(42, **values),
            "show": Node(kind="preview"),
            "keep": Node(kind="save-image", values={"name": "final-{seed}"}),
        },
        [
            ("words.text", "hero.prompt"),
            *((f"{tag}.image", "hero.reference_images", tag) for tag in tags),
            ("hero.image", "show.image"),
            ("show.image", "keep.image"),
        ],
    )


async def test_the_example_is_made_saved_and_then_reused(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        graph = example(tmp_path)
        first = await studio.run(graph)
        assert first.failures == ()
        (result,) = first.results
        assert (result.width, result.height, result.credits, result.money) == (1920, 1080, 100, Money(80_000))
        assert result.saved == tmp_path / "out" / "final-42.png"
        assert result.saved.read_bytes() == result.path.read_bytes()
        nodes = {event.node: event.result for event in studio.events if isinstance(event, NodeDone)}
        assert set(nodes) == {"hero", "show", "keep"}
        assert nodes["show"].sha256 == nodes["keep"].sha256 == result.sha256
        assert [nodes[id].reused for id in ("show", "keep")] == [False, False], "it has just been made"
        before = studio.sandbox.stage.tally.requests
        second = await studio.run(graph)
        assert second.results[0].reused
        assert second.results[0].sha256 == result.sha256
        assert studio.sandbox.stage.tally.requests == before, "nothing was sent"
        (row,) = await studio.ledger.list()
        assert (row.state, row.charged, row.vendor_amount) == (State.SETTLED, Money(80_000), 8)


async def test_a_model_that_is_a_card_alone(tmp_path: Path) -> None:
    """Gen4 Image Turbo: no line of code knows it."""
    async with opened(tmp_path) as studio:
        graph = switch(example(tmp_path), KINDS, ("hero",), "gen4-image-turbo")
        finished = await studio.run(graph)
        (result,) = finished.results
        assert (result.width, result.height, result.money) == (1920, 1080, Money(20_000))
        (row,) = await studio.ledger.list()
        assert (row.model, row.charged, row.vendor_amount) == ("gen4_image_turbo", Money(20_000), 2)


async def test_all_ratios_and_resolutions_give_their_pixels(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        card = KINDS["gen4-image"].card
        assert card is not None
        nodes: dict[str, Node] = {"words": words()}
        for number, size in enumerate(card.sizes):
            nodes[f"m{number}"] = model(1, **size.choices)
        graph = document(nodes, [("words.text", f"m{n}.prompt") for n in range(len(card.sizes))])
        finished = await studio.run(graph)
        pixels = {result.node: (result.width, result.height) for result in finished.results}
        assert pixels == {f"m{n}": (size.width, size.height) for n, size in enumerate(card.sizes)}
        assert len(pixels) == 12


async def test_a_draft_says_so_and_gives_way_to_a_key(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        studio.shops.live = False
        draft = await studio.run(hero())
        assert draft.results[0].draft
        assert draft.money == 0
        assert [event.code for event in studio.events if isinstance(event, Notice)] == ["engine.sandbox"]
        studio.shops.live = True
        bought = await studio.run(hero())
        assert (bought.results[0].draft, bought.results[0].reused) == (False, False)


@pytest.mark.parametrize(
    "knobs",
    [
        {"reset_next": 0, "refuse_next": 2, "refuse_status": 503},
        {"refuse_next": 1, "refuse_status": 429, "retry_after": 0.2},
        {"cut_downloads_next": 1},
        {"html_downloads_next": 1},
        {"wrong_type_next": 1},
        {"refuse_polls_next": 2},
        {"lose_polls_next": 1},
        {"throttle_next": 1, "throttle_seconds": 0.2},
    ],
    ids=lambda knobs: "-".join(name for name in knobs if name.endswith("next")),
)
async def test_trouble_that_is_overcome_buys_once(tmp_path: Path, knobs: dict[str, object]) -> None:
    async with opened(tmp_path, **knobs) as studio:
        finished = await studio.run(hero())
        assert [one.fault.sentence() for one in finished.failures] == []
        assert studio.sandbox.stage.tally.accepted == 1


@pytest.mark.parametrize("knob", ["lose_next", "garble_next"])
async def test_a_lost_answer_is_unknown_on_the_wire_too(tmp_path: Path, knob: str) -> None:
    async with opened(tmp_path, **{knob: 1}) as studio:
        for _ in range(2):
            (failure,) = (await studio.run(hero())).failures
            assert isinstance(failure.fault, Lost)
        assert studio.sandbox.stage.tally.creates == 1
        assert len(await studio.ledger.unknown()) == 1


async def test_a_lost_draft_is_no_unknown(tmp_path: Path) -> None:
    async with opened(tmp_path, lose_next=1) as studio:
        studio.shops.live = False
        assert len((await studio.run(hero())).results) == 1
        assert await studio.ledger.unknown() == ()


async def test_cancelling_a_running_task_tells_what_runway_says(tmp_path: Path) -> None:
    async with opened(tmp_path, seconds=30.0) as studio:
        run = asyncio.create_task(studio.run(hero()))
        await _until(lambda: studio.sandbox.stage.tally.polls > 0)
        studio.engine.cancel("r")
        finished = await run
        assert finished.cancelled
        assert studio.sandbox.stage.tally.deletes == 1
        (row,) = await studio.ledger.list()
        assert row.state is State.CANCELLED


async def test_photographs_go_once_for_many_pictures(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        graph = example(tmp_path)
        more = {f"m{n}": model(n) for n in range(8)}
        links = [
            (str(link.source), f"m{n}.{link.target.socket}", link.tag)
            for n in range(8)
            for link in graph.links.into("hero")
        ]
        finished = await studio.run(
            document(
                {**graph.nodes, **more},
                [*((str(link.source), str(link.target), link.tag) for link in graph.links), *links],
            )
        )
        assert len(finished.results) == 9
        assert studio.sandbox.stage.tally.uploads_stored == 3
        assert studio.sandbox.stage.tally.keys_leaked == 0


async def test_a_second_picture_has_a_bar(tmp_path: Path) -> None:
    async with opened(tmp_path, seconds=0.8) as studio:
        await studio.run(many(1, seed=1))
        studio.events.clear()
        await studio.run(many(1, seed=2))
        told = [event for event in studio.events if isinstance(event, NodeRunning)]
        assert any(event.progress and event.left for event in told)


async def _until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")
