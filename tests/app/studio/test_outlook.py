"""What a run would mean now, which picture a node shows till then, and no draft that passes for bought."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.basics.faults import BadInput, Refused
from app.basics.money import from_usd
from app.document import edits
from app.document.values import Value
from app.engine.run_state import NodeState
from app.studio.studio import Studio
from tests.app.studio.conftest import Open
from tests.app.studio.model_node import NODE, drawn, setting, shown, yes
from tests.support.capturing import KEY, Capturing


async def test_before_anything_is_made(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    outlook = await studio.look()
    assert (outlook.to_make, outlook.reused, outlook.draft) == (1, 0, True)
    assert (outlook.credits, outlook.money) == (0, 0)
    assert not outlook.stale
    assert not outlook.results


async def test_with_a_key_it_has_a_price(opened: Open, runway: Capturing, example: Path) -> None:
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    outlook = await studio.look()
    assert (outlook.to_make, outlook.draft, outlook.credits) == (1, False, 100)
    assert outlook.money == from_usd("0.08")
    studio.commit("smaller", setting("resolution", "720p"))
    assert (await studio.look()).money == from_usd("0.05")
    assert runway.requests == []


async def test_what_was_made_is_reused_also_by_the_next_session(opened: Open, example: Path) -> None:
    studio = await drawn(opened, example)
    assert (studio.outlook.reused, studio.outlook.to_make, studio.outlook.stale) == (1, 0, frozenset())
    assert shown(studio) == (NodeState.DONE, True)
    later = await opened()
    await later.desk.open(example)
    outlook = await later.look()
    assert (outlook.reused, outlook.stale) == (1, frozenset())
    assert outlook.results[NODE].sha256 == studio.outlook.results[NODE].sha256
    assert shown(later) == (NodeState.REUSED, True)


async def test_an_old_picture_is_stale_and_undo_makes_it_fresh(opened: Open, example: Path) -> None:
    studio = await drawn(opened, example)
    studio.commit("seed", setting("seed", 7))
    outlook = await studio.look()
    assert (outlook.stale, outlook.reused, outlook.to_make) == ({NODE}, 0, 1)
    assert outlook.results[NODE].seed == 42
    await studio.run()
    assert (await studio.look()).stale == frozenset()
    studio.editor.undo()
    outlook = await studio.look()
    assert outlook.stale == frozenset()
    assert outlook.results[NODE].seed == 42
    known = studio.runs.state.node(NODE).result
    assert known is not None
    assert known.seed == 42  # what it shows is what the document now asks for


async def test_the_last_picture_is_shown_dimmed_by_the_next_session(opened: Open, example: Path) -> None:
    studio = await drawn(opened, example)
    studio.commit("seed", setting("seed", 7))
    await studio.run()
    studio.commit("seed", setting("seed", 8))
    await studio.desk.save()
    later = await opened()
    await later.desk.open(example)
    outlook = await later.look()
    assert (outlook.stale, outlook.reused, outlook.to_make) == ({NODE}, 0, 1)
    assert outlook.results[NODE].seed == 7  # the newest
    assert shown(later) == (NodeState.REUSED, True)


async def test_also_where_the_graph_cannot_run(opened: Open, example: Path) -> None:
    studio = await drawn(opened, example)
    link = studio.editor.document.links.into(NODE, "prompt")[0]
    studio.commit("cut", lambda document: edits.disconnect(document, link.source, link.target))
    await studio.desk.save()
    later = await opened()
    await later.desk.open(example)
    with pytest.raises(BadInput):
        await later.look()
    assert shown(later) == (NodeState.REUSED, True)


async def test_the_library_is_asked_once_for_a_node_that_has_nothing(
    studio: Studio, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await studio.desk.open(example)
    asked: list[str] = []
    real = studio.library.for_node

    async def counting(document: str, node: str) -> object:
        asked.append(node)
        return await real(document, node)

    monkeypatch.setattr(studio.library, "for_node", counting)
    for seed in range(4):
        studio.commit("seed", setting("seed", seed))
        await studio.look()
    assert asked == [NODE]


async def test_a_seed_that_is_drawn_is_stale_only_when_something_else_changed(
    opened: Open, example: Path
) -> None:
    studio = await drawn(opened, example, seed=None)
    assert (studio.outlook.stale, studio.outlook.to_make) == (frozenset(), 1)
    studio.commit("ratio", setting("aspect_ratio", "1:1"))
    assert (await studio.look()).stale == {NODE}
    studio.editor.undo()
    assert (await studio.look()).stale == frozenset()
    await studio.desk.save()
    later = await opened()
    await later.desk.open(example)
    assert (await later.look()).stale == frozenset()
    assert shown(later) == (NodeState.REUSED, True)


async def test_the_outlook_follows_edits_by_itself(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    seen = asyncio.Event()
    studio.outlook_changed.connect(lambda _: seen.set())
    studio.commit("again", lambda document: edits.add_node(document, "v", "preview", {}, (0, 0)))
    studio.commit("undo", lambda document: edits.remove_nodes(document, ["v"]))
    await asyncio.wait_for(seen.wait(), 5)
    assert studio.outlook.to_make == 1


async def test_a_fault_of_the_library_is_told_once_and_not_lost(
    studio: Studio, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asyncio.Queue[str]()
    studio.faults.connect(lambda fault: told.put_nowait(fault.code))

    async def broken(*args: object) -> object:
        raise Refused("The disk is gone.", advice="Plug it in.", code="disk.gone")

    monkeypatch.setattr(studio.library, "find_many", broken)
    await studio.desk.open(example)
    assert await asyncio.wait_for(told.get(), 5) == "disk.gone"


# --- drafts and bought pictures ------------------------------------------------------------------


@pytest.mark.parametrize("seed", [42, None])
async def test_a_key_that_is_added_makes_the_draft_stale_and_nothing_shows_it_as_bought(
    opened: Open, runway: Capturing, example: Path, seed: Value
) -> None:
    draft = await drawn(opened, example, seed=seed)
    await draft.desk.save()
    studio = await opened(runway.environment())
    await studio.desk.open(example)
    outlook = await studio.look()
    assert (outlook.to_make, outlook.reused, outlook.credits, outlook.draft) == (1, 0, 100, False)
    assert NODE not in outlook.results
    assert NODE not in studio.runs.state.nodes
    estimate = await studio.estimate(studio.job(None))
    assert (estimate.bought, estimate.drafts, estimate.reused) == ((NODE,), (), ())
    studio.ask = yes
    finished = await studio.run()
    [result] = finished.results
    assert (result.draft, result.reused, result.credits) == (False, False, 100)
    assert len(runway.creates) == 1


@pytest.mark.parametrize("seed", [42, None])
async def test_a_key_that_is_added_while_the_draft_is_shown(
    opened: Open, runway: Capturing, example: Path, seed: Value
) -> None:
    studio = await opened({"RUNWAYML_BASE_URL": runway.url})
    await studio.desk.open(example)
    studio.commit("seed", setting("seed", seed))
    await studio.run()
    assert shown(studio) == (NodeState.DONE, True)
    assert (await studio.look()).stale == frozenset()
    studio.keys.store("runway", KEY)
    studio.key_changed()
    outlook = await studio.look()
    assert (outlook.stale, outlook.to_make, outlook.draft) == ({NODE}, 1, False)
    assert shown(studio) == (NodeState.DONE, True)  # still marked as what it is
    studio.ask = yes
    await studio.run()
    assert (await studio.look()).stale == frozenset()
    assert shown(studio) == (NodeState.DONE, False)


async def test_without_the_key_a_bought_picture_is_not_passed_off_as_a_draft(
    opened: Open, runway: Capturing, example: Path
) -> None:
    live = await opened(runway.environment())
    await live.desk.open(example)
    live.ask = yes
    await live.run()
    studio = await opened()
    await studio.desk.open(example)
    outlook = await studio.look()
    assert (outlook.to_make, outlook.reused, outlook.draft) == (1, 0, True)
    assert NODE not in outlook.results


# --- consent and caps ----------------------------------------------------------------------------


async def test_what_cannot_run_is_said_to_be_blocked(studio: Studio, example: Path) -> None:
    await studio.desk.open(example)
    assert not (await studio.look()).blocked
    studio.commit("unlink", lambda document: edits.remove_nodes(document, ["words"]))
    with pytest.raises(BadInput):
        await studio.look()
    assert studio.outlook.blocked
    studio.editor.undo()
    assert not (await studio.look()).blocked
