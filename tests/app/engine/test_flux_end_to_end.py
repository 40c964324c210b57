"""Flux 2 Pro at its limits, the whole way: engine, BFL's own vendor file, ledger and library, the sandbox."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from PIL import Image

from app.basics.faults import Lost, Refused
from app.basics.money import Money
from app.document.values import Document, Node
from app.journal.operations import State
from app.providers.vendors.bfl import BflVendor
from app.studio.entries import entry_of
from tests.app.engine import shop
from tests.app.engine.scripted import document, photo, words
from tests.app.engine.shop import Studio


def opened(home: Path, **knobs: object) -> AbstractAsyncContextManager[Studio]:
    return shop.opened(home, BflVendor, **knobs)


def graph_of(home: Path, count: int, **values: str) -> Document:
    """Photographs of 6 megapixels, each of its own content."""
    nodes: dict[str, Node] = {
        "words": words("A cup"),
        "hero": Node(kind="flux-2-pro", values={"seed": 7, **values}),
    }
    links = [("words.text", "hero.prompt")]
    for number in range(count):
        Image.radial_gradient("L").resize((3000, 2000 + number)).save(home / f"{number}.jpg")
        nodes[f"p{number}"] = photo(f"{number}.jpg")
        links.append((f"p{number}.image", "hero.reference_images"))
    return document(nodes, links)


async def test_eight_references_and_four_megapixels(tmp_path: Path) -> None:
    async with opened(tmp_path) as studio:
        graph = graph_of(tmp_path, 8, aspect_ratio="1:1", resolution="4MP")
        estimate = await studio.engine.estimate(studio.job(graph))
        assert (estimate.money, estimate.credits) == (Money(195_000), 120)
        finished = await studio.run(graph)
        assert finished.failures == ()
        (result,) = finished.results
        assert (result.width, result.height) == (2048, 2048)
        with Image.open(result.path) as picture:
            assert picture.format == "PNG"
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.estimate, row.charged) == (State.SETTLED, 195_000, 195_000)
        assert (row.vendor_amount, row.vendor_unit) == (19.5, "BFL credits")
        assert entry_of(row).drift is None
        tally = studio.sandbox.stage.tally
        assert (tally.creates, tally.accepted, tally.keys_leaked) == (1, 1, 0)
        again = await studio.run(graph)
        assert [one.reused for one in again.results] == [True]
        assert tally.creates == 1


async def test_a_lost_answer_is_unknown_and_never_sent_again(tmp_path: Path) -> None:
    async with opened(tmp_path, lose_next=1) as studio:
        graph = graph_of(tmp_path, 1)
        for _ in range(2):
            (failure,) = (await studio.run(graph)).failures
            assert isinstance(failure.fault, Lost)
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.estimate, row.charged) == (State.UNKNOWN, 60_000, None)
        assert studio.sandbox.stage.tally.creates == 1


async def test_moderation_ends_the_row_and_counts_until_its_charge_is_known(tmp_path: Path) -> None:
    async with opened(tmp_path, moderated_words=("cup",)) as studio:
        (failure,) = (await studio.run(graph_of(tmp_path, 0))).failures
        assert isinstance(failure.fault, Refused)
        assert failure.fault.code == "bfl.moderated.request"
        (row,) = await studio.ledger.list(10)
        assert (row.state, row.charged) == (State.FAILED, None)
        assert row.may_cost


@pytest.mark.parametrize("status", [429, 503])
async def test_what_was_surely_not_taken_is_sent_again(tmp_path: Path, status: int) -> None:
    async with opened(tmp_path, refuse_next=1, refuse_status=status, retry_after=0) as studio:
        assert (await studio.run(graph_of(tmp_path, 0))).failures == ()
        assert (studio.sandbox.stage.tally.creates, studio.sandbox.stage.tally.accepted) == (2, 1)
