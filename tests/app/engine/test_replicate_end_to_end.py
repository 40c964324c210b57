"""Gen4 Image by its second road, the whole way: the node says the vendor, and nobody else ever does."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from app.basics.clock import SystemClock
from app.basics.faults import Lost, Refused
from app.basics.money import NOTHING
from app.document.values import Document, Node, Value
from app.journal.operations import State
from app.providers.uploads import SessionUploads
from app.providers.vendors.replicate import ReplicateVendor
from app.providers.vendors.runway import RunwayVendor
from tests.app.engine import shop
from tests.app.engine.scripted import document, photo, words
from tests.app.engine.shop import Studio


def opened(home: Path, **knobs: object) -> AbstractAsyncContextManager[Studio]:
    """Both roads."""
    uploads = SessionUploads(SystemClock())
    roads = (partial(vendor, uploads=uploads) for vendor in (RunwayVendor, ReplicateVendor))
    return shop.opened(home, *roads, **knobs)


def graph_of(home: Path, count: int = 0, **values: Value) -> Document:
    nodes: dict[str, Node] = {
        "words": words("A cup"),
        "hero": Node(kind="gen4-image", values={"seed": 7, "vendor": "replicate", **values}),
    }
    links = [("words.text", "hero.prompt")]
    for number in range(count):
        noise = Image.effect_noise((1600, 1200 + number), 90)
        noise.save(home / f"{number}.jpg", quality=92)
        nodes[f"p{number}"] = photo(f"{number}.jpg")
        links.append((f"p{number}.image", "hero.reference_images"))
    return document(nodes, links)


async def test_three_references_by_replicate(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        graph = graph_of(tmp_path, 3, aspect_ratio="21:9", resolution="1080p")
        finished = await studio.run(graph)
        assert finished.failures == ()
        (result,) = finished.results
        assert (result.width, result.height) == (2112, 912)
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.vendor, row.model) == (State.SETTLED, "replicate", "runwayml/gen4-image")
        assert (row.estimate, row.charged) == (None, None)  # Replicate tells no price, so nobody does
        assert (result.credits, result.money, finished.credits, finished.money) == (100, None, 100, None)
        tally = studio.sandbox.stage.tally
        assert (tally.creates, tally.accepted, tally.uploads_stored, tally.keys_leaked) == (1, 1, 3, 0)
        again = await studio.run(graph)
        assert [one.reused for one in again.results] == [True]
        assert (again.credits, again.money) == (0, NOTHING)
        assert tally.creates == 1


async def test_auto_is_the_maker(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        assert (await studio.run(graph_of(tmp_path, vendor="auto"))).failures == ()
        (row,) = await studio.ledger.list(10)
        assert row.vendor == "runway"


@pytest.mark.parametrize("vendor", ["auto", "runway", "replicate"])
async def test_after_an_unknown_nobody_else_is_asked(tmp_path: Path, vendor: str) -> None:
    async with opened(tmp_path, lose_next=1) as studio:
        graph = graph_of(tmp_path, vendor=vendor)
        for _ in range(2):
            (failure,) = (await studio.run(graph)).failures
            assert isinstance(failure.fault, Lost)
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.charged) == (State.UNKNOWN, None)
        assert row.vendor == ("replicate" if vendor == "replicate" else "runway")
        assert studio.sandbox.stage.tally.creates == 1


@pytest.mark.parametrize("seed", [7, None])
@pytest.mark.parametrize("first", ["auto", "replicate"])
async def test_another_vendor_is_no_way_around_an_unknown(
    tmp_path: Path, first: str, seed: int | None
) -> None:
    """It may have been bought: that is decided first, whoever is chosen for the next."""
    second = "replicate" if first == "auto" else "runway"
    async with opened(tmp_path, lose_next=1) as studio:
        for vendor in (first, second):
            (failure,) = (await studio.run(graph_of(tmp_path, vendor=vendor, seed=seed))).failures
            assert isinstance(failure.fault, Lost)
        (row,) = await studio.ledger.list(10)
        assert row.vendor == ("runway" if first == "auto" else "replicate")
        assert studio.sandbox.stage.tally.creates == 1
        graph = graph_of(tmp_path, vendor=second, seed=seed)
        assert (await studio.run(graph, retry_unknown=True)).failures == ()
        assert studio.sandbox.stage.tally.creates == 2


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_auto_stays_with_the_maker_who_refuses(tmp_path: Path, status: int) -> None:
    async with opened(tmp_path, refuse_next=1, refuse_status=status) as studio:
        (failure,) = (await studio.run(graph_of(tmp_path, vendor="auto"))).failures
        assert failure.fault.code.startswith("runway.")
        assert {row.vendor for row in await studio.ledger.list(10)} == {"runway"}


@pytest.mark.parametrize(("status", "creates"), [(429, 2), (503, 1), (402, 1)])
async def test_what_is_sent_again(tmp_path: Path, status: int, creates: int) -> None:
    async with opened(tmp_path, refuse_next=1, refuse_status=status, retry_after=0) as studio:
        finished = await studio.run(graph_of(tmp_path))
        assert bool(finished.failures) is (creates == 1)
        assert studio.sandbox.stage.tally.creates == creates


async def test_moderation_ends_the_row_and_its_cost_is_not_known(tmp_path: Path) -> None:
    async with opened(tmp_path, moderated_words=("cup",)) as studio:
        (failure,) = (await studio.run(graph_of(tmp_path))).failures
        assert failure.fault.code == "replicate.moderated"
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.charged) == (State.FAILED, None)


async def test_a_picture_after_its_hour_is_gone_and_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path, output_seconds=0.0) as studio:
        (failure,) = (await studio.run(graph_of(tmp_path))).failures
        assert isinstance(failure.fault, Refused)
        assert failure.fault.code == "replicate.picture-gone"
        assert "one hour" in failure.fault.title
        (row,) = await studio.ledger.list(10)
        assert row.state is State.FAILED
        assert studio.sandbox.stage.tally.creates == 1
