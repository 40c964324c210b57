"""Runs folded into one state; another document's run does not paint on this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.basics.faults import BadInput
from app.basics.money import NOTHING, Money
from app.engine.events import Event, NodeDone, NodeFailed, NodeQueued, RunFinished, RunStarted
from app.engine.results import Result
from app.engine.run_state import NodeState
from app.studio.runs import Runs

FAULT = BadInput("No.", advice="Mend it.", code="x")


def result(sha256: str = "a", node: str = "hero", **more: object) -> Result:
    return Result(node=node, path=Path(sha256), sha256=sha256, width=4, height=3, **more)  # type: ignore[arg-type]


def started(run: str = "r") -> RunStarted:
    return RunStarted(run=run, nodes=("hero",), estimate=NOTHING, credits=0, draft=True)


def finished(run: str = "r", credits: int = 0) -> RunFinished:
    return RunFinished(
        run=run, results=(), failures=(), cancelled=False, credits=credits, money=Money(credits * 800)
    )


class Play:
    """A run whose events the test tells."""

    def __init__(self) -> None:
        self.tell: Callable[[Event], None] = lambda event: None
        self.end = asyncio.Event()

    async def __call__(self, tell: Callable[[Event], None]) -> RunFinished:
        self.tell = tell
        await self.end.wait()
        return finished()


async def begun(runs: Runs) -> tuple[Play, asyncio.Task[RunFinished]]:
    play = Play()
    task = runs.start(play)
    await asyncio.sleep(0)
    return play, task


async def test_events_are_folded_and_told() -> None:
    runs = Runs()
    heard: list[Event] = []
    runs.events.connect(heard.append)
    play, task = await begun(runs)
    assert runs.busy
    play.tell(started())
    assert runs.state.running == {"r"}
    play.tell(NodeDone(run="r", node="hero", result=result()))
    play.tell(finished(credits=100))
    assert runs.state.node("hero").state is NodeState.DONE
    assert (runs.state.running, runs.state.credits) == (frozenset(), 100)
    assert [type(one).__name__ for one in heard] == ["RunStarted", "NodeDone", "RunFinished"]
    play.end.set()
    await task
    await runs.settled()
    assert not runs.busy


async def test_a_run_of_another_document_shows_only_its_end() -> None:
    runs = Runs()
    heard: list[Event] = []
    play, task = await begun(runs)
    play.tell(started())
    runs.forget()
    assert runs.state.running == {"r"}
    assert not runs.state.nodes
    runs.events.connect(heard.append)
    play.tell(NodeDone(run="r", node="hero", result=result()))
    assert not runs.state.nodes
    play.tell(finished(credits=100))
    assert (runs.state.running, runs.state.credits) == (frozenset(), 100)
    assert [type(one).__name__ for one in heard] == ["RunFinished"]
    play.end.set()
    await task


async def test_a_run_that_starts_after_its_document_went_is_counted() -> None:
    runs = Runs()
    play, task = await begun(runs)
    runs.forget()
    play.tell(started())
    assert runs.state.running == {"r"}
    assert not runs.state.nodes
    play.tell(finished())
    assert not runs.state.running
    play.end.set()
    await task


async def test_leaving_ends_what_runs() -> None:
    runs = Runs()
    _, task = await begun(runs)
    await runs.leave()
    assert task.cancelled()
    assert not runs.busy


def shown(runs: Runs) -> tuple[NodeState, str]:
    known = runs.state.node("hero")
    return known.state, known.result.sha256 if known.result else ""


def test_a_picture_of_the_library_is_shown_as_reused() -> None:
    runs = Runs()
    told = []
    runs.changed.connect(told.append)
    runs.show({"hero": result("a", reused=True)})
    assert shown(runs) == (NodeState.REUSED, "a")
    runs.show({"hero": result("a", reused=True)})
    assert len(told) == 1  # the same again is nothing new


async def test_what_a_node_shows_stays_unless_another_picture_is_given() -> None:
    runs = Runs()
    play, task = await begun(runs)
    play.tell(NodeDone(run="r", node="hero", result=result("new", credits=100)))
    runs.show({"hero": result("new")})
    known = runs.state.node("hero")
    assert known.state is NodeState.DONE
    assert known.result is not None
    assert known.result.credits == 100
    runs.show({"hero": result("old")})  # undone to what made another picture
    assert shown(runs) == (NodeState.REUSED, "old")
    play.end.set()
    await task


async def test_a_failure_is_not_hidden_by_a_picture() -> None:
    runs = Runs()
    play, task = await begun(runs)
    play.tell(NodeFailed(run="r", node="hero", fault=FAULT))
    runs.show({"hero": result("a")})
    assert shown(runs) == (NodeState.FAILED, "a")
    assert runs.state.node("hero").fault is FAULT
    runs.clear("hero")
    assert shown(runs) == (NodeState.DONE, "a")
    assert runs.state.node("hero").fault is None
    play.end.set()
    await task


async def test_a_node_at_work_is_left_alone() -> None:
    runs = Runs()
    play, task = await begun(runs)
    play.tell(NodeQueued(run="r", node="hero", reason="waiting"))
    runs.show({"hero": result("a")})
    assert shown(runs) == (NodeState.QUEUED, "")
    play.end.set()
    await task


def test_clearing_a_node_that_showed_nothing() -> None:
    runs = Runs()
    runs.clear("hero")
    assert "hero" not in runs.state.nodes


async def test_a_fault_before_the_run_is_raised_from_its_task() -> None:
    runs = Runs()

    async def refuses(tell: Callable[[Event], None]) -> RunFinished:
        raise FAULT

    with pytest.raises(BadInput):
        await runs.start(refuses)
    assert not runs.busy
