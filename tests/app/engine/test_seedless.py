"""A model that takes no seed: asked the same by the same inputs, and what it made stands for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.basics.faults import Charged, Lost, Refused, Retry
from app.basics.money import NOTHING, Money
from app.document.values import Document, Node
from app.engine.engine import Engine
from app.journal.operations import State
from app.studio.outlook import outlook_of, result_of
from tests.app.engine.scripted import World, document, lost, ran, words, world

PRICE = Money(40_000)


def seedream(text: str = "A cup on a table", **values: object) -> Document:
    return document(
        {"words": words(text), "hero": Node(kind="seedream-4-5", values=values)},  # type: ignore[arg-type]
        [("words.text", "hero.prompt")],
    )


async def bought(one: World, graph: Document) -> tuple[str, ...]:
    return (await one.engine.estimate(one.job(graph))).bought


async def test_the_same_inputs_are_bought_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.charge = None
        first = await ran(one, seedream())
        assert (first.results[0].seed, first.money, first.credits) == (None, PRICE, 0)
        assert one.seeds == [], "none is drawn"
        assert one.vendor.sent[0].seed is None
        second = await ran(one, seedream())
        assert (second.results[0].reused, second.money) == (True, NOTHING)
        assert second.results[0].sha256 == first.results[0].sha256
        assert await bought(one, seedream()) == ()
        row = (await one.rows())[0]
        assert (row.seed, row.fingerprint) == (None, row.node_key)
        assert len(one.vendor.sent) == 1
    async with world(tmp_path, one.vendors) as again:
        assert (await ran(again, seedream())).results[0].reused is True
        assert len(again.vendor.sent) == 1, "nor by another process"


async def test_anything_else_is_another_picture(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, seedream())
        for graph in (seedream("A mug"), seedream(resolution="4K"), seedream(aspect_ratio="1:1")):
            assert await bought(one, graph) == ("hero",)
        assert await bought(one, seedream(resolution="2K", vendor="auto")) == ()


async def test_another_take_is_another_picture_and_asks_the_vendor_the_same(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        first, second = await ran(one, seedream()), await ran(one, seedream(take=2))
        assert (first.results[0].reused, second.results[0].reused) == (False, False)
        asked = [(sent.prompt, sent.seed) for sent in one.vendor.sent]
        assert asked[0] == asked[1]
        again = [await ran(one, seedream(take=take)) for take in (1, 2)]
        assert [finished.results[0].reused for finished in again] == [True, True]
        assert len(one.vendor.sent) == 2


async def test_a_seed_from_another_model_says_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, seedream())
        assert await bought(one, seedream(seed=42)) == ()
        assert (await ran(one, seedream(seed=42))).results[0].seed is None


async def test_two_at_once_buy_one(tmp_path: Path) -> None:
    graph = document(
        {"words": words(), "a": Node(kind="seedream-4-5"), "b": Node(kind="seedream-4-5")},
        [("words.text", "a.prompt"), ("words.text", "b.prompt")],
    )
    async with world(tmp_path) as one:
        finished = await ran(one, graph)
        assert len({result.sha256 for result in finished.results}) == 1
        assert len(one.vendor.sent) == 1


async def test_a_lost_answer_is_asked_about_and_not_sent_again(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        one.vendor.creates.append(lost())
        assert isinstance((await ran(one, seedream())).failures[0].fault, Lost)
        assert isinstance((await ran(one, seedream())).failures[0].fault, Lost)
        assert len(one.vendor.sent) == 1
        finished = await ran(one, seedream(), retry_unknown=True)
        assert len(finished.results) == 1
        assert len(one.vendor.sent) == 2


async def test_a_picture_shown_is_old_once_its_inputs_change(tmp_path: Path) -> None:
    async with world(tmp_path) as one:
        await ran(one, seedream())
        (asset,) = await one.library.for_node("shoes", "hero")
        shown = {"hero": result_of("hero", asset)}
        for graph, old in ((seedream(), frozenset()), (seedream("A mug"), frozenset({"hero"}))):
            estimate = await one.engine.estimate(one.job(graph))
            assert outlook_of(estimate, shown, {"hero": False}, draft=False).stale == old


def gone() -> Refused:
    return Refused(
        "The picture was kept for 24 hours, and they are over.",
        advice="One picture was charged.",
        code="byteplus.picture-gone",
        charged=Charged.YES,
        retry=Retry.ASK,
    )


async def test_a_picture_that_is_gone_for_good_ends_its_row(tmp_path: Path) -> None:
    """Paid, and not to be had: said once, and the next run may have it made anew."""
    async with world(tmp_path) as one:
        one.vendor.fetches.append(gone())
        (failure,) = (await ran(one, seedream())).failures
        assert failure.fault.code == "byteplus.picture-gone"
        (row,) = await one.rows()
        assert (row.state, row.fault_code) == (State.FAILED, "byteplus.picture-gone")
        assert row.charged is not None
        assert len((await ran(one, seedream())).results) == 1


@pytest.mark.parametrize("fault", [gone()])
async def test_it_is_said_at_the_next_start_too(tmp_path: Path, fault: Refused) -> None:
    async with world(tmp_path) as one:
        one.vendor.work_seconds = 30
        run = asyncio.create_task(ran(one, seedream()))
        while not one.vendor.looked:  # noqa: ASYNC110 - the vendor knows no event
            await asyncio.sleep(0.002)
        run.cancel()
        await asyncio.wait({run})
        one.vendor.work_seconds = 0
    async with world(tmp_path, one.vendors) as again:
        again.vendor.fetches.append(fault)
        assert isinstance(again.engine, Engine)
        recovered = await again.engine.recover()
        assert [found.code for _, found in recovered.failed] == ["byteplus.picture-gone"]
        assert (await again.engine.recover()).failed == (), "and once"
