"""Each step once, after its inputs; failures and cancels stay in their branch; the loop is never held."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.basics.faults import BadInput, Bug, Fault
from app.engine.scheduler import NOT_STARTED, Ending, Outcome, Scheduler, Stopped


def fault() -> Fault:
    return BadInput("No.", advice="Another.", code="test")


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    size = draw(st.integers(1, 30))
    parents: dict[str, list[str]] = {}
    for number in range(size):
        above = draw(st.lists(st.integers(0, number - 1), max_size=4)) if number else []
        parents[f"n{number}"] = [f"n{one}" for one in above]
    order = draw(st.permutations(list(parents)))
    return {id: parents[id] for id in order}


KINDS = st.sampled_from(["quick", "waits", "fails", "fails later", "stops", "breaks"])


def below(parents: Mapping[str, list[str]], start: str) -> set[str]:
    found = {start}
    while True:
        more = {id for id, above in parents.items() if found & set(above)} - found
        if not more:
            return found
        found |= more


@settings(max_examples=200, deadline=None)
@given(graphs(), st.data())
def test_each_step_once_after_its_inputs_and_failures_stay_below(
    parents: dict[str, list[str]], data: st.DataObject
) -> None:
    does = {id: data.draw(KINDS, label=id) for id in parents}
    begun: list[str] = []
    done: set[str] = set()
    told: list[str] = []

    def begin(id: str) -> Coroutine[object, object, None] | None:
        assert set(parents[id]) <= done, "after its inputs"
        begun.append(id)
        if does[id] == "fails":
            raise fault()
        if does[id] == "quick":
            done.add(id)
            return None
        return later(id)

    async def later(id: str) -> None:
        await asyncio.sleep(0)
        match does[id]:
            case "fails later":
                raise fault()
            case "stops":
                raise Stopped("Charged.")
            case "breaks":
                raise KeyError(id)
        done.add(id)

    def tell(id: str, outcome: Outcome) -> None:
        told.append(id)

    outcomes = asyncio.run(Scheduler(parents, begin, tell).run())
    assert sorted(told) == sorted(parents), "each end is told once"
    assert len(begun) == len(set(begun))
    bad = {id for id in begun if does[id] not in ("quick", "waits")}
    lost = set().union(*(below(parents, id) for id in bad)) if bad else set()
    assert {id for id, one in outcomes.items() if one.ending is Ending.DONE} == set(parents) - lost
    for id, one in outcomes.items():
        if one.because:
            assert one.because in bad
            assert id in below(parents, one.because)
            assert one.ending is outcomes[one.because].ending
    for id in bad:
        expected = Ending.CANCELLED if does[id] == "stops" else Ending.FAILED
        assert outcomes[id].ending is expected
        if does[id] == "breaks":
            assert isinstance(outcomes[id].fault, Bug)


def test_a_chain_of_five_thousand_needs_no_recursion() -> None:
    parents = {f"n{n}": [f"n{n - 1}"] if n else [] for n in range(5000)}
    seen: list[str] = []
    asyncio.run(Scheduler(parents, seen.append).run())
    assert seen == list(parents)


def test_a_failure_at_the_top_of_a_long_chain_reaches_its_end() -> None:
    parents = {f"n{n}": [f"n{n - 1}"] if n else [] for n in range(5000)}

    def begin(id: str) -> None:
        raise fault()

    outcomes = asyncio.run(Scheduler(parents, begin).run())
    assert len(outcomes) == 5000
    assert outcomes["n4999"].because == "n0"


async def test_waiting_steps_run_side_by_side() -> None:
    together, most = 0, 0

    async def wait() -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.01)
        together -= 1

    await Scheduler({f"n{n}": [] for n in range(50)}, lambda id: wait()).run()
    assert most == 50


async def test_the_loop_is_given_back_while_much_is_quick() -> None:
    gaps: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0)
            gaps.append(time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)

    def begin(id: str) -> None:
        until = time.perf_counter() + 0.0005
        while time.perf_counter() < until:
            pass

    await Scheduler({f"n{n}": [] for n in range(400)}, begin).run()
    watching.cancel()
    await asyncio.wait({watching})
    assert len(gaps) > 15, "200 ms of work in place is cut into slices"
    assert sorted(gaps)[-3] < 0.03


async def test_cancelling_one_takes_what_is_below_and_no_more() -> None:
    parents = {"a": [], "b": ["a"], "c": ["b"], "d": []}
    hold = asyncio.Event()

    async def wait(id: str) -> None:
        if id == "a":
            await hold.wait()

    scheduler = Scheduler(parents, wait)
    running = asyncio.create_task(scheduler.run())
    await asyncio.sleep(0.01)
    assert scheduler.cancel("a")
    assert not scheduler.cancel("d"), "it has ended"
    assert not scheduler.cancel("nobody")
    outcomes = await running
    assert [outcomes[id].ending for id in "abcd"] == [Ending.CANCELLED] * 3 + [Ending.DONE]
    assert outcomes["c"].because == "a"


async def test_cancelling_a_step_that_waits_ends_it_at_once() -> None:
    hold = asyncio.Event()
    scheduler = Scheduler({"a": [], "b": ["a"], "c": ["b"]}, lambda id: hold.wait())
    running = asyncio.create_task(scheduler.run())
    await asyncio.sleep(0)
    assert scheduler.cancel("b")
    assert scheduler.outcomes["b"] == Outcome(ending=Ending.CANCELLED, words=NOT_STARTED)
    hold.set()
    outcomes = await running
    assert [outcomes[id].ending for id in "abc"] == [Ending.DONE, Ending.CANCELLED, Ending.CANCELLED]


async def test_cancel_all_waits_for_what_tidies_up() -> None:
    tidied: list[str] = []

    async def careful(id: str) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)
            tidied.append(id)
            raise Stopped("Charged.") from None

    scheduler = Scheduler({"a": [], "b": [], "c": ["a"]}, careful)
    running = asyncio.create_task(scheduler.run())
    await asyncio.sleep(0.01)
    scheduler.cancel_all()
    outcomes = await running
    assert sorted(tidied) == ["a", "b"]
    assert (outcomes["a"].words, outcomes["c"].words) == ("Charged.", NOT_STARTED)


async def test_cancelled_from_outside_it_leaves_no_task() -> None:
    scheduler = Scheduler({f"n{n}": [] for n in range(5)}, lambda id: asyncio.sleep(60))
    running = asyncio.create_task(scheduler.run())
    await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(asyncio.all_tasks()) == 1
    assert {one.ending for one in scheduler.outcomes.values()} == {Ending.CANCELLED}


async def test_a_circle_is_said() -> None:
    with pytest.raises(Bug) as raised:
        await Scheduler({"a": ["b"], "b": ["a"], "c": []}, lambda id: None).run()
    assert raised.value.code == "scheduler.circle"


async def test_parents_outside_the_graph_and_named_twice_do_not_hold_it() -> None:
    seen: list[str] = []
    await Scheduler({"a": [], "b": ["a", "a", "elsewhere"]}, seen.append).run()
    assert seen == ["a", "b"]
