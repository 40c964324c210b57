"""The queue over documents and sessions: paused, put in order, cancelled, left behind and found again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.document import edits
from app.document.values import Document, End, Link
from app.engine.run_state import NodeState
from app.studio.lineup import Line, Lineup, Standing
from app.studio.studio import Studio
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import NODE

TWINS = ("one", "two", "three")


def with_twins(document: Document) -> Document:
    """Three more models with the same words and photographs, each with a seed of its own."""
    made = document
    links = list(document.links)
    for number, id in enumerate(TWINS):
        values = {**document.nodes[NODE].values, "seed": 100 + number}
        made = edits.add_node(made, id, "gen4-image", values, (900.0, 300.0 * number))
        links += [
            Link(source=one.source, target=End(id, one.target.socket), tag=one.tag)
            for one in document.links.into(NODE)
        ]
    return edits.with_links(made, links)


async def until(lineup: Lineup, standing: Standing, count: int) -> tuple[Line, ...]:
    """The lines that stand so, once there are so many."""
    async with asyncio.timeout(20):
        while True:
            found = tuple(one for one in await lineup.lines() if one.standing is standing)
            if len(found) == count:
                return found
            await asyncio.sleep(0.02)


@pytest.fixture
async def four(studio: Studio, example: Path) -> Studio:
    """A document with four models on the sandbox."""
    await studio.desk.open(example)
    studio.commit("twins", with_twins)
    await studio.desk.save()
    return studio


async def test_a_paused_queue_sends_nothing_and_goes_on_in_its_order(four: Studio) -> None:
    four.lineup.pause()
    run = four.run()
    held = await until(four.lineup, Standing.HELD, 4)
    assert {one.node for one in held} == {NODE, *TWINS}
    assert all(one.here and one.draft and one.vendor == "runway" for one in held)
    assert await four.ledger.spent(live_only=False) == 0
    assert all(one.sent is None for one in await four.ledger.unsettled())
    states = {four.runs.state.node(id).state for id in (NODE, *TWINS)}
    assert states == {NodeState.QUEUED}
    wanted = [one for one in held if one.node in ("three", "two")]
    four.lineup.to_front(one.id for one in reversed(wanted))
    assert [one.node for one in four.lineup.waiting][:2] == [one.node for one in reversed(wanted)]
    four.lineup.resume()
    finished = await run
    assert len(finished.results) == 4
    assert await four.lineup.lines() == ()


async def test_cancelled_while_it_waits_it_costs_nothing(four: Studio) -> None:
    four.lineup.pause()
    run = four.run()
    held = await until(four.lineup, Standing.HELD, 4)
    gone = next(one for one in held if one.node == "two")
    assert four.lineup.cancel(gone)
    await until(four.lineup, Standing.HELD, 3)
    four.lineup.resume()
    finished = await run
    assert {one.node for one in finished.results} == {NODE, "one", "three"}
    assert four.runs.state.node("two").state is NodeState.CANCELLED
    assert not four.lineup.cancel(gone), "it has ended"


async def test_what_waits_when_the_window_closes_is_shown_by_the_next_session(
    opened: Open, example: Path
) -> None:
    studio = await opened()
    await studio.desk.open(example)
    studio.commit("twins", with_twins)
    await studio.desk.save()
    studio.lineup.pause()
    run = studio.run()
    await until(studio.lineup, Standing.HELD, 4)
    await studio.close()
    with pytest.raises(asyncio.CancelledError):
        await run
    later = await opened()
    left = await until(later.lineup, Standing.LEFT, 4)
    assert {one.node for one in left} == {NODE, *TWINS}
    assert {one.document for one in left} == {str(example)}
    assert left[0].document_name == "shoes.tagloom"
    assert not any(one.here for one in left)
    await later.recover()
    assert len(await until(later.lineup, Standing.LEFT, 4)) == 4, "nothing of it goes by itself"
    await later.lineup.dismiss(left[:1])
    assert await until(later.lineup, Standing.LEFT, 3) == left[1:]


async def test_a_failure_stays_until_it_is_run_again(opened: Open, example: Path) -> None:
    studio = await opened({}, "fail_next=1")
    await studio.desk.open(example)
    await studio.run()
    (failed,) = await until(studio.lineup, Standing.FAILED, 1)
    assert (failed.node, failed.document) == (NODE, str(example))
    assert failed.fault is not None
    assert failed.operation
    await studio.run()
    assert await studio.lineup.lines() == ()


async def test_a_run_in_front_goes_before_what_waits(four: Studio) -> None:
    four.lineup.pause()
    first = four.run(("one", "two"))
    await until(four.lineup, Standing.HELD, 2)
    second = four.run(("three",), front=True)
    held = await until(four.lineup, Standing.HELD, 3)
    assert held[0].node == "three"
    four.lineup.resume()
    assert len((await first).results) + len((await second).results) == 3


async def test_what_waits_for_its_sandbox_stands_in_the_queue_already(
    opened: Open, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = await opened()
    await studio.desk.open(example)

    async def starts_for_long(id: str) -> object:
        return await asyncio.Event().wait()

    monkeypatch.setattr(studio._registry, "vendor", starts_for_long)
    run = studio.run()
    (waits,) = await until(studio.lineup, Standing.WAITING, 1)
    assert (waits.node, waits.draft, waits.vendor) == (NODE, True, "runway")
    await studio.close()
    with pytest.raises(asyncio.CancelledError):
        await run
    later = await opened()
    assert [one.node for one in await until(later.lineup, Standing.LEFT, 1)] == [NODE]
